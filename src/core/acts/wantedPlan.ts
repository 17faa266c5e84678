import { OrchestratorError } from "../model/errors";
import { type Plan, planToYaml, quickPlan } from "../model/plan";
import type { ProjectState } from "../model/projectState";
import { besidePlan, freeTaskId, runnablePlan } from "../run/plannedRun";
import { readablePlan } from "../run/storedPlan";

/** Commands of one task; each runs if the one before succeeded. */
export interface TaskCommands {
  readonly run: readonly string[];
  /** The plan's role of that name, else a shell. */
  readonly role?: string;
  /** The folder that they run in. */
  readonly cwd?: string;
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
  /** What the record says; asked for one task more only. */
  readonly state: () => Promise<Pick<ProjectState, "tasks" | "goal">>;
}

/** Throws `usage` where there is nothing to run, and `plan_invalid`. */
export async function wantedPlan(source: PlanSource, known: KnownPlan): Promise<WantedPlan> {
  const { name, own, own_file, goal } = known;
  switch (source.from) {
    case "text":
      return { plan: runnablePlan(source.text, source.file, name), text: source.text };
    case "commands": {
      const quick = quickPlan({ project: name, ...commandsOf(source) });
      if (own !== undefined) return { plan: besidePlan(quick, own, name), text: undefined };
      return { plan: quick, text: planToYaml({ ...quick, goal: goal ?? "" }) };
    }
    case "task":
      return { plan: await oneTaskMore(source, known), text: undefined };
    case "record":
      if (own !== undefined) return { plan: runnablePlan(own, own_file, name), text: undefined };
      throw new OrchestratorError("usage", `${name} has no plan, so there is nothing to run.`, {
        kind: "give_commands",
      });
  }
}

/** The task alone, with the next number that none of the project's tasks has. */
async function oneTaskMore(
  source: { readonly role: string } & TaskCommands,
  { name, own, state }: KnownPlan,
): Promise<Plan> {
  const { tasks, goal } = await state();
  const planned = readablePlan(own)?.tasks.map((task) => task.id) ?? [];
  const id = freeTaskId(source.role, [...tasks.keys(), ...planned]);
  const quick = quickPlan({ project: name, ...commandsOf(source) });
  const numbered = { ...quick, tasks: quick.tasks.map((task) => ({ ...task, id })) };
  return own === undefined ? { ...numbered, goal } : besidePlan(numbered, own, name);
}

function commandsOf({ run, role, cwd }: TaskCommands): TaskCommands {
  if (run.length === 0) throw new OrchestratorError("usage", "There is no command to run.", { kind: "give_commands" });
  return { run, ...(role === undefined ? {} : { role }), ...(cwd === undefined ? {} : { cwd }) };
}
