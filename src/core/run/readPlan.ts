import type { AgentChoices } from "../model/agentProfile";
import { hasCode, OrchestratorError } from "../model/errors";
import type { Plan } from "../model/plan";
import { PlanError, problemText } from "../model/planError";
import { maxPlanLength, tooLarge } from "../model/planLimits";
import { textOfBytes } from "../model/textBytes";
import type { PlanWork } from "../ports/plans";

/**
 * `agents`: those that the plan can name; absent: they are looked at when it runs. Throws `plan_invalid` with every problem
 * as `file:line:column`.
 */
export async function parsedPlan(
  text: string,
  file: string,
  plans: PlanWork,
  agents?: readonly AgentChoices[],
): Promise<Plan> {
  try {
    return await plans.parsePlan(text, agents);
  } catch (error) {
    throw error instanceof PlanError ? invalidPlan(error, file) : error;
  }
}

/** What of a kept plan can be read: undefined for none, and for one that is not valid. */
export async function readablePlan(text: string | undefined, plans: PlanWork): Promise<Plan | undefined> {
  if (text === undefined) return undefined;
  try {
    return await plans.parseStoredPlan(text);
  } catch (error) {
    if (hasCode(error, "plan_invalid")) return undefined;
    throw error;
  }
}

/** The text of a plan's file. Throws `plan_invalid`, with the place, for one that is too large or not UTF-8. */
export function planText(bytes: Uint8Array, file: string): string {
  if (bytes.length > maxPlanLength)
    throw invalidPlan(new PlanError([{ message: tooLarge, line: 1, column: 1, path: "", place: "" }]), file);
  const text = textOfBytes(bytes);
  if (typeof text === "string") return text;
  throw invalidPlan(new PlanError([{ ...text, path: "", place: "" }]), file);
}

function invalidPlan(error: PlanError, file: string): OrchestratorError {
  const lines = error.problems.map((problem) => `${file}:${problem.line}:${problem.column}: ${problemText(problem)}`);
  if (error.isCut) lines.push("Further problems are not listed.");
  return new OrchestratorError("plan_invalid", `The plan is not valid.\n${lines.join("\n")}`, error.remedy, {
    cause: error,
  });
}
