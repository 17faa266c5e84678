import { OrchestratorError } from "../model/errors";
import { type Plan, planToYaml, quickPlan } from "../model/plan";
import type { ProjectState } from "../model/projectState";
import type { PlanWork } from "../ports/plans";
import { besidePlan, freeTaskId, runnablePlan } from "../run/plannedRun";
import { readablePlan } from "../run/readPlan";

/** Commands of one task; each runs if the one before succeeded. */
export interface TaskCommands {
  readonly run: readonly string[];
  /** The plan's role of that name, else a shell. */
  readonly role?: string;
  /** The folder that they run in, where somebody named one: absolute. */
  readonly cwd?: string;
  /** The folder that who gives them stands in, absolute: they run there unless `cwd` says otherwise. */
  readonly caller: string;
}

/** Where a plan comes from. */
export type PlanSource =
  /** The record has it. */
  | { readonly from: "record" }
  /** Somebody gave it, as `file`; it becomes the record's. */
  | { readonly from: "text"; readonly text: string; readonly file: string }
  /** One task, which is the same one when it is given again; the record's plan where there is none. */
  | ({ readonly from: "commands" } & TaskCommands)
  /** One task more, whatever there was before. */
  | ({ readonly from: "task"; readonly role: string } & TaskCommands);

/** What is to run, and the text that the recorded plan becomes; undefined where that stays as it is. */
export interface WantedPlan {
  readonly plan: Plan;
  readonly text: string | undefined;
  /** The recorded plan, where the wanted one is tasks beside it. */
  readonly beside?: string;
}

/** What is known of the project. */
export interface KnownPlan {
  readonly name: string;
  /** The goal that is wanted in place of the plan's. */
  readonly goal: string | undefined;
  /** The text of the recorded plan. */
  readonly own: string | undefined;
  /** Where that is, for people. */
  readonly own_file: string;
  /** Whether a task of the role (its `cwd`, as a plan has it) runs in that folder unless it says otherwise. */
  readonly runsIn: (cwd: string | undefined, folder: string) => Promise<boolean>;
  readonly plans: PlanWork;
  /** What the record says; asked for one task more only. */
  readonly state: () => Promise<Pick<ProjectState, "tasks" | "goal">>;
}

/** Throws `usage` where there is nothing to run, and `plan_invalid`. */
export async function wantedPlan(source: PlanSource, known: KnownPlan): Promise<WantedPlan> {
  const { name, own, own_file, goal, plans } = known;
  switch (source.from) {
    case "text":
      return { plan: await runnablePlan(source.text, source.file, name, plans), text: source.text };
    case "commands": {
      const quick = quickPlan({ project: name, ...commandsOf(source) });
      if (own === undefined) {
        const plan = await placed(quick, source, known);
        return { plan, text: planToYaml({ ...plan, goal: goal ?? "" }) };
      }
      const plan = await placed(await besidePlan(quick, own, name, plans), source, known);
      return (await isOfCommands(own, plan, plans))
        ? { plan, text: planToYaml(plan) }
        : { plan, text: undefined, beside: own };
    }
    case "task":
      return { plan: await oneTaskMore(source, known), text: undefined, ...(own === undefined ? {} : { beside: own }) };
    case "record":
      if (own !== undefined) return { plan: await runnablePlan(own, own_file, name, plans), text: undefined };
      throw new OrchestratorError("usage", `${name} has no plan, so there is nothing to run.`, {
        kind: "give_commands",
      });
  }
}

/** The recorded plan is nothing but the same task, as commands gave it before. */
async function isOfCommands(own: string, { tasks }: Plan, plans: PlanWork): Promise<boolean> {
  const plan = await readablePlan(own, plans);
  return plan?.tasks.length === 1 && plan.tasks[0]?.id === tasks[0]?.id && planToYaml(plan) === own;
}

/** The task alone, with the next number that none of the project's tasks has. */
async function oneTaskMore(source: { readonly role: string } & TaskCommands, known: KnownPlan): Promise<Plan> {
  const { name, own, state, plans } = known;
  const { tasks, goal } = await state();
  const planned = (await readablePlan(own, plans))?.tasks.map((task) => task.id) ?? [];
  const id = freeTaskId(source.role, [...tasks.keys(), ...planned]);
  const quick = quickPlan({ project: name, ...commandsOf(source) });
  const numbered = { ...quick, tasks: quick.tasks.map((task) => ({ ...task, id })) };
  const plan = own === undefined ? { ...numbered, goal } : await besidePlan(numbered, own, name, plans);
  return placed(plan, source, known);
}

/**
 * The plan of one task, which runs where its caller stands. A task that would run there anyway says nothing of it, so
 * that it stays the task that it was.
 */
async function placed(plan: Plan, { cwd, caller }: TaskCommands, { runsIn }: KnownPlan): Promise<Plan> {
  if (cwd !== undefined) return plan;
  const tasks = plan.tasks.map(async (task) => {
    const role = plan.roles.find((each) => each.name === task.role);
    return (await runsIn(role?.cwd, caller)) ? task : { ...task, cwd: caller };
  });
  return { ...plan, tasks: await Promise.all(tasks) };
}

function commandsOf({ run, role, cwd }: TaskCommands): Omit<TaskCommands, "caller"> {
  if (run.length === 0) throw new OrchestratorError("usage", "There is no command to run.", { kind: "give_commands" });
  return { run, ...(role === undefined ? {} : { role }), ...(cwd === undefined ? {} : { cwd }) };
}
