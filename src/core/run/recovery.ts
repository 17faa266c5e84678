import type { ContextEntry } from "../model/entry";
import { hasCode } from "../model/errors";
import type { PlanRole, PlanTask } from "../model/plan";
import type { Clock } from "../ports/machine";
import type { SessionServer } from "../ports/sessions";
import { standsAtCursor } from "../sense/typedLine";
import type { CommandRunner } from "../command/commandRunner";
import type { StopRequest, Wait } from "../command/commandStop";
import type { KnownAgents } from "../command/typedAgent";
import type { Until, Watched } from "../command/typingRequest";
import { heldAtEnd } from "../command/untilConditions";
import { untilHolds } from "../command/untilHolds";
import type { OpenRecord } from "../record/projectRecord";
import { toldEnd, unknownEnd, writeFoundEnd } from "../command/foundEnd";
import type { OpenSession } from "../session/openSession";
import type { SessionPool } from "../session/sessionPool";
import { stepAt } from "./attempt";
import { LeftPrompts } from "./leftPrompts";
import { untilOf, type UntilWorld } from "./planUntil";
import type { RunningCommands } from "./runningCommands";
import type { CommandEnd } from "../session/commandEnds";
import { longSettledMs, type ShellSession } from "../session/shellSession";

/** A prompt that does not answer within this time has something running in front of it. */
const promptMs = 500;
/** A line that stands there unfinished this long is no paste any more. */
const pasteMs = 60_000;

/** What does not answer is asked again, at last this seldom, because what runs there is resized each time. */
const firstAskMs = 1000;
const longestAskMs = 30_000;

const notSent: CommandEnd = { outcome: "not_sent", exit_code: null, known_by: "probe", output: undefined };
const rejected: CommandEnd = { outcome: "rejected", exit_code: null, known_by: "probe", output: undefined };

/**
 * Settles what a runner that ended in the middle left behind: each command without a result gets one, by asking the
 * prompt (shell-marks 1): not accepted, ended with a status, or still running. Nothing is typed, but for a question to a
 * shell without marks that shows its prompt; a line of that runner's that its shell refused is taken back.
 */
export class Recovery {
  readonly #prompts: LeftPrompts;

  constructor(
    private readonly record: OpenRecord,
    private readonly server: SessionServer,
    private readonly pool: SessionPool,
    private readonly runner: CommandRunner,
    private readonly clock: Clock,
    private readonly roleOf: (name: string) => PlanRole,
    /** What the plan says of how a try of the task ends; undefined: it has none of that id. */
    private readonly taskOf: (task_id: string) => PlanTask | undefined,
    private readonly commands: RunningCommands,
    private readonly until: UntilWorld & KnownAgents,
  ) {
    this.#prompts = new LeftPrompts(record, runner, until);
  }

  /**
   * Resolves when everything that is over has its result. What still runs for a task is added to `running`, by task:
   * each promise resolves when that command has ended and its result is written. What people left running by themselves
   * stays as it is.
   */
  async settle(running: Map<string, Promise<void>>, signal: AbortSignal): Promise<void> {
    const bySession = new Map<string, ContextEntry[]>();
    for (const command of this.record.state.openCommands.values()) {
      const name = command.session_name ?? "";
      bySession.set(name, [...(bySession.get(name) ?? []), command]);
    }
    await Promise.all([...bySession].map(([name, commands]) => this.#settleSession(name, commands, running, signal)));
    await this.commands.takeUp(this.roleOf, signal);
  }

  /** The commands of one session, in the order in which they were typed; only the last one can still run. */
  async #settleSession(
    name: string,
    commands: readonly ContextEntry[],
    running: Map<string, Promise<void>>,
    signal: AbortSignal,
  ): Promise<void> {
    const known = this.record.state.sessions.get(name);
    const session = known
      ? await this.pool.reopen(known, this.roleOf(commands[0]?.role ?? known.role), signal)
      : undefined;
    for (const command of commands) {
      const end = session ? await this.#end(session, command, signal) : unknownEnd;
      if (end) await this.#write(command, session ? await this.#shown(session, command, end) : end);
      else if (session && command.task_id !== undefined) {
        const wait = this.#wait(session, command, signal);
        // Whoever settles hears of it once all sessions are looked at.
        wait.catch(() => undefined);
        running.set(command.task_id, wait);
        return;
      }
    }
    if (session) this.pool.release(session, "again", signal);
  }

  /** Undefined: it still runs, or nothing tells. */
  async #end(
    session: OpenSession,
    command: ContextEntry,
    signal: AbortSignal | undefined,
  ): Promise<CommandEnd | undefined> {
    const { shell } = session;
    const { n, end_id, task_id } = command;
    if (command.typed_as === "prompt") return this.#prompts.end(session, command, this.#untilOf(command), signal);
    // Its own end mark may still come, and its shell can be asked: what waits for it finds out.
    if (session.mode === "sentinel" && end_id !== undefined && task_id !== undefined) return undefined;
    // Without marks, or a way to ask for them, nothing survives a crash (shell-marks 6).
    if (session.mode !== "marks" || n === undefined || !shell.canProbe) return unknownEnd;
    const deadline = this.clock.monotonic() + pasteMs;
    while (this.clock.monotonic() < deadline) {
      const answered = await this.#asked(shell, signal);
      await shell.cleanPrompt(promptMs, signal);
      const told = toldEnd(shell, n);
      if (told) return told;
      if (shell.over) return unknownEnd;
      const { ready, continuation } = shell.marks;
      if (!ready && !continuation) return undefined;
      if (shell.marks.n !== n) return unknownEnd;
      if (await this.#isOnItsWay(shell, command, signal)) continue;
      if (
        shell.atCleanPrompt
          ? answered && (await shell.staysEmpty(n, command.input?.length ?? 0, signal))
          : await this.#stands(session, command, n, signal)
      ) {
        if (shell.atCleanPrompt) return notSent;
        if (!(await this.runner.withdraw(shell, n))) return undefined;
        if (shell.atCleanPrompt) return rejected;
      }
    }
    return unknownEnd;
  }

  /** Its Enter was typed, and its shell, which has not taken it yet, still reads: whether it does, after some time. */
  async #isOnItsWay(
    shell: ShellSession,
    { entered, n = 0 }: ContextEntry,
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    if (entered === undefined || !shell.atCleanPrompt) return false;
    const look = await this.server.look(shell.identity.wire, signal).catch((error: unknown) => {
      if (!hasCode(error, "session_not_found", "server_unreachable")) throw error;
    });
    const now = look?.signs?.entered;
    if (now === undefined || now <= entered) return false;
    await shell.until(() => (shell.accepted(n) ? true : undefined), longSettledMs, signal);
    return true;
  }

  /** A connection that breaks is no answer; when the server is gone for good, the session is. */
  async #asked(shell: ShellSession, signal: AbortSignal | undefined): Promise<boolean> {
    try {
      return await shell.probe(signal);
    } catch (error) {
      if (!hasCode(error, "session_not_found", "server_unreachable")) throw error;
      await shell.until(() => shell.over, promptMs, signal);
      return false;
    }
  }

  /**
   * Whether the command's own text, and nothing of anybody else's, stands on the line, and stays there: the shell has
   * refused it, or asks for more.
   */
  async #stands(
    { shell }: OpenSession,
    { input = "", typed_as }: ContextEntry,
    n: number,
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    if (typed_as !== "paste") return false;
    const stirred = await shell.until(() => (shell.accepted(n) ? true : undefined), longSettledMs, signal);
    if (stirred) return false;
    const screen = await this.server.screen(shell.identity.wire, "plain", signal).catch((error: unknown) => {
      if (!hasCode(error, "session_not_found", "server_unreachable")) throw error;
    });
    return screen !== undefined && !shell.accepted(n) && standsAtCursor(screen, input, shell.marks.continuation);
  }

  /** What a command was waited for may have held before it ended. */
  #shown(session: OpenSession, command: ContextEntry, end: CommandEnd): Promise<CommandEnd> {
    return heldAtEnd(this.server, this.#watched(session, command), end, this.clock);
  }

  #watched({ shell }: OpenSession, command: ContextEntry): Watched {
    return { session: shell, text: command.input ?? "", until: this.#untilOf(command) };
  }

  #untilOf({ task_id = "", step }: ContextEntry): Until | undefined {
    const task = this.taskOf(task_id);
    const until = task && step !== undefined ? stepAt(task, step).until : undefined;
    return until && untilOf(until, this.until);
  }

  async #wait(session: OpenSession, command: ContextEntry, signal: AbortSignal): Promise<void> {
    const { task_id = "", command_id = "" } = command;
    const limit = this.taskOf(task_id)?.timeout_ms;
    const timeoutMs =
      limit === undefined ? undefined : Math.max(0, limit - (this.clock.now() - Date.parse(command.ts)));
    const wait: Wait = (ms, stop) => this.#endWithin(session, command, ms, stop);
    const { input: text = "" } = command;
    const request: StopRequest = {
      session: session.shell,
      mode: session.mode,
      signal,
      interrupting: (outcome) => this.runner.interrupting(command_id, session.shell, outcome),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      states: this.until.states,
    };
    const holds = untilHolds(this.server, this.#watched(session, command), wait, this.clock);
    const { end, usable } = await (this.#prompts.goOn(command, request) ??
      this.runner.ended(request, wait, undefined, holds));
    await this.#write(command, end, await this.#prompts.said(command, end));
    if (end.outcome === "still_running") {
      const { n, end_id } = command;
      this.commands.hold(session, { task_id, command_id, command: text, n, end_id }, signal);
      return;
    }
    this.pool.release(session, usable ? "again" : "over", signal);
  }

  /**
   * Undefined: time is over. What did not answer may have been no command but a shell that was busy or stopped: it is
   * asked again, and whenever a prompt comes.
   */
  async #endWithin(
    session: OpenSession,
    command: ContextEntry,
    ms: number | undefined,
    signal: AbortSignal | undefined,
  ): Promise<CommandEnd | undefined> {
    const { shell } = session;
    const { n = 0, end_id } = command;
    if (end_id !== undefined) return this.runner.laterEnd(shell, end_id, ms, signal);
    const deadline = ms === undefined ? Infinity : this.clock.monotonic() + ms;
    for (let ask = firstAskMs; ; ask = Math.min(2 * ask, longestAskMs)) {
      const left = Math.max(0, Math.min(deadline - this.clock.monotonic(), ask));
      const found = new AbortController();
      const stop = signal ? AbortSignal.any([signal, found.signal]) : found.signal;
      const prompt = shell.until(
        () => (shell.marks.ready || shell.marks.continuation ? "prompt" : undefined),
        left,
        stop,
      );
      const ended = shell.endOfCommand(n, left, stop);
      // The one that loses is told to stop.
      for (const each of [prompt, ended]) each.catch(() => undefined);
      const first = await Promise.race([ended, prompt]).finally(() => found.abort());
      // The end comes with the next prompt.
      const seen = first === "prompt" ? shell.endOf(n) : first;
      if (seen) return seen;
      if (first === undefined && this.clock.monotonic() >= deadline) return undefined;
      const end = await this.#end(session, command, signal);
      if (end) return end;
    }
  }

  #write(command: ContextEntry, found: CommandEnd, output?: string): Promise<void> {
    return writeFoundEnd(this.record, this.clock, command, found, output);
  }
}
