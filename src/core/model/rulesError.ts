import { mostProblems } from "./planError";
import { OrchestratorError } from "./errors";

/** One thing that is wrong with a file of rules. */
export interface RuleProblem {
  /** A sentence without its full stop: `unknown key "wehn"; did you mean "when"?` */
  readonly message: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** Where in the file, such as `rule "permission": when[0].matches`; empty for the whole. */
  readonly place: string;
}

/** A file of a person's own rules that is not used, with all that is wrong with it, in the order of the text. */
export class RulesError extends OrchestratorError {
  readonly problems: readonly RuleProblem[];

  constructor(
    readonly file: string,
    problems: readonly RuleProblem[],
    /** What became of the rules. */
    outcome = "are not used",
  ) {
    const sorted = [...problems].sort((one, other) => one.line - other.line || one.column - other.column);
    const lines = sorted.map(
      ({ line, column, place, message }) =>
        `line ${line}, column ${column}: ${place === "" ? message : `${place}: ${message}`}`,
    );
    const more = problems.length >= mostProblems ? "; further problems are not listed" : "";
    super("rules_invalid", `The rules in ${file} ${outcome}: ${lines.join("; ")}${more}.`.replace(/([?!])\.$/, "$1"), {
      kind: "correct_rules",
      file,
      line: sorted[0]?.line ?? 1,
      column: sorted[0]?.column ?? 1,
    });
    this.problems = sorted;
  }
}
