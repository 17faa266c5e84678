import { maxScrollbackPage, type WireLine, type WireScrollback } from "./wire";

/** Lines that a page shares with the one before it, to see whether the history moved in between. */
const overlap = 64;
const tries = 3;

/**
 * The last `wanted` lines of history and screen, oldest first. A full history drops a line for each new one, so indices
 * shift while pages are read: neighbouring pages must agree on the lines they share, else all is read again; after the
 * third time they are joined as they are.
 */
export async function readScrollback(
  wanted: number,
  page: (offset: number, limit: number) => Promise<Pick<WireScrollback, "lines" | "total_lines">>,
): Promise<{ lines: WireLine[]; total_lines: number }> {
  for (let left = tries; ; left--) {
    const { total_lines } = await page(0, 0);
    const lines: WireLine[] = [];
    let agreed = true;
    for (let offset = Math.max(0, total_lines - wanted); offset < total_lines;) {
      const shared = Math.min(overlap, lines.length);
      const limit = Math.min(maxScrollbackPage, total_lines - offset + shared);
      const answer = await page(offset - shared, limit);
      agreed &&= sameLines(lines.slice(lines.length - shared), answer.lines.slice(0, shared));
      const fresh = answer.lines.slice(shared);
      for (const line of fresh) lines.push(line);
      offset += fresh.length;
      // The history got shorter: it was cleared, or a full-screen program started.
      if (fresh.length === 0) break;
    }
    if (agreed || left <= 1) return { lines, total_lines };
  }
}

function sameLines(one: readonly WireLine[], other: readonly WireLine[]): boolean {
  return one.length === other.length && JSON.stringify(one) === JSON.stringify(other);
}
