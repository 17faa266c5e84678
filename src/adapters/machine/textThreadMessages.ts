import type { PlanProblem } from "../../core/model/planError";
import type { PlanWork } from "../../core/ports/plans";
import type { RuleWork } from "../../core/ports/rules";

type TextWork = PlanWork & RuleWork;

export type TextRequest = {
  [Name in keyof TextWork]: { readonly name: Name; readonly given: Parameters<TextWork[Name]> };
}[keyof TextWork];

/** `id`: of the request. */
export type TextAnswer =
  | { readonly id: number; readonly is: "done"; readonly result: unknown }
  | { readonly id: number; readonly is: "invalid"; readonly problems: readonly PlanProblem[] }
  | { readonly id: number; readonly is: "failed"; readonly error: unknown };
