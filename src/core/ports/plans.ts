import type { AgentChoices } from "../model/agentProfile";
import type { Plan } from "../model/plan";
import type { PlanCompletion } from "../model/planCompletions";
import type { PlanHover } from "../model/planHover";
import type { PlanOutline } from "../model/planOutline";

/** All that a redactor knows, to redact in another thread as it does here. */
export interface RedactionSettings {
  /** See `RedactorOptions`. */
  readonly key: string;
  /** By each form that a known value may have. */
  readonly known: ReadonlyMap<string, { readonly name: string; readonly value: string }>;
}

/** What a record keeps of a plan. */
export interface StorablePlan {
  readonly text: string;
  /** Something was taken out, so that the text cannot be run. */
  readonly redacted: boolean;
}

/**
 * Work on the text of a plan, which takes a millisecond for each thousand characters once it is warm, and five before:
 * a window has it done in a thread of its own. Each throws as the function of that name, see `planFunctions`.
 */
export interface PlanWork {
  /** A plan that is to run; `agents`: those that it can name. */
  parsePlan(text: string, agents?: readonly AgentChoices[]): Promise<Plan>;
  /** A plan that a record has, to show it. */
  parseStoredPlan(text: string): Promise<Plan>;
  /** The ids of tasks that were given as commands beside the plan. */
  givenTaskIds(text: string): Promise<string[]>;
  /** The text with such tasks; undefined where it cannot take them. */
  withGivenTasks(text: string, given: Plan): Promise<string | undefined>;
  /** The text that plan.yaml gets for a plan. */
  storablePlan(text: string, plan: Plan, redaction: RedactionSettings): Promise<StorablePlan>;
  /** Its parts with their places. */
  planOutline(text: string): Promise<PlanOutline>;
  /** The words that can stand at that offset. */
  planCompletions(text: string, offset: number, agents: readonly AgentChoices[]): Promise<PlanCompletion[]>;
  /** What is to be known of what stands there. */
  planHover(text: string, offset: number): Promise<PlanHover | undefined>;
}

/** The same, done at once. */
export type PlanFunctions = {
  readonly [Name in keyof PlanWork]: (...given: Parameters<PlanWork[Name]>) => Awaited<ReturnType<PlanWork[Name]>>;
};
