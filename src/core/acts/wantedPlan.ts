import { OrchestratorError } from "../model/errors";
import { type Plan, type PlanRole, type PlanTask, planToYaml } from "../model/plan";
import { quickPlan, type TaskWork } from "../model/quickPlan";
import type { ProjectState } from "../model/projectState";
import { besidePlan, freeTaskId, type PlanReader, requireAgents, runnablePlan } from "../run/plannedRun";
import { readablePlan } from "../run/readPlan";

/** One task, as somebody gives it without a plan. */
export type GivenTask = TaskWork & {
  /** The plan's role of that name, else a shell, or the agent of the prompt. */
  readonly role?: string;
  /** The folder that it runs in, where somebody named one: absolute. */
  readonly cwd?: string;
  /** The folder that who gives it stands in, absolute: it runs there unless `cwd` says otherwise. */
  readonly caller: string;
};

/** Where a plan comes from. */
export type PlanSource =
  /** The record has it. */
  | { readonly from: "record" }
  /** Somebody gave it, as `file`; it becomes the record's. */
  | { readonly from: "text"; readonly text: string; readonly file: string }
  /** One task, which is the same one when it is given again; the record's plan where there is none. */
  | ({ readonly from: "commands" } & GivenTask)
  /** One task more, whatever there was before. */
  | ({ readonly from: "task"; readonly role: string } & GivenTask);

/** What is to run, and the text that the recorded plan becomes; undefined where that stays as it is. */
export interface WantedPlan {
  readonly plan: Plan;
  readonly text: string | undefined;
  /** The recorded plan, where the wanted one is tasks beside it. */
  readonly beside?: string;
}

/** What is known of the project. */
export interface KnownPlan extends PlanReader {
  readonly name: string;
  /** The goal that is wanted in place of the plan's. */
  readonly goal: string | undefined;
  /** The text of the recorded plan. */
  readonly own: string | undefined;
  /** Where that is, for people. */
  readonly own_file: string;
  /** Whether a task of the role (its `cwd`, as a plan has it) runs in that folder unless it says otherwise. */
  readonly runsIn: (cwd: string | undefined, folder: string) => Promise<boolean>;
  /** What the record says; asked for one task more only. */
  readonly state: () => Promise<Pick<ProjectState, "tasks" | "goal">>;
}

/** Throws `usage` where there is nothing to run, and `plan_invalid`. */
export async function wantedPlan(source: PlanSource, known: KnownPlan): Promise<WantedPlan> {
  const { name, own, own_file, goal, plans } = known;
  switch (source.from) {
    case "text":
      return { plan: await runnablePlan(source.text, source.file, name, known), text: source.text };
    case "commands": {
      const plan = await givenPlan(quickPlan({ ...source, project: name }), source, known);
      if (own === undefined) return { plan, text: planToYaml({ ...plan, goal: goal ?? "" }) };
      return (await isOfCommands(own, plan, plans))
        ? { plan, text: planToYaml(plan) }
        : { plan, text: undefined, beside: own };
    }
    case "task":
      return { plan: await oneTaskMore(source, known), text: undefined, ...(own === undefined ? {} : { beside: own }) };
    case "record":
      if (own !== undefined) return { plan: await runnablePlan(own, own_file, name, known), text: undefined };
      throw new OrchestratorError("usage", `${name} has no plan, so there is nothing to run.`, {
        kind: "give_commands",
      });
  }
}

/** The recorded plan is nothing but the same task, as commands gave it before. */
async function isOfCommands(own: string, { tasks }: Plan, plans: KnownPlan["plans"]): Promise<boolean> {
  const plan = await readablePlan(own, plans);
  return plan?.tasks.length === 1 && plan.tasks[0]?.id === tasks[0]?.id && planToYaml(plan) === own;
}

/** The task alone, with the next number that none of the project's tasks has. */
async function oneTaskMore(source: { readonly role: string } & GivenTask, known: KnownPlan): Promise<Plan> {
  const { name, own, state, plans } = known;
  const { tasks, goal } = await state();
  const planned = (await readablePlan(own, plans))?.tasks.map((task) => task.id) ?? [];
  const id = freeTaskId(source.role, [...tasks.keys(), ...planned]);
  const quick = quickPlan({ ...source, project: name });
  const numbered = { ...quick, tasks: quick.tasks.map((task) => ({ ...task, id })) };
  const plan = await givenPlan(numbered, source, known);
  return own === undefined ? { ...plan, goal } : plan;
}

/**
 * The plan of one task, which runs where its caller stands. A task that would run there anyway says nothing of it, so
 * that it stays the task that it was. An agent works in the folder of its role.
 */
async function givenPlan(quick: Plan, { cwd, caller }: GivenTask, known: KnownPlan): Promise<Plan> {
  const { name, own, plans, runsIn } = known;
  const plan = own === undefined ? quick : await besidePlan(quick, own, name, plans);
  requireAgents(plan);
  if (cwd !== undefined) return plan;
  const roleOf = (task: PlanTask): PlanRole | undefined => plan.roles.find((each) => each.name === task.role);
  const elsewhere = new Set<PlanTask>();
  for (const task of plan.tasks) if (!(await runsIn(roleOf(task)?.cwd, caller))) elsewhere.add(task);
  const placed = <T extends object>(part: T, isHere: boolean): T => (isHere ? part : { ...part, cwd: caller });
  const agentsElsewhere = [...elsewhere].flatMap((task) => (task.prompt ? (roleOf(task) ?? []) : []));
  return {
    ...plan,
    // A role of the recorded plan stays where that has it.
    roles: plan.roles.map((role) => placed(role, !quick.roles.includes(role) || !agentsElsewhere.includes(role))),
    tasks: plan.tasks.map((task) => placed(task, task.prompt !== undefined || !elsewhere.has(task))),
  };
}
