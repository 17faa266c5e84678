import type { PlanRole } from "../model/plan";
import { isAtRest, type SessionMode } from "../model/states";
import type { Clock, Ids } from "../ports/machine";
import { type Policy, unknownShell } from "../ports/safety";
import type { OpenRecord } from "../record/projectRecord";
import { looksLikePrompt } from "../sense/plainPrompt";
import { isReplInFront } from "../sense/replInFront";
import { ownSize, type ReachedSession } from "../session/reachedSession";
import { seenScreen } from "../session/seenScreen";
import { readerOfCommand } from "../session/sessionShell";
import { ShellSession } from "../session/shellSession";
import { CommandRunner } from "./commandRunner";

/** A session that somebody types into by hand. */
export interface TypingTarget extends ReachedSession {
  /** What it was started as, where that is known. Asked only where it matters: what reads a plan is large. */
  readonly role: () => Promise<PlanRole | undefined>;
  /** The folder of its project. */
  readonly cwd: string;
}

export interface TypingWorld {
  readonly record: OpenRecord;
  readonly policy: Policy;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** What is needed to type a command into a session and to follow it to its end. */
export interface SessionTyping {
  readonly session: ShellSession;
  readonly mode: SessionMode;
  readonly runner: CommandRunner;
  dispose(): void;
}

/** Opens a session for typing; `opened` is told of it before its prompt is asked. Throws what reaching it throws. */
export async function openForTyping(
  target: TypingTarget,
  { record, policy, clock, ids }: TypingWorld,
  signal?: AbortSignal,
  opened?: (session: ShellSession) => void,
): Promise<SessionTyping> {
  const { server } = target.chosen;
  const session = shellSession(target, clock, ids);
  try {
    await session.open(signal);
    opened?.(session);
    const mode = await modeOf(target, session);
    const runner = new CommandRunner(record, server, policy, clock, ids, () => Promise.resolve());
    return { session, mode, runner, dispose: () => session.dispose() };
  } catch (error) {
    session.dispose();
    throw error;
  }
}

/** What reads keys, as a policy takes it. */
export interface Reader {
  readonly shell: string;
  /** The folder that it stands in; undefined where it does not tell. */
  readonly cwd: string | undefined;
  /** Its prompt answered, and nothing stands there. */
  readonly emptyPrompt: boolean;
}

/** A prompt that is drawn again brings back what stood there within this time. */
const redrawMs = 100;

/**
 * What reads the keys that are typed there now, as a policy takes it: a shell of ours that answers at its prompt, else
 * what the session was started with. A shell in front of which something runs is not what reads them: then it is
 * `program` where that is seen to read a language of its own, and `unknownShell` wherever nobody can tell. Asking changes
 * the terminal's size for a moment.
 */
export async function readerOf(
  target: TypingTarget,
  { clock, ids }: Pick<TypingWorld, "clock" | "ids">,
  signal?: AbortSignal,
): Promise<Reader> {
  const { context, info, chosen } = target;
  const role = await target.role();
  const unasked = (shell: string): Reader => ({ shell, cwd: undefined, emptyPrompt: false });
  if (role?.agent !== undefined) return unasked("program");
  if (role?.program !== undefined) return unasked(readerOfCommand(role.program));
  if (context?.k === undefined) {
    const reader = readerOfCommand(info.command);
    return unasked(reader === "program" ? unknownShell : reader);
  }
  const started =
    isAtRest(context.state) && (context.mode === "marks" || role?.shell === "sh") ? role?.shell : undefined;
  if (context.mode !== "marks" || !chosen.info.capabilities.resize) return unasked(started ?? unknownShell);
  const session = shellSession(target, clock, ids);
  try {
    await session.open(signal);
    if (!(await session.probe(signal))) return unasked(await readerInFront(target, signal));
    const dirty = await session.until(() => (session.atCleanPrompt ? undefined : true), redrawMs, signal);
    const { shell = unknownShell, cwd } = session.marks;
    return { shell, cwd, emptyPrompt: dirty === undefined };
  } finally {
    session.dispose();
  }
}

async function readerInFront({ chosen, wire }: TypingTarget, signal: AbortSignal | undefined): Promise<string> {
  const { server } = chosen;
  const mode = await server.terminalMode(wire, signal);
  if (mode?.foreground === undefined) return unknownShell;
  const screen = seenScreen(await server.screen(wire, "plain", signal));
  return isReplInFront(mode.foreground, screen) ? "program" : unknownShell;
}

function shellSession(target: TypingTarget, clock: Clock, ids: Ids): ShellSession {
  const { name, wire, context, chosen } = target;
  const key = context?.k ?? ids.secret(8);
  return new ShellSession(
    chosen.server,
    clock,
    { name, wire, key, ...ownSize(target) },
    chosen.info.capabilities.resize,
  );
}

/** Marks where a prompt of ours answers or may come back, an end mark where a shell shows its prompt, else silence. */
async function modeOf(
  { context, role, chosen, wire, info }: TypingTarget,
  session: ShellSession,
): Promise<SessionMode> {
  const started = await role();
  if (started?.program !== undefined || started?.agent !== undefined || context?.mode === "program") return "program";
  const ours = context?.k !== undefined;
  if (ours && (await session.probe())) return "marks";
  const atPrompt = looksLikePrompt(await chosen.server.screen(wire, "plain"));
  if (ours) return atPrompt ? "sentinel" : "marks";
  return atPrompt && mayBeShell(info.command) ? "sentinel" : "program";
}

const shellPattern = /(?:^|[/\s-])(?:bash|zsh|fish|sh|dash|ksh|ash)(?:\s|$)/;

/** Servers tell the command that was asked for; none means the user's shell. */
function mayBeShell(command: string): boolean {
  return command.trim() === "" || shellPattern.test(command);
}
