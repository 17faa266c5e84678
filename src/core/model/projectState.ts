import { type TaskTurns, turnsAfter, turnsAgain } from "./agentTurn";
import {
  agentResumedEvent,
  commandEndedEvent,
  notShownEvent,
  type Outcome,
  parkedEvent,
  restartEvent,
  retryEvent,
  sessionSeenEvent,
  stateWrongEvent,
} from "./entryKinds";
import { type ContextEntry, needsHuman, refOf } from "./entry";
import { isAboutKeyboard, noteKeyboard } from "./heldKeyboard";
import { applyLimit, type Limits } from "./limitState";
import { isOfFormer, noteIdentity, noteReady, noteSensed } from "./sessionFields";
import { hasEnded, isLiving, type SessionState, type TaskState, taskStates } from "./states";
import { parseLogicalName } from "./names";
import { noteHighlight } from "./highlights";
import { applyProject, type ProjectFields } from "./projectFields";
import {
  applyDelivery,
  applyEscalation,
  type QuestionState,
  settle,
  settleAskedIn,
  waitSentence,
} from "./questionState";
import type { SessionContext } from "./session";
import { deniedState, isDenialTakenBack, isDenied, isSessionState, sessionStateAfter } from "./sessionStateAfter";
import type { TaskSummary } from "./snapshot";
import { noteUnsent } from "./unsentText";

/** A task as the record knows it. */
export interface TaskRecord extends TaskSummary {
  /** Hash of the definition that ran last; null when it never started. */
  definition: string | null;
  reason: string;
  /** Who wants it tried again; absent once whoever runs the project has said that it does. */
  retried_by?: string;
  /** Where its present try begins or goes on: the first step that is not done. */
  from_step: number;
  /** How often it was restarted since somebody began it, and when the next try begins at the earliest. */
  restarts?: number;
  not_before?: string;
  /** The task about which a person is asked, for whose answer it was left, until it begins again. */
  parked_by?: string;
  /** Its command went on running when it was done. */
  kept?: boolean;
  /** What became of its prompts; absent where none was sent. */
  turns?: TaskTurns;
  /** Roles that have a note about its present end. */
  handed: readonly string[];
  /** Its newest command of a step, and that command's result when there is one. */
  command: ContextEntry | undefined;
  result: ContextEntry | undefined;
}

/** Who runs the project, by the newest claim in the record. */
export interface LeaseRecord {
  readonly holder: string;
  readonly host: string;
  readonly pid: number;
  readonly started_at: string;
  readonly generation: number;
  readonly entry_id: string;
}

/**
 * All that the entries of one project say, for the engine and every view. Filled by `applyEntry` in the record's order.
 */
export interface ProjectState extends QuestionState, ProjectFields {
  readonly sessions: Map<string, SessionContext>;
  /** Sessions that somebody wants to be started anew and that no runner has started since, with who asked, by name. */
  readonly restarts: Map<string, ContextEntry>;
  readonly tasks: Map<string, TaskRecord>;
  /** Commands without a result, by command_id. */
  readonly openCommands: Map<string, ContextEntry>;
  /** Commands that keep running after their task was done, by command_id. */
  readonly stillRunning: Map<string, ContextEntry>;
  /** Of the open ones, those that the runner sent Ctrl-C to, and what they end as for it. */
  readonly interrupted: Map<string, Outcome>;
  readonly limits: Limits;
  /** Hand-over notes that somebody is still to receive, by entry id, oldest first. */
  readonly undelivered: Map<string, ContextEntry>;
  /** Of these, the ones that already stand in their receiver's terminal, by entry id. */
  readonly shown: Set<string>;
  /** What was sent to a session without Enter and is still at its prompt, as far as the record tells; by its name. */
  readonly unsent: Map<string, string>;
  /** What a person would want to read, newest last. */
  readonly highlights: ContextEntry[];
  lease: LeaseRecord | undefined;
  /** The highest generation that was ever claimed. */
  leaseGeneration: number;
  /** How often runners said that they still run the project when they were asked. */
  leaseRenewals: number;
  entries: number;
}

const movesOn: readonly TaskState[] = ["running", "succeeded", "skipped", "pending"];

export function emptyProjectState(): ProjectState {
  return {
    status: "planned",
    goal: "",
    name: undefined,
    archived: false,
    endReason: undefined,
    sessions: new Map(),
    restarts: new Map(),
    tasks: new Map(),
    openCommands: new Map(),
    stillRunning: new Map(),
    interrupted: new Map(),
    limits: new Map(),
    escalations: new Map(),
    questions: new Map(),
    undelivered: new Map(),
    shown: new Set(),
    unsent: new Map(),
    highlights: [],
    lease: undefined,
    leaseGeneration: 0,
    leaseRenewals: 0,
    handedOver: undefined,
    entries: 0,
  };
}

function includes<T extends string>(list: readonly T[], value: string | undefined): value is T {
  return value !== undefined && (list as readonly string[]).includes(value);
}

function applyTask(state: ProjectState, entry: ContextEntry): void {
  if (!entry.task_id || !includes<TaskState>(taskStates, entry.state)) return;
  const known = state.tasks.get(entry.task_id);
  const running = entry.event === "started";
  // A later runner goes on with the same try: what it has typed counts.
  const begins = running && !(known?.state === "running" && known.attempts === entry.attempt);
  const folder = running ? entry.cwd : known?.cwd;
  // Whoever begins it anew forgets them.
  const anew = entry.state === "pending" && entry.step === undefined;
  const restarts = entry.restarts ?? (anew ? 0 : (known?.restarts ?? 0));
  // All of it is done again: what was said before counts for nothing.
  const turns = anew && entry.attempt === 0 ? undefined : known?.turns;
  const parked_by = entry.event === parkedEvent ? refOf(entry, "asked") : undefined;
  const ended = entry.state !== "pending" && entry.state !== "ready" && entry.state !== "running";
  state.tasks.set(entry.task_id, {
    id: entry.task_id,
    role: entry.role ?? known?.role ?? "",
    state: entry.state,
    attempts: entry.attempt ?? known?.attempts ?? 0,
    exit_code: entry.exit_code !== undefined ? entry.exit_code : begins ? null : (known?.exit_code ?? null),
    session_name: entry.session_name ?? known?.session_name ?? null,
    started_at: startOf(entry, known, begins),
    ended_at: ended ? entry.ts : null,
    definition: entry.definition ?? known?.definition ?? null,
    reason: entry.reason ?? "",
    ...(folder === undefined ? {} : { cwd: folder }),
    ...(restarts === 0 ? {} : { restarts }),
    ...(turns === undefined ? {} : { turns: anew ? turnsAgain(turns) : turns }),
    ...(known?.kept === true && !begins ? { kept: true } : {}),
    ...(entry.not_before === undefined ? {} : { not_before: entry.not_before }),
    ...(parked_by === undefined ? {} : { parked_by }),
    ...(entry.event === retryEvent ? { retried_by: entry.actor } : {}),
    from_step: entry.step ?? 0,
    handed: begins ? [] : (known?.handed ?? []),
    command: begins ? undefined : known?.command,
    result: begins ? undefined : known?.result,
  });
  const questions = state.questions.get(entry.task_id) ?? [];
  for (const each of questions) if (each.answer) each.applied ??= entry;
  // A question about a task is over when the task moves on by itself.
  if (movesOn.includes(entry.state)) {
    for (const escalation of questions) {
      if (escalation.settled) continue;
      // What a person allowed stays allowed until the task is over.
      if (entry.state === "running" && escalation.entry.kind === "approval_needed" && escalation.answer) continue;
      settle(state, escalation);
    }
  }
}

/** Its first try, counted from where a person last had it done again: what came before is another piece of work. */
function startOf(entry: ContextEntry, known: TaskRecord | undefined, begins: boolean): string | null {
  if (entry.event === retryEvent) return null;
  if (begins && entry.attempt === 1) return entry.ts;
  return known?.started_at ?? (entry.event === "started" ? entry.ts : null);
}

function applyTurn(task: TaskRecord, entry: ContextEntry, command?: ContextEntry): void {
  const turns = turnsAfter(task.turns, entry, command);
  if (turns) task.turns = turns;
}

function sessionOf(state: ProjectState, entry: ContextEntry): SessionContext | undefined {
  const name = entry.session_name;
  if (!name) return undefined;
  let session = state.sessions.get(name);
  if (!session && entry.kind === "session") {
    session = {
      session_name: name,
      project_id: entry.project_id,
      agent_id: null,
      role: entry.role ?? parseLogicalName(name)?.role ?? "",
      state: "starting",
      next_action: "",
      last_signal: "",
      updated_at: entry.ts,
    };
    state.sessions.set(name, session);
  }
  return session;
}

/** What was found on its screen, or how it ended: that a command runs on, or what somebody wrote, is no news beside it. */
function hasOwnReason(session: SessionContext): boolean {
  return !isLiving(session) || ["waiting", "limited", "failed", "unclear"].includes(session.state);
}

function applyToSession(state: ProjectState, entry: ContextEntry): void {
  const session = sessionOf(state, entry);
  if (!session || isOfFormer(session, entry)) return;
  if (entry.kind === "session" && entry.event === sessionSeenEvent && session.state !== "done_unseen") return;
  if (entry.kind === "session") {
    noteIdentity(session, entry);
    noteKeyboard(session, entry);
  }
  noteReady(session, entry);
  const before = session.state;
  session.state = sessionStateAfter(session, entry);
  const kindBefore = session.state_kind;
  if ((entry.kind === "session" || entry.kind === "state") && isSessionState(entry.state)) {
    session.last_signal = entry.text;
    noteSensed(session, entry);
    if (hasEnded(session.state) || entry.event === commandEndedEvent) session.next_action = "";
  } else if (entry.kind === "command") {
    noteSensed(session, entry);
    session.next_action = entry.text;
    session.task_id = entry.task_id ?? null;
  } else if (entry.kind === "result") {
    if (entry.outcome !== "still_running") session.next_action = "";
    if (session.state !== before || !hasOwnReason(session)) session.last_signal = entry.text;
    noteResult(session, entry, before);
  } else if (entry.event === stateWrongEvent) {
    const denies = isDenied({ ...session, state: before }, entry) && !isDenialTakenBack(session, entry);
    if (denies || session.state !== before) {
      const denied = deniedState(session, entry);
      session.last_signal = entry.text;
      noteSensed(session, entry);
      if (denies) session.denied = denied;
    }
  } else if (entry.kind === "heartbeat" || entry.kind === "note") {
    if (!hasOwnReason(session)) session.last_signal = entry.text;
  } else if (needsHuman(entry)) {
    session.next_action = waitSentence(entry);
  }
  if (session.state !== before || session.state_kind !== kindBefore || session.state_since === undefined)
    session.state_since = entry.ts;
  // What a person's keys did before they gave back the keyboard is no part of the record.
  if (!isAboutKeyboard(entry)) session.updated_at = entry.ts;
  if (before === "waiting" && session.state !== "waiting") settleAskedIn(state, session.session_name);
}

/** A prompt that a person has denied may stand on behind a command whose end nobody knows, as after a runner's. */
function noteResult(session: SessionContext, entry: ContextEntry, before: SessionState): void {
  const { denied } = session;
  if (session.state !== before) noteSensed(session, entry);
  if (entry.outcome === "unknown" && denied) session.denied = denied;
  else if (entry.outcome !== "still_running" && entry.outcome !== "not_sent") delete session.denied;
}

/** What a person has ended, or what is gone with its server, is not to be ended any more, and runs no more. */
function applyRestart({ restarts, stillRunning }: ProjectState, entry: ContextEntry): void {
  const { session_name, event, actor } = entry;
  if (session_name === null) return;
  if (event === "starting" || event === "ended" || event === "lost" || event === "failed")
    for (const [id, command] of stillRunning) if (command.session_name === session_name) stillRunning.delete(id);
  if (event === restartEvent) restarts.set(session_name, entry);
  // Whoever asks while it begins already wants the one that begins.
  else if (
    event === "starting" ||
    event === "created" ||
    event === "failed" ||
    event === "lost" ||
    (event === "ended" && actor !== "engine")
  )
    restarts.delete(session_name);
}

/** Takes one more entry into the state; entries must come in the record's order, each once. */
export function applyEntry(state: ProjectState, entry: ContextEntry): void {
  state.entries++;
  if (isOutdated(state, entry)) return;
  if (entry.kind === "project") {
    applyProject(state, entry);
  } else if (entry.kind === "task") {
    applyTask(state, entry);
  } else if (entry.kind === "command" && entry.command_id) {
    state.openCommands.set(entry.command_id, entry);
    const task = state.tasks.get(entry.task_id ?? "");
    if (task && entry.step !== undefined) {
      task.command = entry;
      task.result = undefined;
      applyTurn(task, entry);
    }
  } else if (entry.kind === "result" && entry.command_id) {
    const command = state.openCommands.get(entry.command_id) ?? entry;
    const note = refOf(command, "entry");
    if (note !== undefined && entry.outcome === "exited" && state.undelivered.has(note)) state.shown.add(note);
    state.openCommands.delete(entry.command_id);
    state.interrupted.delete(entry.command_id);
    const task = state.tasks.get(entry.task_id ?? "");
    if (task?.command?.command_id === entry.command_id) {
      task.result = entry;
      applyTurn(task, entry, command);
    }
    if (entry.outcome === "still_running") {
      state.stillRunning.set(entry.command_id, command);
      if (task) task.kept = true;
    }
  } else if (entry.kind === "state" && entry.event === commandEndedEvent && entry.command_id) {
    state.stillRunning.delete(entry.command_id);
  } else if (entry.kind === "state" && entry.event === "interrupting" && entry.command_id) {
    state.interrupted.set(entry.command_id, entry.outcome ?? "interrupted");
  } else if (entry.kind === "state" && entry.event === agentResumedEvent) {
    const task = state.tasks.get(entry.task_id ?? "");
    if (task) applyTurn(task, entry);
  } else if (entry.kind === "handoff") {
    state.undelivered.set(entry.id, entry);
    const task = state.tasks.get(entry.task_id ?? "");
    if (task && entry.actor === "engine") task.handed = [...task.handed, entry.to ?? ""];
  } else if (entry.kind === "note" && entry.event === notShownEvent) {
    state.undelivered.delete(refOf(entry, "entry") ?? "");
  } else if (entry.kind === "delivery") {
    const about = refOf(entry, "entry") ?? "";
    state.undelivered.delete(about);
    state.shown.delete(about);
    applyDelivery(state, entry, about);
  } else if (entry.kind === "lease") {
    applyLease(state, entry);
  } else if (entry.kind === "session") {
    applyRestart(state, entry);
  }
  applyLimit(state.limits, state.tasks, entry);
  noteUnsent(state.unsent, entry);
  applyEscalation(state, entry);
  applyToSession(state, entry);
  noteHighlight(state.highlights, entry);
}

/** Written by a runner, or for one, whose place another had taken by then: it counts for nothing. */
function isOutdated(state: ProjectState, entry: ContextEntry): boolean {
  return entry.kind !== "lease" && entry.generation !== undefined && entry.generation < state.leaseGeneration;
}

function applyLease(state: ProjectState, entry: ContextEntry): void {
  if (entry.event === "released") {
    if (state.lease && state.lease.generation === entry.generation && state.lease.holder === entry.holder)
      state.lease = undefined;
    return;
  }
  const generation = entry.generation ?? 0;
  if (entry.event === "renewed" && generation === state.lease?.generation) state.leaseRenewals++;
  // The first claim of a generation in the record's order wins.
  if (entry.event !== "claimed" || !entry.holder || generation <= state.leaseGeneration) return;
  state.leaseGeneration = generation;
  state.lease = {
    holder: entry.holder,
    host: entry.host ?? "",
    pid: entry.pid ?? 0,
    started_at: entry.started_at ?? "",
    generation,
    entry_id: entry.id,
  };
}

/** Open questions, the one that blocks the oldest work first. */
export function openEscalations(state: ProjectState): ContextEntry[] {
  return [...state.escalations.values()].filter((each) => !each.settled && !each.answer).map((each) => each.entry);
}
