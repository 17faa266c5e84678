import { parsePlan } from "../../src/core/model/plan";
import { PlanError, type PlanProblem } from "../../src/core/model/planError";

/** The problems for which a plan is refused; fails when it is accepted. */
export function problemsOf(text: string): readonly PlanProblem[] {
  try {
    parsePlan(text);
  } catch (error) {
    if (error instanceof PlanError) return error.problems;
    throw error;
  }
  throw new Error(`The plan was accepted:\n${text}`);
}

/** `line:column message` of each problem. */
export function found(text: string): string[] {
  return problemsOf(text).map(
    (problem) =>
      `${problem.line}:${problem.column} ${problem.path === "" ? "" : `${problem.path}: `}${problem.message}`,
  );
}

export const head = "project: a\nroles: { r: {} }\n";
export const withTask = (rest: string): string => `${head}tasks:\n  - id: one\n    role: r\n    run: x\n${rest}`;
