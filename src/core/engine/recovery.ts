import type { ContextEntry } from "../model/entry";
import { hasCode } from "../model/errors";
import type { PlanRole } from "../model/plan";
import type { Clock } from "../ports";
import type { Journal } from "./journal";
import { resultSentence } from "./sentences";
import type { OpenSession, SessionPool } from "./sessionPool";
import type { CommandEnd } from "./shellSession";

/** A prompt that does not answer within this time has something running in front of it. */
const promptMs = 500;

const unknownEnd: CommandEnd = { outcome: "unknown", exit_code: null, known_by: "none", output: undefined };

/**
 * Settles what a driver that ended in the middle left behind: each command without a result gets one, by asking the prompt
 * (shell-marks 1): not accepted, ended with a status, or still running and then waited for. Nothing is typed.
 */
export class Recovery {
  constructor(
    private readonly journal: Journal,
    private readonly pool: SessionPool,
    private readonly clock: Clock,
    private readonly roleOf: (name: string) => PlanRole,
  ) {}

  async settle(signal: AbortSignal): Promise<void> {
    await Promise.all([...this.journal.state.openCommands.values()].map((command) => this.#settle(command, signal)));
  }

  async #settle(command: ContextEntry, signal: AbortSignal): Promise<void> {
    const known = this.journal.state.sessions.get(command.session_name ?? "");
    const role = this.roleOf(command.role ?? known?.role ?? "");
    const session = known ? await this.pool.reopen(known, role, signal) : undefined;
    const end = session ? await this.#end(session, command, signal) : unknownEnd;
    await this.journal.append(
      {
        kind: "result",
        actor: "engine",
        session_name: command.session_name,
        text: resultSentence(end, this.clock.now() - Date.parse(command.ts)),
        outcome: end.outcome,
        exit_code: end.exit_code,
        known_by: end.known_by,
        output: "",
        complete: false,
        ...(command.command_id === undefined ? {} : { command_id: command.command_id, refs: [{ type: "command", id: command.command_id }] }),
        ...(command.task_id === undefined ? {} : { task_id: command.task_id }),
        ...(command.attempt === undefined ? {} : { attempt: command.attempt }),
        ...(command.step === undefined ? {} : { step: command.step }),
        ...(command.role === undefined ? {} : { role: command.role }),
      },
      "synced",
    );
    if (session) this.pool.release(session, !session.shell.over, signal);
  }

  async #end(session: OpenSession, command: ContextEntry, signal: AbortSignal): Promise<CommandEnd> {
    const { shell } = session;
    const n = command.n;
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
    if (shell.marks.ready && shell.marks.n === n) return { outcome: "not_sent", exit_code: null, known_by: "probe", output: undefined };
    if (shell.marks.ready) return unknownEnd;
    // No answer: it runs. Its end mark, or the next prompt's list, will tell.
    return (await shell.endOfCommand(n, undefined, signal)) ?? unknownEnd;
  }
}
