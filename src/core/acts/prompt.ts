import { eitherOf } from "../base/async";
import type { Disposable } from "../base/lifecycle";
import type { CommandReport } from "../command/commandRunner";
import { openForTyping, type SessionTyping, type TypingTarget, type TypingWorld } from "../command/sessionTyping";
import type { TypedAgent } from "../command/typedAgent";
import type { AgentCatalog } from "../model/agentProfile";
import { OrchestratorError } from "../model/errors";
import { shortSession } from "../model/names";
import { questionsBySession } from "../model/questionSession";
import { advice } from "../model/remedy";
import { brief } from "../model/sentences";
import { shells } from "../model/shellNames";
import { recordedProgram } from "../session/recordedProgram";
import { senseOnce } from "../session/sensedTerminal";
import type { SensedState } from "../sense/terminalFacts";
import { untilState } from "../session/stateWait";
import { watchAlone, type WatchingWorld } from "./watchAlone";

export interface PromptRequest {
  readonly text: string;
  /** Follows it until the agent is done with it; else until the agent has taken it. */
  readonly wait: boolean;
  /** An agent that is at work gets it when it is done; else it is refused. */
  readonly whenIdle: boolean;
  /** It interrupts the agent; with `timeout` for a reason the prompt counts as timed out. */
  readonly signal?: AbortSignal;
  /** It ends the wait: what was typed goes on. Before anything was typed its reason is thrown. */
  readonly leave?: AbortSignal;
  /** Told once, when the agent is at work and the prompt waits for it. */
  readonly busy?: (sentence: string) => void;
}

export interface PromptWorld extends TypingWorld, WatchingWorld {
  readonly actor: string;
  readonly agents: () => Promise<AgentCatalog>;
}

/** `title`: the agent that it went to, as people write it. */
export type PromptResult = { readonly title: string } &
  /** The agent has taken it, or is done with it, by `wait`; or what became of it, by the report. */
  (
    | { readonly how: "ended"; readonly report: CommandReport }
    /** It is still at work, and nobody waits for it any more. */
    | { readonly how: "left"; readonly command_id: string | null; readonly duration_ms: number }
  );

/** The agent that reads what is typed in a session, and what it does now. */
interface PromptedAgent extends TypedAgent {
  readonly seen: SensedState;
}

/**
 * Gives the coding agent in a session a prompt: the one that the session was started with, or that somebody started there.
 * Throws `session_busy` where there is none, where it is at work, and where it has a limit; `needs_person` where it asks
 * something; and what reaching the session and typing throw. Then nothing was typed.
 */
export async function prompt(target: TypingTarget, world: PromptWorld, request: PromptRequest): Promise<PromptResult> {
  if (request.text.trim() === "")
    throw new OrchestratorError("usage", "The prompt is empty.", advice("Say what the agent should do."));
  // Another process may have asked there meanwhile.
  await world.record.catchUp();
  const agent = await agentIn(target, world, eitherOf(request.signal, request.leave));
  const { title } = agent.profile;
  const stop = eitherOf(request.signal, request.leave);
  // Whatever the session was started as, an agent reads there now.
  const role = { name: target.context?.role ?? "", env: {}, count: 1, agent: { use: agent.profile.name } };
  const typing = await openForTyping({ ...target, role: () => Promise.resolve(role) }, world, stop);
  let watching: Promise<Disposable | undefined> | undefined;
  try {
    requireNoQuestion(target, world, agent);
    if (isAtWork(agent.seen)) await untilDone(target, typing, world, request, agent);
    if (request.wait) watching = watchAlone(target, typing, world);
    const report = await follow(target, typing, world, request, agent);
    const { left, command_id, duration_ms } = report;
    return left === true ? { how: "left", title, command_id, duration_ms } : { how: "ended", title, report };
  } finally {
    (await watching)?.dispose();
    typing.dispose();
  }
}

/** Throws `session_busy` where there is none. */
async function agentIn(
  { context, chosen, wire, name }: TypingTarget,
  { record, agents: known, rules }: PromptWorld,
  signal: AbortSignal | undefined,
): Promise<PromptedAgent> {
  const [agents, catalog] = await Promise.all([known(), rules()]);
  const mode = await chosen.server.terminalMode(wire, signal);
  const screen = await chosen.server.screen(wire, "plain", signal);
  const seen = senseOnce(screen, { ...(context ? recordedProgram(record.state, context) : {}), mode }, catalog);
  const shell = mode?.foreground !== undefined && shells.has(mode.foreground) ? mode.foreground : undefined;
  const started = context?.agent?.name;
  // Of one that has ended its session may go on, with the shell that it was started from.
  const profile = agents.of(shell === undefined ? (started ?? seen.program?.name ?? "") : "");
  if (profile) return { profile, catalog, seen };
  const short = shortSession(name);
  const front = shell ?? mode?.foreground ?? seen.program?.name;
  const title = started === undefined ? undefined : (agents.of(started)?.title ?? started);
  const what = title === undefined ? `There is no coding agent in ${short}` : `${title} has ended in ${short}`;
  throw new OrchestratorError("session_busy", `${what}${front === undefined ? "" : `: ${front} is in front`}.`, {
    kind: "look_at_session",
    session: name,
    text: "Start the agent there, or choose a session that has one.",
  });
}

/** Throws `needs_person` where the agent asks something: it would take the prompt for an answer. */
function requireNoQuestion({ name }: TypingTarget, { record }: PromptWorld, { profile, seen }: PromptedAgent): void {
  const question = questionsBySession(record.state).get(name);
  if (seen.state !== "waiting" && question?.session_name !== name) return;
  const lines = (seen.evidence ?? []).flatMap((each) => (each.signal === "screen" ? each.lines : []));
  const line = lines.find((each) => each.includes("?")) ?? lines.find((each) => /\w/.test(each));
  const what = question?.input ?? line?.trim() ?? question?.text;
  const asks = `${profile.title} asks something in ${shortSession(name)}${what === undefined ? "" : `: ${brief(what)}`}`;
  throw new OrchestratorError(
    "needs_person",
    `${asks}${/[.?!]$/.test(asks) ? "" : "."} Nothing was sent.`,
    question
      ? { kind: "answer_question", entry_id: question.id, options: question.options ?? [] }
      : { kind: "answer_session", session: name },
  );
}

function isAtWork({ state }: SensedState): boolean {
  return state === "working" || state === "starting" || state === "limited";
}

/** Throws `session_busy` where nobody wants to wait for the agent. */
async function untilDone(
  { name, chosen }: TypingTarget,
  { session }: SessionTyping,
  { record, clock, logger }: PromptWorld,
  { whenIdle, busy, signal, leave }: PromptRequest,
  { profile, catalog, seen }: PromptedAgent,
): Promise<void> {
  const sentence = `${profile.title} ${atWork(seen)} in ${shortSession(name)}.`;
  if (!whenIdle)
    throw new OrchestratorError("session_busy", `${sentence} Nothing was sent.`, {
      kind: "prompt_when_idle",
      session: name,
    });
  busy?.(sentence);
  const state = (): ReturnType<typeof record.state.sessions.get> => record.state.sessions.get(name);
  const recorded = (): { session: NonNullable<ReturnType<typeof state>> } | undefined => {
    const known = state();
    return known && { session: known };
  };
  const runs = (): { started: string; running: true } => ({ started: profile.rules, running: true });
  const world = { server: chosen.server, clock, logger, catalog };
  const never = new AbortController().signal;
  const stop = eitherOf(signal, leave) ?? never;
  await untilState(
    { ...world, session, atMarks: false, runs, recorded, onRecord: record.onEntry },
    { state: "idle" },
    stop,
  );
}

function atWork({ state, until }: SensedState): string {
  if (state === "limited") return until === undefined ? "has reached a limit" : `has reached a limit until ${until}`;
  return state === "starting" ? "is starting" : "is at work";
}

async function follow(
  target: TypingTarget,
  { session, mode, runner }: SessionTyping,
  world: PromptWorld,
  { text, wait, signal, leave }: PromptRequest,
  { profile, catalog }: PromptedAgent,
): Promise<CommandReport> {
  const { host, pid, started_at } = world.processes;
  const report = await runner.run({
    text,
    agent: { profile, catalog },
    session,
    mode,
    role: target.context?.role ?? "",
    cwd: target.cwd,
    actor: world.actor,
    writer: { host, pid, started_at },
    ...(wait ? {} : { onlyTaken: true }),
    ...(signal === undefined ? {} : { signal }),
    ...(leave === undefined ? {} : { leave }),
  });
  await report.recorded;
  return report;
}
