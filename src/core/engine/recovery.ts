import type { ContextEntry, EntryDraft } from "../model/entry";
import { hasCode } from "../model/errors";
import type { PlanRole } from "../model/plan";
import type { Clock } from "../ports";
import type { CommandRunner } from "./commandRunner";
import type { Journal } from "./journal";
import { resultSentence } from "./sentences";
import type { OpenSession, SessionPool } from "./sessionPool";
import type { CommandEnd } from "./shellSession";

/** A prompt that does not answer within this time has something running in front of it. */
const promptMs = 500;

const unknownEnd: CommandEnd = { outcome: "unknown", exit_code: null, known_by: "none", output: undefined };

/**
 * Settles what a driver that ended in the middle left behind: each command without a result gets one, by asking the prompt
 * (shell-marks 1): not accepted, ended with a status, or still running. Nothing is typed.
 */
export class Recovery {
  constructor(
    private readonly journal: Journal,
    private readonly pool: SessionPool,
    private readonly runner: CommandRunner,
    private readonly clock: Clock,
    private readonly roleOf: (name: string) => PlanRole,
  ) {}

  /**
   * Resolves when everything that is over has its result. What still runs for a task is in the answer, by task: each promise resolves
   * when that command has ended and its result is written. What people left running by themselves stays as it is.
   */
  async settle(signal: AbortSignal): Promise<Map<string, Promise<void>>> {
    const running = new Map<string, Promise<void>>();
    await Promise.all(
      [...this.journal.state.openCommands.values()].map(async (command) => {
        const session = await this.#session(command, signal);
        const end = session ? await this.#end(session, command, signal) : unknownEnd;
        if (end) await this.#write(command, end);
        if (session && end) this.pool.release(session, !session.shell.over, signal);
        if (!session || end) return;
        if (command.task_id === undefined || command.step === undefined) this.pool.leave(session);
        else running.set(command.task_id, this.#wait(session, command, signal));
      }),
    );
    return running;
  }

  async #session(command: ContextEntry, signal: AbortSignal): Promise<OpenSession | undefined> {
    const known = this.journal.state.sessions.get(command.session_name ?? "");
    return known ? this.pool.reopen(known, this.roleOf(command.role ?? known.role), signal) : undefined;
  }

  /** Undefined: it still runs. */
  async #end(session: OpenSession, command: ContextEntry, signal: AbortSignal): Promise<CommandEnd | undefined> {
    const { shell } = session;
    const { n } = command;
    // Without marks nothing survives a crash (shell-marks 6).
    if (session.mode !== "marks" || n === undefined) return unknownEnd;
    try {
      await shell.probe(signal);
      await shell.cleanPrompt(promptMs, signal);
    } catch (error) {
      if (!hasCode(error, "session_not_found", "server_unreachable")) throw error;
      return unknownEnd;
    }
    const status = shell.marks.lastResults.get(n);
    if (status !== undefined) return { outcome: "exited", exit_code: status, known_by: "probe", output: undefined };
    if (shell.over) return unknownEnd;
    if (!shell.marks.ready) return undefined;
    return shell.marks.n === n ? { outcome: "not_sent", exit_code: null, known_by: "probe", output: undefined } : unknownEnd;
  }

  async #wait(session: OpenSession, command: ContextEntry, signal: AbortSignal): Promise<void> {
    const n = command.n ?? 0;
    const { end, usable } = await this.runner.ended({ session: session.shell, mode: session.mode, signal }, (ms, stop) => session.shell.endOfCommand(n, ms, stop));
    await this.#write(command, end);
    this.pool.release(session, usable && !session.shell.over, signal);
  }

  async #write(command: ContextEntry, end: CommandEnd): Promise<void> {
    const { command_id, task_id, attempt, step, role } = command;
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
