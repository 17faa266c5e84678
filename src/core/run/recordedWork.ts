import type { ContextEntry } from "../model/entry";
import type { PlanTask } from "../model/plan";
import type { Ledger } from "../ports/ledger";

/** What the newest run of a task has left in the record. */
export interface RecordedWork {
  /** The result of its last command before its check, or of its newest prompt. */
  readonly result: ContextEntry | undefined;
  /** Its hand-over notes, oldest first. */
  readonly notes: readonly ContextEntry[];
}

/** So many entries are looked at first, then four times as many. */
const firstLook = 500;

/** What those tasks left, by id. Looks back from the record's end to where they began. Throws what reading throws. */
export async function recordedWork(
  ledger: Pick<Ledger, "last">,
  tasks: readonly PlanTask[],
): Promise<ReadonlyMap<string, RecordedWork>> {
  if (tasks.length === 0) return new Map();
  for (let count = firstLook; ; count *= 4) {
    const entries = await ledger.last(count);
    const runs = tasks.map((task) => newestRun(task.id, entries));
    if (entries.length === count && runs.includes(undefined)) continue;
    return new Map(tasks.map((task, index) => [task.id, workOf(task, runs[index] ?? [])]));
  }
}

/** All of the task since it began; undefined where that is not among the entries. */
function newestRun(id: string, entries: readonly ContextEntry[]): ContextEntry[] | undefined {
  const began = entries.findLastIndex(
    ({ kind, event, task_id, attempt, step = 0 }) =>
      kind === "task" && task_id === id && event === "started" && attempt === 1 && step === 0,
  );
  return began < 0 ? undefined : current(entries.slice(began)).filter(({ task_id }) => task_id === id);
}

/** Without what a runner wrote whose place another had taken. */
function current(entries: readonly ContextEntry[]): ContextEntry[] {
  let newest = 0;
  return entries.filter(({ kind, event, generation = Infinity }) => {
    if (kind === "lease" && event === "claimed" && generation < Infinity) newest = Math.max(newest, generation);
    return kind !== "lease" && generation >= newest;
  });
}

function workOf(task: PlanTask, run: readonly ContextEntry[]): RecordedWork {
  const step = task.prompt === undefined ? task.run.length - 1 : 0;
  return {
    result: run.findLast((entry) => entry.kind === "result" && entry.step === step),
    notes: run.filter(({ kind }) => kind === "handoff"),
  };
}
