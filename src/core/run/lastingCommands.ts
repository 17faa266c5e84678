import { abortable, deferred } from "../base/async";
import type { ContextEntry } from "../model/entry";
import { dependentsOf } from "../model/dependents";
import type { Plan } from "../model/plan";
import { brief, listed } from "../model/sentences";
import type { OpenRecord } from "../record/projectRecord";
import { visibleText } from "../safety/controlCharacters";
import { runStatus } from "./runStatus";
import type { TaskEntries } from "./taskEntries";
import type { TaskLoop } from "./taskLoop";

/**
 * A project whose tasks are done lasts as long as commands that no other task needs: resolves when none runs any more, when
 * something else is to be done, and at once when the signal is aborted.
 */
export async function whileCommandsLast(
  entries: Pick<TaskEntries, "project">,
  record: Pick<OpenRecord, "state" | "onEntry">,
  name: string,
  run: {
    readonly plan: Plan;
    readonly loop: TaskLoop;
    readonly hasMore: () => boolean;
    readonly settled: () => Promise<void>;
  },
  signal: AbortSignal,
): Promise<void> {
  const isDone = (): boolean =>
    !signal.aborted && !run.hasMore() && runStatus(run.loop, record.state, false) === "done";
  let commands = lastingCommands(record, run.plan);
  if (commands.length === 0 || !isDone()) return;
  await entries.project("running", "lasts", lastingSentence(name, commands));
  while (commands.length > 0 && isDone()) {
    await untilNextEntry(record, signal);
    await run.settled();
    commands = lastingCommands(record, run.plan);
  }
}

/** Commands that run on and that no other task needs: the project lasts as long as they do. */
function lastingCommands(record: Pick<OpenRecord, "state">, plan: Plan): ContextEntry[] {
  const ids = new Set(plan.tasks.filter(({ id }) => dependentsOf(plan, id).length === 0).map(({ id }) => id));
  return [...record.state.stillRunning.values()].filter(({ task_id }) => ids.has(task_id ?? ""));
}

/** `All tasks of alpha are done. "npm run dev" (serve) keeps running until alpha is stopped.` */
function lastingSentence(name: string, commands: readonly ContextEntry[]): string {
  const which = commands.map(({ input = "", task_id = "" }) => `"${brief(visibleText(input), 60)}" (${task_id})`);
  return `All tasks of ${name} are done. ${listed(which)} ${which.length === 1 ? "keeps" : "keep"} running until ${name} is stopped.`;
}

/** Resolves with each entry of the record; at once when the signal is aborted. */
async function untilNextEntry(record: Pick<OpenRecord, "onEntry">, signal: AbortSignal): Promise<void> {
  const next = deferred<undefined>();
  const listener = record.onEntry(() => next.resolve(undefined));
  try {
    await abortable(next.promise, signal).catch(() => undefined);
  } finally {
    listener.dispose();
  }
}
