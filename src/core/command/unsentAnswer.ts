import { isSamePrompt } from "../sense/askedPrompt";
import type { RuleCatalog } from "../sense/senseTerminal";
import type { TerminalFacts } from "../sense/terminalFacts";

/** An answer that was given to the prompt with this fingerprint. */
export interface EarlierAnswer {
  readonly fingerprint: string;
  readonly answer: string;
}

/**
 * What stands before the cursor of an answer whose process ended between its first key and the rest: that key, where
 * the prompt without it is the one that was answered. Empty where nothing of an answer stands there.
 */
export function unsentAnswer(
  catalog: RuleCatalog,
  rule: string,
  facts: TerminalFacts,
  earlier: readonly EarlierAnswer[],
): string {
  const { row, col } = facts.cursor;
  const cells = Array.from(facts.lines[row] ?? "");
  const standing = cells[col - 1] ?? "";
  const answers = earlier.filter(({ answer }) => standing !== "" && Array.from(answer)[0] === standing);
  if (answers.length === 0) return "";
  const line = cells
    .toSpliced(col - 1, 1)
    .join("")
    .trimEnd();
  const without = catalog.askedBy(rule, {
    ...facts,
    lines: facts.lines.with(row, line),
    cursor: { ...facts.cursor, col: col - 1 },
  });
  const wasAsked = answers.some(({ fingerprint }) => without && isSamePrompt(fingerprint, without.fingerprint));
  return wasAsked ? standing : "";
}
