import type { Disposable } from "../base/lifecycle";
import { type ContextEntry, needsHuman } from "../model/entry";
import { messageOf } from "../model/errors";
import type { ProjectContext } from "../model/project";
import { openEscalations, type ProjectState, type TaskRecord } from "../model/projectState";
import type { ProjectSnapshot, TaskSummary } from "../model/snapshot";
import type { Clock, Logger } from "../ports/machine";
import { type TaskWait, taskWait } from "../model/taskWait";
import { failureWords, timedOutMs } from "../model/taskWords";
import { eventText, questionText } from "./eventText";
import type { OpenRecord } from "./projectRecord";
import { snapshotPage } from "./snapshotPage";
import { checkpointEvery, keepCheckpoint } from "./replay";
import { plural, withoutStop } from "../model/sentences";
import { countedTasks, taskCountText } from "../model/taskCount";

/** Derived files are for people; they may be a little behind while much happens. */
const writeEveryMs = 1000;
const highlightCount = 8;
const mostNames = 12;

/** The compact state of a project, from its record alone. */
export function snapshotOf(project_id: string, state: ProjectState, updated_at: string): ProjectSnapshot {
  const now = Date.parse(updated_at);
  const tasks = [...state.tasks.values()].map((task) => taskSummary(task, state, now));
  const questions = openEscalations(state);
  return {
    summary: `${state.goal === "" ? "" : `${withoutStop(state.goal)}. `}${statusWord(state.status)}: ${taskCountText(countedTasks(state))}.`,
    open_blockers: questions.map(questionText),
    next_steps: nextSteps(tasks, state.status, questions),
    recent_highlights: recentEvents(state).map(eventText),
    project_id,
    updated_at,
    tasks,
  };
}

/** The tasks that these questions are about. */
function tasksOf(questions: readonly ContextEntry[]): string[] {
  return questions.map(({ task_id }) => task_id).filter((id) => id !== undefined);
}

/** What people and programs read of a task. */
export function taskSummary(task: TaskRecord, state: Pick<ProjectState, "limits">, now: number): TaskSummary {
  const { definition, reason, retried_by, parked_by, from_step, handed, turns, command, result, ...summary } = task;
  const timed_out_ms = timedOutMs(task);
  const wait = taskWait(task, state, now);
  return {
    ...summary,
    ...(timed_out_ms === undefined ? {} : { timed_out_ms }),
    ...(wait ? { wait: waitFields(wait) } : {}),
  };
}

function waitFields({ about, until, why }: TaskWait): TaskSummary["wait"] {
  return {
    ...(about === undefined ? {} : { about }),
    ...(until === undefined ? {} : { until: new Date(until).toISOString() }),
    reason: why,
  };
}

function nextSteps(
  tasks: readonly TaskSummary[],
  status: ProjectState["status"],
  questions: readonly ContextEntry[],
): string[] {
  // What waits for an answer goes on with that.
  const pending = tasks.filter(({ state, wait }) => (state === "pending" || state === "ready") && !wait);
  const asked = tasksOf(questions);
  const about =
    asked.length === 0 ? "" : ` (${asked.slice(0, mostNames).join(", ")}${asked.length > mostNames ? ", …" : ""})`;
  return [
    ...(questions.length > 0 ? [`Answer ${plural(questions.length, "question")}${about}.`] : []),
    // Who answers learns why.
    ...tasks
      .filter(({ state, id }) => state === "failed" && !asked.includes(id))
      .map((task) => `Check why ${task.id} ${failureWords(task)}.`),
    ...(pending.length > 0 && status !== "running"
      ? [`Resume the project: ${plural(pending.length, "task")} pending.`]
      : []),
  ];
}

/**
 * Newest first, each thing once: without open questions, which stand apart, and without those of tasks that the question
 * behind them repeats, or the handoff before them.
 */
function recentEvents(state: ProjectState): ContextEntry[] {
  const { highlights } = state;
  const open = new Set(openEscalations(state).map(({ id }) => id));
  return highlights
    .filter((entry, index) => {
      if (entry.kind !== "task") return !open.has(entry.id);
      const isAsked = highlights.slice(index + 1).some((later) => needsHuman(later) && asksAbout(later, entry));
      return (
        !isAsked &&
        !tellsEnd(
          highlights.slice(0, index).findLast(({ task_id }) => task_id === entry.task_id),
          entry,
        )
      );
    })
    .slice(-highlightCount)
    .reverse();
}

function asksAbout(question: ContextEntry, { task_id, event, text }: ContextEntry): boolean {
  return question.task_id === task_id && (event === "waiting" || question.text.startsWith(text));
}

/** The engine's own handoff begins with how its task ended; what an agent or a person hands over may say anything. */
function tellsEnd(before: ContextEntry | undefined, { task_id = "", state }: ContextEntry): boolean {
  return state === "succeeded" && before?.kind === "handoff" && before.text.startsWith(`${task_id} succeeded`);
}

/** As the views say it, at the beginning of a sentence. */
function statusWord(status: ProjectState["status"]): string {
  return status === "waiting" ? "Needs your answer" : status.charAt(0).toUpperCase() + status.slice(1);
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
      const known = this.project();
      const project = {
        ...known,
        // Somebody may have given it another one since this run began.
        name: state.name ?? known.name,
        status: state.status,
        updated_at: new Date(this.clock.now()).toISOString(),
      };
      const snapshot = snapshotOf(ledger.project_id, state, project.updated_at);
      try {
        await ledger.writeDerived({
          snapshot,
          sessions: [...state.sessions.values()],
          markdown: snapshotPage(project, snapshot, recentEvents(state), tasksOf(openEscalations(state))),
          upTo: this.record.place,
        });
        await ledger.writeProject(project);
        if (state.entries - this.#checkpointed >= checkpointEvery) {
          this.#checkpointed = state.entries;
          await keepCheckpoint(ledger);
        }
        this.#failing = false;
      } catch (error) {
        if (!this.#failing) this.logger.warn(`The summary SNAPSHOT.md could not be written: ${messageOf(error)}`);
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
