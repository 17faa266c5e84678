import { OrchestratorError } from "./errors";

/** Who has mended so many looks again; a text that is no plan has one in every line. */
export const mostProblems = 100;

/** What an editor can do about a problem. */
export type PlanMend =
  /** Another word stands in place of the wrong one, which begins at the problem's place or in quotes there. */
  | { readonly how: "replace"; readonly wrong: string; readonly right: string }
  /** The plan gets a role of that name. */
  | { readonly how: "add_role"; readonly role: string };

export interface PlanProblem {
  /** A sentence without its full stop: `unknown key "rloes"; did you mean "roles"?` */
  readonly message: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** Where in the plan, such as `tasks[2].run`; empty for the whole. */
  readonly path: string;
  /** The same for people, who know a task by its id: `task "build": run`. */
  readonly place: string;
  /** The likeliest first; absent: nobody but its writer knows. */
  readonly mends?: readonly PlanMend[];
}

/** `task "build": run: must not be empty` */
export function problemText({ place, message }: Pick<PlanProblem, "place" | "message">): string {
  return place === "" ? message : `${place}: ${message}`;
}

/** A plan that cannot be used, with everything that is wrong with it, in the order of the text. */
export class PlanError extends OrchestratorError {
  readonly problems: readonly PlanProblem[];
  /** There may be more problems than these. */
  readonly isCut: boolean;

  constructor(problems: readonly PlanProblem[]) {
    const sorted = [...problems].sort((one, other) => one.line - other.line || one.column - other.column);
    const lines = sorted.map((problem) => `line ${problem.line}, column ${problem.column}: ${problemText(problem)}`);
    const isCut = problems.length >= mostProblems;
    const more = isCut ? "; further problems are not listed" : "";
    super("plan_invalid", `The plan is not valid: ${lines.join("; ")}${more}.`.replace(/([?!])\.$/, "$1"), {
      kind: "correct_plan",
      problems: problems.length,
    });
    this.problems = sorted;
    this.isCut = isCut;
  }
}
