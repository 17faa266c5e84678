import type { CommandRunner } from "../command/commandRunner";
import type { Wait } from "../command/commandStop";
import { messageOf } from "../model/errors";
import { commandEndedEvent } from "../model/entryKinds";
import type { PlanRole } from "../model/plan";
import { brief, durationText } from "../model/sentences";
import type { Clock, Logger } from "../ports/machine";
import type { OpenRecord } from "../record/projectRecord";
import type { CommandEnd } from "../session/commandEnds";
import type { OpenSession, RunningCommand } from "../session/openSession";
import type { SessionPool } from "../session/sessionPool";
import type { TaskRestarts } from "./taskRestarts";

/**
 * Commands of tasks that are done and keep running (`until`). Nothing is typed into their sessions, and what becomes of
 * them is told in the log. They end with the project.
 */
export class RunningCommands {
  readonly #underWay = new Set<Promise<void>>();

  constructor(
    private readonly record: OpenRecord,
    private readonly pool: SessionPool,
    private readonly runner: Pick<CommandRunner, "ended">,
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly restarts: Pick<TaskRestarts, "commandEnded">,
  ) {}

  /** Holds the session until the command has ended, or the run has. */
  hold(session: OpenSession, running: RunningCommand, signal: AbortSignal): void {
    session.runs = running;
    this.pool.release(session, "runs", signal);
    const since = this.clock.monotonic();
    this.#end(session, running, undefined, signal)
      .then((end) => {
        if (!end) return;
        const after = this.#ended(session, running, end, this.clock.monotonic() - since, signal);
        this.#underWay.add(after);
        return after.finally(() => this.#underWay.delete(after));
      })
      .catch((error: unknown) => {
        if (!signal.aborted) this.logger.warn(`The end of a running command could not be saved: ${messageOf(error)}`);
      });
  }

  /** Resolves when all is written that follows from the ends of commands so far. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#underWay);
  }

  async #ended(
    session: OpenSession,
    running: RunningCommand,
    end: CommandEnd,
    ran: number,
    signal: AbortSignal,
  ): Promise<void> {
    // Meanwhile it may have been stopped, or its session was restarted.
    if (session.runs !== running || !this.pool.sessions.includes(session)) return;
    // Whoever ended the session by hand wanted its command ended.
    const byHand = !this.record.state.stillRunning.has(running.command_id);
    await this.#tell(session, running, end, ran);
    this.pool.release(session, session.shell.over ? "over" : "free", signal);
    // With its server everything is gone; the next run restarts what it needs.
    if (byHand || session.shell.over?.lost === true) return;
    await this.restarts.commandEnded(running, { ...end, ran }, session.name, session.shell.lastLine);
  }

  /** Holds what an earlier run left running, as far as its sessions are there; what has ended meanwhile is told. */
  async takeUp(roleOf: (name: string) => PlanRole, signal: AbortSignal): Promise<void> {
    const { state } = this.record;
    for (const { session_name, command_id = "", task_id = "", input = "", n, end_id } of [
      ...state.stillRunning.values(),
    ]) {
      const known = state.sessions.get(session_name ?? "");
      const session = known && (await this.pool.reopen(known, roleOf(known.role), signal));
      if (!session) continue;
      // Where it stands at its prompt, the prompt says how the command ended.
      await session.shell.probeQuietly(signal);
      this.hold(session, { task_id, command_id, command: input, n, end_id }, signal);
    }
  }

  /** Ends what an earlier try of the task left running, so that the next one does not meet it. */
  async endOf(task_id: string, signal: AbortSignal): Promise<void> {
    for (const session of this.pool.sessions) {
      const { runs } = session;
      if (runs?.task_id !== task_id) continue;
      session.busy = true;
      this.pool.release(session, await this.end(session, runs), signal);
    }
  }

  /** Ends all of them. */
  async endAll(signal: AbortSignal): Promise<void> {
    const all = this.pool.sessions.flatMap((session) => (session.runs ? [[session, session.runs] as const] : []));
    await Promise.all(
      all.map(async ([session, running]) => {
        session.busy = true;
        this.pool.release(session, await this.end(session, running), signal);
      }),
    );
  }

  /** Ends the command with the mildest means that does it. */
  async end(session: OpenSession, running: RunningCommand): Promise<"free" | "over" | "stopped"> {
    session.runs = undefined;
    const begun = this.clock.monotonic();
    const request = { session: session.shell, mode: session.mode, signal: AbortSignal.abort() };
    const wait: Wait = (ms, signal) => this.#end(session, running, ms, signal);
    // It may have ended by itself meanwhile.
    const { end, usable } = await this.runner.ended(request, wait, undefined, () => wait(0, undefined));
    await this.#tell(session, running, end, this.clock.monotonic() - begun);
    return usable ? "free" : end.means === "session_end" ? "stopped" : "over";
  }

  async #end(
    { shell, mode }: OpenSession,
    { n, end_id }: RunningCommand,
    ms: number | undefined,
    signal: AbortSignal | undefined,
  ): Promise<CommandEnd | undefined> {
    if (mode === "marks" && n !== undefined) return shell.endOfCommand(n, ms, signal);
    // Its shell prints the end mark that it was typed with. It is not asked: a server would read what is typed.
    if (end_id !== undefined) return shell.endOfSentinel(end_id, ms, signal);
    if (!(await shell.until(() => shell.over, ms, signal))) return undefined;
    const exit_code = shell.over?.exit_code ?? null;
    return { outcome: "session_ended", exit_code, known_by: "session_end", output: undefined };
  }

  async #tell(session: OpenSession, running: RunningCommand, end: CommandEnd, ran: number): Promise<void> {
    const { task_id, command_id, command } = running;
    const code = end.exit_code === null ? "" : ` with exit code ${end.exit_code}`;
    await this.record.append(
      {
        kind: "state",
        actor: "engine",
        session_name: session.name,
        role: session.role.name,
        event: commandEndedEvent,
        task_id,
        command_id,
        outcome: end.outcome,
        exit_code: end.exit_code,
        ...(session.shell.over ? {} : { state: "idle" }),
        text: `"${brief(command, 60)}" of ${task_id} ended${code} after ${durationText(ran)}.`,
        refs: [{ type: "command", id: command_id }],
      },
      "written",
    );
  }
}
