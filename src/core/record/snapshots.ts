import type { Disposable } from "../base/lifecycle";
import { messageOf } from "../model/errors";
import type { ProjectContext } from "../model/project";
import { openEscalations, type ProjectState } from "../model/projectState";
import type { ProjectSnapshot, TaskSummary } from "../model/snapshot";
import type { Clock, Logger } from "../ports/machine";
import type { OpenRecord } from "./projectRecord";
import { checkpointEvery, keepCheckpoint } from "./replay";
import { plural } from "../model/sentences";
import { countedTasks, taskCountText } from "../model/taskCount";

/** Derived files are for people; they may be a little behind while much happens. */
const writeEveryMs = 1000;
const highlightCount = 8;

/** The compact state of a project, from its record alone. */
export function snapshotOf(project_id: string, state: ProjectState, updated_at: string): ProjectSnapshot {
  const tasks = [...state.tasks.values()];
  const questions = openEscalations(state);
  return {
    summary: `${state.goal === "" ? "" : `${state.goal.replace(/\.?$/, ".")} `}${capital(state.status)}: ${taskCountText(countedTasks(tasks))}.`,
    open_blockers: questions.map(
      (entry) => `${entry.text}${entry.options ? ` (question ${entry.id}: ${entry.options.join(" or ")})` : ""}`,
    ),
    next_steps: nextSteps(tasks, questions.length),
    recent_highlights: state.highlights.slice(-highlightCount).map((entry) => entry.text),
    project_id,
    updated_at,
    tasks: tasks.map(
      ({ definition, reason, retried_by, from_step, handed, command, result, ...summary }): TaskSummary => summary,
    ),
  };
}

function nextSteps(tasks: readonly TaskSummary[], questions: number): string[] {
  const steps = questions > 0 ? [`Answer ${plural(questions, "open question")}.`] : [];
  for (const task of tasks) {
    if (task.state === "failed")
      steps.push(
        `Find out why ${task.id} failed${task.exit_code === null ? "" : ` with exit code ${task.exit_code}`}.`,
      );
    if (task.state === "pending" || task.state === "ready") steps.push(`Run ${task.id}.`);
  }
  return steps;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** SNAPSHOT.md: the same, to be read. */
export function snapshotMarkdown(project: ProjectContext, snapshot: ProjectSnapshot): string {
  const list = (items: readonly string[]): string =>
    items.length === 0 ? "None.\n" : items.map((item) => `- ${item.replaceAll("\n", " ")}\n`).join("");
  const rows = (snapshot.tasks ?? []).map(
    (task) =>
      `| ${task.id} | ${task.role} | ${task.state} | ${task.attempts} | ${task.exit_code ?? ""} | ${task.session_name ?? ""} |\n`,
  );
  return [
    `# ${project.name}\n\n${snapshot.summary}\n\nState at ${snapshot.updated_at ?? ""}. This summary is written from the log; do not edit it.\n`,
    rows.length === 0
      ? ""
      : `## Tasks\n\n| task | role | state | tries | exit code | session |\n| --- | --- | --- | --- | --- | --- |\n${rows.join("")}`,
    `## Open questions\n\n${list(snapshot.open_blockers)}`,
    `## Next steps\n\n${list(snapshot.next_steps)}`,
    `## Recent events\n\n${list(snapshot.recent_highlights)}`,
  ]
    .filter((part) => part !== "")
    .join("\n");
}

/** Keeps the derived files near the record. Only the runner of a project has one. */
export class SnapshotWriter {
  #timer: Disposable | undefined;
  #writing: Promise<void> = Promise.resolve();
  /** Entries in the record when a checkpoint was last looked after. */
  #checkpointed = 0;
  /** Said once, not every second, until writing succeeds again. */
  #failing = false;
  readonly #listener: Disposable;

  constructor(
    private readonly record: OpenRecord,
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly project: () => ProjectContext,
    /** False once another process runs the project: these files are the runner's. */
    private readonly mayWrite: () => boolean,
  ) {
    this.#listener = record.onEntry(() => {
      this.#timer ??= clock.after(writeEveryMs, () => {
        this.#timer = undefined;
        void this.write();
      });
    });
  }

  /** Writes all derived files now. A failure is logged: the record itself is what counts. */
  write(): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      if (!this.mayWrite()) return;
      const { ledger, state } = this.record;
      const project = { ...this.project(), status: state.status, updated_at: new Date(this.clock.now()).toISOString() };
      const snapshot = snapshotOf(ledger.project_id, state, project.updated_at);
      try {
        await ledger.writeDerived({
          snapshot,
          sessions: [...state.sessions.values()],
          markdown: snapshotMarkdown(project, snapshot),
          upTo: this.record.place,
        });
        await ledger.writeProject(project);
        if (state.entries - this.#checkpointed >= checkpointEvery) {
          this.#checkpointed = state.entries;
          await keepCheckpoint(ledger);
        }
        this.#failing = false;
      } catch (error) {
        if (!this.#failing) this.logger.warn(`The snapshot could not be written: ${messageOf(error)}`);
        this.#failing = true;
      }
    });
    return this.#writing;
  }

  /** Stops watching and writes once more. */
  async close(): Promise<void> {
    this.#listener.dispose();
    this.#timer?.dispose();
    await this.write();
  }
}
