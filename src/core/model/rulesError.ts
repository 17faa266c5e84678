import { mostProblems } from "./planError";
import { OrchestratorError } from "./errors";
import type { Remedy } from "./remedy";

/** One thing that is wrong with a file of a person's own rules, or with one of an agent. */
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
    const sorted = inOrder(problems);
    super("rules_invalid", `The rules in ${file} ${outcome}: ${problemsText(sorted)}`, correction(file, sorted));
    this.problems = sorted;
  }
}

/** A file with a person's own profile of a coding agent that is not used, with all that is wrong with it. */
export class AgentFileError extends OrchestratorError {
  constructor(
    readonly file: string,
    problems: readonly RuleProblem[],
  ) {
    const sorted = inOrder(problems);
    super("agent_invalid", `The agent in ${file} is not used: ${problemsText(sorted)}`, correction(file, sorted));
  }
}

function inOrder(problems: readonly RuleProblem[]): readonly RuleProblem[] {
  return [...problems].sort((one, other) => one.line - other.line || one.column - other.column);
}

function problemsText(sorted: readonly RuleProblem[]): string {
  const lines = sorted.map(
    ({ line, column, place, message }) =>
      `line ${line}, column ${column}: ${place === "" ? message : `${place}: ${message}`}`,
  );
  const more = sorted.length >= mostProblems ? "; further problems are not listed" : "";
  return `${lines.join("; ")}${more}.`.replace(/([?!])\.$/, "$1");
}

function correction(file: string, [first]: readonly RuleProblem[]): Remedy {
  return { kind: "correct_rules", file, line: first?.line ?? 1, column: first?.column ?? 1 };
}
