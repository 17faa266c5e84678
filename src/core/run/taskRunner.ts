import { abortable, deferred } from "../base/async";
import type { EntryDraft } from "../model/entry";
import { agentResumedEvent } from "../model/entryKinds";
import { hasCode, OrchestratorError } from "../model/errors";
import { shortSession } from "../model/names";
import type { Plan, PlanRole, PlanTask } from "../model/plan";
import type { Clock, Folders } from "../ports/machine";
import { writeHandoffs } from "../people/handoffs";
import type { OpenRecord } from "../record/projectRecord";
import { durationText, withoutStop } from "../model/sentences";
import { shownFolder } from "../model/shownFolder";
import type { OpenSession } from "../session/openSession";
import { checkRole, checksApart } from "../session/checkRole";
import { RoleHeld } from "../session/roleGate";
import type { SessionPool } from "../session/sessionPool";
import type { Approval } from "../safety/consent";
import { type AttemptResult, blockedBy, forbidden, ownSteps, triesOf } from "./attempt";
import type { AttemptRunner, CheckSessions } from "./attemptRunner";
import type { PromptAttempt } from "./promptAttempt";
import { recordedWork } from "./recordedWork";
import type { RunningCommands } from "./runningCommands";
import { backoffBefore } from "./schedule";
import type { TaskEntries } from "./taskEntries";
import type { TaskRestarts } from "./taskRestarts";
import type { Resume } from "./taskStanding";

/** Nothing more can be typed or written down after these. */
const endsTheRun = [
  "disk_full",
  "ledger_unwritable",
  "ledger_unsafe",
  "server_unreachable",
  "driven_elsewhere",
] as const;

const notContinued = "the agent that was started again could not continue its conversation";

/** A session that ends between two tasks is replaced without a word; this often, then something is wrong. */
const sessionTries = 3;

export interface TaskRequest {
  readonly task: PlanTask;
  readonly role: PlanRole;
  readonly cwd: string;
  readonly resume: Resume | undefined;
  readonly approvals: ReadonlyMap<number, Approval>;
  readonly signal: AbortSignal;
}

/** What stays between two tries of one task. */
interface Kept {
  /** The session that has the conversation with its agent. */
  session: OpenSession | undefined;
}

interface Attempted {
  readonly result: AttemptResult;
  readonly session_name: string;
  /** When it began in its session, by the monotonic clock. */
  readonly begun: number;
}

/** One task to its end: a session for each try, pauses between them, and what is written down of it. */
export class TaskRunner {
  constructor(
    private readonly record: OpenRecord,
    private readonly clock: Clock,
    private readonly folders: Folders,
    private readonly pool: SessionPool,
    private readonly attempts: AttemptRunner,
    private readonly prompts: Pick<PromptAttempt, "tellLeft">,
    /** What becomes of commands that keep running. */
    private readonly commands: { readonly running: RunningCommands; readonly restarts: TaskRestarts },
    private readonly entries: TaskEntries,
    private readonly plan: Plan,
    private readonly workspace: string,
  ) {}

  /** What has become of the task then stands in the record. Throws what ends the whole run. */
  async run(request: TaskRequest): Promise<void> {
    const kept: Kept = { session: undefined };
    try {
      await this.#run(request, kept);
    } finally {
      if (kept.session) this.pool.release(kept.session, "free", request.signal);
    }
  }

  async #run(request: TaskRequest, kept: Kept): Promise<void> {
    const { task, signal } = request;
    let resume = await this.#resume(request);
    const { not_before } = this.record.state.tasks.get(task.id) ?? {};
    if (not_before !== undefined) await this.#pause(Date.parse(not_before) - this.clock.now(), signal);
    if (signal.aborted) return;
    const began = resume?.started_at;
    let begun = began == null ? undefined : this.clock.monotonic() - Math.max(0, this.clock.now() - Date.parse(began));
    for (let attempt = resume?.attempt ?? 1; ; attempt++) {
      const outcome = resume?.verdict
        ? { ...resume.verdict, begun: this.clock.monotonic() }
        : await this.#attempt(request, attempt, resume?.step ?? 0, kept);
      resume = undefined;
      if (!outcome) return;
      begun ??= outcome.begun;
      const { result, session_name } = outcome;
      const more: Partial<EntryDraft> = { attempt, exit_code: result.exit_code, session_name };
      if (result.state === "succeeded")
        return this.#succeeded(request, outcome, attempt, this.clock.monotonic() - begun);
      // Nobody stopped it, and nothing of it runs: the next run goes on where it is, in a new session.
      if (result.state === "interrupted" && hasCode(signal.reason, "server_unreachable")) return;
      if (result.state === "interrupted") {
        await this.entries.task(task, "cancelled", "cancelled", `${task.id} was cancelled: ${result.reason}.`, more);
        return;
      }
      if (result.parked !== undefined) return this.entries.parked(task, result.parked, attempt, session_name);
      if (result.ask) return this.entries.askApproval(task, result.ask, { attempt, step: result.ask.step });
      if (result.agentEnded === true) {
        const why = await this.#resumed(request, session_name, kept);
        if (why !== undefined)
          return this.entries.giveUp(task, { ...result, reason: `${result.reason}; ${why}` }, session_name, attempt);
        attempt--;
        continue;
      }
      if (!mayTryAgain(task, result, attempt)) {
        if (result.state === "failed" && (await this.commands.restarts.again(task, result, session_name, attempt)))
          return;
        return this.entries.giveUp(task, result, session_name, attempt);
      }
      // An agent is told at once what its check showed.
      const pause = task.prompt === undefined ? backoffBefore(attempt, task.retries.backoff_ms) : 0;
      const next = `Try ${attempt + 1} of ${triesOf(task)} starts${pause > 0 ? ` in ${durationText(pause)}` : " now"}.`;
      await this.entries.task(task, "retrying", "ready", `${task.id} failed: ${result.reason}. ${next}`, {
        ...more,
        reason: result.reason,
      });
      await this.#pause(pause, signal);
    }
  }

  /** Where it goes on; a limit that an earlier runner has met and not told of is told first. */
  async #resume({ task, role, resume }: TaskRequest): Promise<Resume | undefined> {
    if (!resume?.met || !resume.verdict) return resume;
    const { met, verdict, ...goesOn } = resume;
    return (await this.prompts.tellLeft(role, verdict.session_name, task.id, met)) ? goesOn : resume;
  }

  async #succeeded(
    { task, cwd }: TaskRequest,
    { result, session_name }: Attempted,
    attempt: number,
    duration_ms: number,
  ): Promise<void> {
    const text = `${task.id} succeeded after ${durationText(duration_ms)}${tryWords(task, attempt)}.`;
    const turns = this.record.state.tasks.get(task.id)?.turns;
    const answer = task.prompt && (await recordedWork(this.record.ledger, [task])).get(task.id)?.result?.output;
    // A task that is finished is not looked at again: its notes come before.
    await writeHandoffs(this.record, this.plan, {
      task,
      session_name,
      cwd,
      commands: task.prompt === undefined ? result.commands : (turns?.sent ?? 1),
      answer,
      duration_ms,
      lastLine: result.lastLine,
      git: () => this.folders.gitState(cwd),
    });
    await this.entries.task(task, "finished", "succeeded", text, {
      attempt,
      exit_code: result.exit_code,
      session_name,
    });
  }

  async #askForRole(task: PlanTask, { held, former }: RoleHeld, waits: Resume): Promise<void> {
    if (held.decision.verdict === "ask") return this.entries.askForRole(task, held, former, waits);
    const why = forbidden(`the settings of the role ${task.role}`, held.decision.reason);
    return this.entries.giveUp(task, blockedBy(why), null, waits.attempt);
  }

  /** Undefined: nothing began, and what there is to say of that is said. */
  async #attempt(request: TaskRequest, attempt: number, fromStep: number, kept: Kept): Promise<Attempted | undefined> {
    const { task, signal } = request;
    // What is left to do may be its check alone.
    const onlyCheck = fromStep >= ownSteps(task) && checksApart(task, request.role);
    const role = onlyCheck ? this.#checkRole(request.role) : request.role;
    if (!onlyCheck) await this.commands.running.endOf(task.id, signal);
    for (let tries = 1; ; tries++) {
      // Another one would not have what the agent was told.
      const isOnly = !onlyCheck && kept.session !== undefined;
      let session: OpenSession;
      try {
        session = await this.#session(task, role, onlyCheck ? undefined : kept, signal);
      } catch (error) {
        if (hasCode(error, ...endsTheRun)) throw error;
        if (error instanceof RoleHeld) {
          await this.#askForRole(task, error, { attempt, step: fromStep });
          return undefined;
        }
        if (signal.aborted) return undefined;
        if (!(error instanceof OrchestratorError)) throw error;
        const result = blockedBy(withoutStop(withAdvice(error)));
        const end: AttemptResult = error.code === "session_not_ready" ? result : { ...result, state: "failed" };
        await this.entries.giveUp(task, end, null, attempt);
        return undefined;
      }
      const begun = this.clock.monotonic();
      const result = await this.#in(session, request, attempt, fromStep, kept);
      const { name: session_name } = session;
      // It has not kept that conversation: what it did with its prompt before it was killed is a person's to say.
      if (result.untouched && isOnly && !signal.aborted)
        return {
          result: { ...result, state: "unknown", reason: `${result.reason}: ${notContinued}` },
          session_name,
          begun,
        };
      if (!result.untouched || tries >= sessionTries || signal.aborted) return { result, session_name, begun };
    }
  }

  /** The one that was kept, else that in which the agent of the task was told something, else any of the role. */
  async #session({ id }: PlanTask, role: PlanRole, kept: Kept | undefined, signal: AbortSignal): Promise<OpenSession> {
    const session = kept?.session;
    if (!kept || !session) return this.pool.acquire(role, signal, this.record.state.tasks.get(id)?.turns?.k);
    kept.session = undefined;
    return session;
  }

  /**
   * Starts the agent of the task again, in the conversation of the session that ended, once since somebody began the task.
   * Why that is not done, for people; undefined: `kept` has the session.
   */
  async #resumed({ task, role, signal }: TaskRequest, session_name: string, kept: Kept): Promise<string | undefined> {
    const { state } = this.record;
    const known = state.sessions.get(session_name);
    if ((state.tasks.get(task.id)?.turns?.ended ?? 0) > 1) return "it was started again once already";
    if (!known || signal.aborted) return "its session is not known";
    const former = await this.pool.conversationOf(known, role);
    if ("unknown" in former) return `its conversation cannot be continued: ${former.unknown}`;
    try {
      kept.session = await this.pool.resume(known, role, former, signal);
    } catch (error) {
      if (hasCode(error, ...endsTheRun) || !(error instanceof OrchestratorError)) throw error;
      return `it could not be started again: ${withoutStop(error.message)}`;
    }
    const { name, shell } = kept.session;
    await this.record.append(
      {
        kind: "state",
        actor: "engine",
        session_name: name,
        role: role.name,
        event: agentResumedEvent,
        task_id: task.id,
        k: shell.identity.key,
        text: `${task.id} continues in ${shortSession(name)} with the conversation that it had.`,
        refs: [{ type: "task", id: task.id }],
      },
      "synced",
    );
    return undefined;
  }

  async #in(
    session: OpenSession,
    request: TaskRequest,
    attempt: number,
    fromStep: number,
    kept: Kept,
  ): Promise<AttemptResult> {
    const { task, cwd, approvals, signal } = request;
    let release: AttemptResult["session"] = "leave";
    try {
      const folder = shownFolder(this.workspace, cwd);
      const where = folder === undefined ? "" : `, in the folder ${folder}`;
      const text = `${task.id} started in ${shortSession(session.name)}${tryWords(task, attempt)}${where}.`;
      await this.entries.task(task, "started", "running", text, {
        attempt,
        ...(folder === undefined ? {} : { cwd }),
        session_name: session.name,
        ...(fromStep > 0 ? { step: fromStep } : {}),
      });
      const checks = this.#checkSessions(request);
      const result = await this.attempts.attempt({ task, attempt, session, cwd, fromStep, approvals, signal, checks });
      release = result.session;
      const { running } = result;
      if (running && result.state === "succeeded") {
        release = "runs";
        const { end_id } = this.record.state.stillRunning.get(running.command_id) ?? {};
        this.commands.running.hold(session, { ...running, end_id }, signal);
      } else if (running) release = await this.commands.running.end(session, running);
      if (release === "free" && result.check && mayTryAgain(task, result, attempt) && !session.role.checksOf)
        kept.session = session;
      return result;
    } finally {
      if (release !== "runs" && kept.session !== session) this.pool.release(session, release, signal);
    }
  }

  #checkSessions({ role, signal }: TaskRequest): CheckSessions {
    return {
      acquire: () => this.pool.acquire(this.#checkRole(role), signal),
      release: (session, usable) => this.pool.release(session, usable ? "free" : "over", signal),
    };
  }

  #checkRole(role: PlanRole): PlanRole {
    return checkRole(role, new Set(this.plan.roles.map(({ name }) => name)));
  }

  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    if (ms <= 0 || signal.aborted) return;
    const over = deferred<true>();
    const timer = this.clock.after(ms, () => over.resolve(true));
    await abortable(over.promise, signal).catch(() => undefined);
    timer.dispose();
  }
}

/** Whether another try follows by itself: of a prompt, only where its check has told the agent something. */
function mayTryAgain(task: PlanTask, { state, exit_code, check }: AttemptResult, attempt: number): boolean {
  if (state !== "failed" || attempt >= triesOf(task)) return false;
  return task.prompt === undefined ? !task.retries.not_on.includes(exit_code ?? -1) : check !== undefined;
}

/** What cannot start is told to who reads the log, who needs to know what to do about it. */
function withAdvice({ message, remedy }: OrchestratorError): string {
  if (remedy.kind === "install_agent" && remedy.install !== "") return `${message} Install it with: ${remedy.install}`;
  return remedy.kind === "advice" ? `${message} ${remedy.text}` : message;
}

/** ` (try 2 of 3)`; nothing for the first one. */
function tryWords(task: PlanTask, attempt: number): string {
  const all = triesOf(task);
  return attempt > 1 ? ` (try ${attempt}${attempt <= all ? ` of ${all}` : ""})` : "";
}
