import { dependentsOf, withDependents } from "../model/dependents";
import type { Plan, PlanTask } from "../model/plan";
import { brief, durationText, withoutStop } from "../model/sentences";
import type { TaskState } from "../model/states";
import type { Clock } from "../ports/machine";
import type { OpenRecord } from "../record/projectRecord";
import { visibleText } from "../safety/controlCharacters";
import type { CommandEnd } from "../session/commandEnds";
import type { RunningCommand } from "../session/openSession";
import { lastLineOf } from "../model/commandOutput";
import type { AttemptResult } from "./attempt";
import { backoffBefore } from "./schedule";
import type { TaskEntries } from "./taskEntries";

/** What has run for so long before it ended has not failed to start: its restarts are counted anew. */
const steadyMs = 10 * 60_000;

const over: readonly (TaskState | undefined)[] = ["succeeded", "skipped", "cancelled"];

/** What follows when the command of a task ends that was done while the command went on running. */
export class TaskRestarts {
  constructor(
    private readonly record: OpenRecord,
    private readonly plan: Plan,
    private readonly entries: TaskEntries,
    private readonly clock: Pick<Clock, "now">,
  ) {}

  /**
   * The command ended by itself, `ran` milliseconds after it was held here. With code 0 that is in order, once no task needs it any more; else it is an error, after
   * which the task is done again as its plan says, or a person is asked.
   */
  async commandEnded(
    running: RunningCommand,
    end: Pick<CommandEnd, "exit_code"> & { readonly ran: number },
    session_name: string,
    lastLine: string,
  ): Promise<void> {
    const task = this.plan.tasks.find(({ id }) => id === running.task_id);
    const known = this.record.state.tasks.get(running.task_id);
    if (!task || known?.state !== "succeeded") return;
    if (end.exit_code === 0 && !this.#isNeeded(task)) return;
    // An earlier run may have held it before.
    const ready = Math.max(end.ran, known.ended_at === null ? 0 : this.clock.now() - Date.parse(known.ended_at));
    const code = end.exit_code === null ? "" : ` with exit code ${end.exit_code}`;
    const reason = `"${brief(visibleText(running.command), 60)}" ended${code}, ${durationText(ready)} after it was ready`;
    const result: AttemptResult = {
      state: "failed",
      reason,
      exit_code: end.exit_code,
      command_id: running.command_id,
      commands: 1,
      lastLine: lastLineOf(lastLine),
      session: "free",
      untouched: false,
    };
    const used = ready >= steadyMs ? 0 : (known.restarts ?? 0);
    if (!(await this.#restart(task, result, session_name, known.attempts, used)))
      await this.entries.giveUp(task, result, session_name, known.attempts, "question_first");
  }

  /** Whether a task that has failed while it was restarted is restarted once more; that is written then. */
  async again(task: PlanTask, result: AttemptResult, session_name: string, attempt: number): Promise<boolean> {
    const used = this.record.state.tasks.get(task.id)?.restarts ?? 0;
    return used > 0 && (await this.#restart(task, result, session_name, attempt, used));
  }

  async #restart(
    task: PlanTask,
    result: AttemptResult,
    session_name: string,
    attempt: number,
    used: number,
  ): Promise<boolean> {
    const { restart } = task;
    if (restart === undefined || used >= restart.attempts) return false;
    const pause = backoffBefore(used + 1, restart.backoff_ms);
    const next = `It is restarted ${pause > 0 ? `in ${durationText(pause)}` : "now"} (restart ${used + 1} of ${restart.attempts}).`;
    await this.record.append(
      {
        kind: "error",
        actor: "engine",
        session_name,
        role: task.role,
        task_id: task.id,
        text: `${task.id}: ${withoutStop(result.reason)}. ${next}`,
        reason: result.reason,
        exit_code: result.exit_code,
        refs: [
          { type: "task", id: task.id },
          ...(result.command_id === null ? [] : [{ type: "command", id: result.command_id }]),
        ],
      },
      "written",
    );
    await this.entries.task(task, "restarting", "ready", `${task.id} is restarted.`, {
      attempt,
      session_name,
      reason: result.reason,
      restarts: used + 1,
      not_before: new Date(this.clock.now() + pause).toISOString(),
    });
    return true;
  }

  /** A task that needs it, directly or not, is still to be done, or runs on itself. */
  #isNeeded(task: PlanTask): boolean {
    const { tasks, stillRunning } = this.record.state;
    const running = new Set([...stillRunning.values()].map(({ task_id }) => task_id));
    const behind = withDependents(
      this.plan,
      dependentsOf(this.plan, task.id).map(({ id }) => id),
    );
    return [...behind].some((id) => running.has(id) || !over.includes(tasks.get(id)?.state));
  }
}
