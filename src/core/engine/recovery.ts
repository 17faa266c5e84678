import type { ContextEntry, EntryDraft } from "../model/entry";
import { hasCode } from "../model/errors";
import type { PlanRole } from "../model/plan";
import type { Clock } from "../ports";
import type { CommandRunner } from "./commandRunner";
import type { OpenJournal } from "./journal";
import { resultSentence } from "./sentences";
import type { OpenSession } from "./sessionOpener";
import type { SessionPool } from "./sessionPool";
import type { CommandEnd } from "./shellSession";

/** A prompt that does not answer within this time has something running in front of it. */
const promptMs = 500;
/**
 * A shell that still reads a paste shows the prompt that it was typed at. Only a prompt that is empty, silent for this long, and answers
 * again after it, proves that nothing is on its way.
 */
const settledMs = 1500;
/** A line that stands there unfinished this long is no paste any more. */
const pasteMs = 60_000;

const unknownEnd: CommandEnd = { outcome: "unknown", exit_code: null, known_by: "none", output: undefined };

/**
 * Settles what a driver that ended in the middle left behind: each command without a result gets one, by asking the prompt
 * (shell-marks 1): not accepted, ended with a status, or still running. Nothing is typed.
 */
export class Recovery {
  constructor(
    private readonly journal: OpenJournal,
    private readonly pool: SessionPool,
    private readonly runner: CommandRunner,
    private readonly clock: Clock,
    private readonly roleOf: (name: string) => PlanRole,
    /** Milliseconds that a try of the task may take; undefined: no limit. */
    private readonly timeoutOf: (task_id: string) => number | undefined,
  ) {}

  /**
   * Resolves when everything that is over has its result. What still runs for a task is in the answer, by task: each promise resolves
   * when that command has ended and its result is written. What people left running by themselves stays as it is.
   */
  async settle(signal: AbortSignal): Promise<Map<string, Promise<void>>> {
    const bySession = new Map<string, ContextEntry[]>();
    for (const command of this.journal.state.openCommands.values()) {
      const name = command.session_name ?? "";
      bySession.set(name, [...(bySession.get(name) ?? []), command]);
    }
    const running = new Map<string, Promise<void>>();
    await Promise.all([...bySession].map(([name, commands]) => this.#settleSession(name, commands, running, signal)));
    return running;
  }

  /** The commands of one session, in the order in which they were typed; only the last one can still run. */
  async #settleSession(name: string, commands: readonly ContextEntry[], running: Map<string, Promise<void>>, signal: AbortSignal): Promise<void> {
    const known = this.journal.state.sessions.get(name);
    const session = known ? await this.pool.reopen(known, this.roleOf(commands[0]?.role ?? known.role), signal) : undefined;
    for (const command of commands) {
      const end = session ? await this.#end(session, command, signal) : unknownEnd;
      if (end) {
        await this.#write(command, end);
        continue;
      }
      if (!session) continue;
      if (command.task_id === undefined || command.step === undefined) this.pool.release(session, "leave", signal);
      else running.set(command.task_id, this.#wait(session, command, signal));
      return;
    }
    if (session) this.pool.release(session, session.shell.atCleanPrompt || session.mode !== "marks" ? "free" : "leave", signal);
  }

  /** Undefined: it still runs. */
  async #end(session: OpenSession, command: ContextEntry, signal: AbortSignal): Promise<CommandEnd | undefined> {
    const { shell } = session;
    const { n } = command;
    // Without marks nothing survives a crash (shell-marks 6).
    if (session.mode !== "marks" || n === undefined) return unknownEnd;
    const told = (): CommandEnd | undefined => {
      const status = shell.marks.lastResults.get(n);
      return status === undefined ? undefined : { outcome: "exited", exit_code: status, known_by: "probe", output: undefined };
    };
    try {
      const deadline = this.clock.monotonic() + pasteMs;
      while (this.clock.monotonic() < deadline) {
        const answered = await shell.probe(signal);
        await shell.cleanPrompt(promptMs, signal);
        if (told()) return told();
        if (shell.over) return unknownEnd;
        if (!shell.marks.ready) return undefined;
        if (shell.marks.n !== n) return unknownEnd;
        if (answered && shell.atCleanPrompt && (await this.#staysEmpty(session, n, signal))) return { outcome: "not_sent", exit_code: null, known_by: "probe", output: undefined };
      }
    } catch (error) {
      if (!hasCode(error, "session_not_found", "server_unreachable")) throw error;
    }
    return told() ?? unknownEnd;
  }

  async #staysEmpty(session: OpenSession, n: number, signal: AbortSignal): Promise<boolean> {
    const { shell } = session;
    const stirred = await shell.until(() => (shell.accepted(n) || !shell.atCleanPrompt ? true : undefined), settledMs, signal);
    if (stirred) return false;
    return (await shell.probe(signal)) && shell.atCleanPrompt && shell.marks.n === n && !shell.accepted(n);
  }

  async #wait(session: OpenSession, command: ContextEntry, signal: AbortSignal): Promise<void> {
    const { task_id = "", command_id = "", n = 0 } = command;
    const limit = this.timeoutOf(task_id);
    const timeoutMs = limit === undefined ? undefined : Math.max(0, limit - (this.clock.now() - Date.parse(command.ts)));
    const { end, usable } = await this.runner.ended(
      {
        session: session.shell,
        mode: session.mode,
        signal,
        interrupting: () => this.runner.interrupting(command_id, session.shell),
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
      },
      (ms, stop) => session.shell.endOfCommand(n, ms, stop),
    );
    await this.#write(command, end);
    this.pool.release(session, usable ? "free" : "over", signal);
  }

  async #write(command: ContextEntry, found: CommandEnd): Promise<void> {
    const { command_id, task_id, attempt, step, role } = command;
    // The driver that is gone had sent Ctrl-C: the status is the answer to that.
    const end: CommandEnd = found.outcome === "exited" && this.journal.state.interrupted.has(command_id ?? "") ? { ...found, outcome: "interrupted" } : found;
    const about: Partial<EntryDraft> = {
      ...(command_id === undefined ? {} : { command_id, refs: [{ type: "command", id: command_id }] }),
      ...(task_id === undefined ? {} : { task_id }),
      ...(attempt === undefined ? {} : { attempt }),
      ...(step === undefined ? {} : { step }),
      ...(role === undefined ? {} : { role }),
    };
    await this.journal.append(
      {
        kind: "result",
        actor: "engine",
        session_name: command.session_name,
        text: resultSentence(end, Math.max(0, this.clock.now() - Date.parse(command.ts))),
        outcome: end.outcome,
        exit_code: end.exit_code,
        known_by: end.known_by,
        output: "",
        complete: false,
        ...about,
      },
      "synced",
    );
  }
}
