import type { Condition, ProgramRules } from "../programRules";

/**
 * A program that reads a line of a language, runs it, and shows what came of it: at its prompt, also at the one for the
 * rest of a statement, with or without something typed behind it. `unless`: what else shows the same sign. What it runs may ask by itself.
 */
export function promptRules(
  program: string,
  title: string,
  commands: readonly string[],
  prompt: Required<Pick<Condition, "matches">> & Pick<Condition, "alternate">,
  unless: readonly Condition[] = [],
): ProgramRules {
  return {
    program,
    title,
    role: "repl",
    recorded: [],
    known: { commands },
    regions: { ending: { bottom: 12 } },
    rules: [
      {
        name: "prompt",
        state: "idle",
        kind: "repl",
        confidence: "high",
        when: [{ in: "before_cursor", cursor: "visible", ...prompt }],
        unless,
      },
    ],
  };
}
