import type { Plan, PlanTask } from "../model/plan";
import { dependentsOf, withDependents } from "../model/dependents";
import type { ProjectState } from "../model/projectState";
import { openQuestion, type Standing, standingOf } from "./taskStanding";

export interface StartingPoint extends Standing {
  readonly task: PlanTask;
}

export interface StartingOptions {
  /** Everything begins again, or those tasks. */
  readonly again: boolean | readonly string[];
  /**
   * An earlier run did not come to its end, and goes on. What has failed in it has failed; a person was told.
   */
  readonly goesOn: boolean;
}

/**
 * What each task of the plan begins as: what it is by the record, except that changed ones and all behind them begin
 * anew, and failed, blocked and cancelled ones too, unless an earlier run goes on. Once that is written, the record
 * alone says what each is. Call it after every open command has its result.
 */
export function startingPoints(
  plan: Plan,
  definitions: ReadonlyMap<string, string>,
  state: ProjectState,
  { again, goesOn }: StartingOptions,
): StartingPoint[] {
  const isChanged = (task: PlanTask): boolean => {
    const definition = state.tasks.get(task.id)?.definition;
    if (again === true || (again !== false && again.includes(task.id))) return true;
    return definition != null && definition !== definitions.get(task.id);
  };
  const fresh = withDependents(
    plan,
    plan.tasks.filter(isChanged).map((task) => task.id),
  );
  const gone = goneCommands(plan, fresh, state);
  return plan.tasks.map((task) => ({
    task,
    ...(fresh.has(task.id) || gone.has(task.id) ? anew(task, definitions, state) : kept(task, state, goesOn)),
  }));
}

/**
 * Tasks that are done, whose commands were to keep running and do no more, for tasks that are still to be done, or for
 * no other task at all.
 */
function goneCommands(plan: Plan, fresh: ReadonlySet<string>, { tasks, stillRunning }: ProjectState): Set<string> {
  const running = new Set([...stillRunning.values()].map(({ task_id }) => task_id));
  const isDone = (id: string): boolean =>
    !fresh.has(id) && ["succeeded", "skipped"].includes(tasks.get(id)?.state ?? "");
  const isGone = (id: string): boolean => tasks.get(id)?.kept === true && isDone(id) && !running.has(id);
  const wanted = new Set<string>();
  for (const { id } of plan.tasks.filter((task) => isGone(task.id)))
    if (dependentsOf(plan, id).length === 0 || [...withDependents(plan, [id])].some((each) => !isDone(each)))
      wanted.add(id);
  // What one of these needs to run on was ended with it.
  for (const id of wanted)
    for (const need of plan.tasks.find((task) => task.id === id)?.needs ?? []) if (isGone(need)) wanted.add(need);
  return wanted;
}

/** From its beginning, whatever the record has of it. */
function anew(task: PlanTask, definitions: ReadonlyMap<string, string>, state: ProjectState): Standing {
  const record = state.tasks.get(task.id);
  const isSaid =
    record?.state === "pending" && record.from_step === 0 && record.definition === definitions.get(task.id);
  return { state: "pending", isNew: !isSaid, anew: true };
}

function kept(task: PlanTask, state: ProjectState, goesOn: boolean): Standing {
  const standing = standingOf(task, state);
  if (standing.isNew) return standing;
  const recorded = state.tasks.get(task.id)?.state;
  // A question about a command of it may still be open: it is neither asked twice nor forgotten.
  if (recorded === "blocked" && standing.state === "pending")
    return { ...standing, isNew: openQuestion(state, "approval_needed", task.id) === undefined };
  const triesAgain = recorded === "cancelled" || (!goesOn && (recorded === "failed" || recorded === "blocked"));
  return triesAgain ? { state: "pending", isNew: true } : standing;
}
