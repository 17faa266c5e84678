/** Where a text was found: in one row, from and to these UTF-16 offsets. */
export interface Match {
  readonly row: number;
  readonly from: number;
  readonly to: number;
}

/** More are not worth counting. */
export const mostMatches = 10_000;

/** All places of a text, top to bottom. Capital letters only matter where the text has some. */
export function findAll(rows: readonly string[], wanted: string): Match[] {
  const matches: Match[] = [];
  if (wanted === "") return matches;
  const exact = wanted !== wanted.toLowerCase();
  // Lower case may be longer or shorter than upper case in some scripts; a row in which it is, is searched as it
  // stands.
  const lowered = (text: string): string => {
    const lower = text.toLowerCase();
    return exact || lower.length !== text.length ? text : lower;
  };
  for (const [row, text] of rows.entries()) {
    const where = lowered(text);
    for (let from = where.indexOf(wanted); from >= 0; from = where.indexOf(wanted, from + wanted.length)) {
      matches.push({ row, from, to: from + wanted.length });
      if (matches.length === mostMatches) return matches;
    }
  }
  return matches;
}

/** The match that a person is shown first: the last one, which is nearest to what they look at. */
export function stepMatch(current: number | undefined, count: number, step: 1 | -1): number | undefined {
  if (count === 0) return undefined;
  if (current === undefined || current >= count) return count - 1;
  return (current + step + count) % count;
}
