import type { TerminalFacts } from "./terminalFacts";

/**
 * The same screen without the blanks that stand before every line: what a program draws at its left edge stands further right
 * where it is shown with room there. Undefined where there is none.
 */
export function atLeftEdge(facts: TerminalFacts): TerminalFacts | undefined {
  let margin = Infinity;
  for (const line of facts.lines) {
    const blanks = line.search(/\S/);
    if (blanks >= 0) margin = Math.min(margin, blanks);
    if (margin === 0) return undefined;
  }
  if (margin === Infinity) return undefined;
  const { cursor } = facts;
  return {
    ...facts,
    lines: facts.lines.map((line) => line.slice(margin)),
    cursor: { ...cursor, col: Math.max(0, cursor.col - margin) },
  };
}
