import type { PlanProblem } from "../../core/model/planError";
import type { PlanWork } from "../../core/ports/plans";

export type PlanRequest = {
  [Name in keyof PlanWork]: { readonly name: Name; readonly given: Parameters<PlanWork[Name]> };
}[keyof PlanWork];

/** `id`: of the request. */
export type PlanAnswer =
  | { readonly id: number; readonly is: "done"; readonly result: unknown }
  | { readonly id: number; readonly is: "invalid"; readonly problems: readonly PlanProblem[] }
  | { readonly id: number; readonly is: "failed"; readonly error: unknown };
