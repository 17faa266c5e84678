/**
 * A row that is an edge: nothing but its line, corners and the sides of a frame around it, and perhaps a title in it. Text
 * that begins with a dash ends without such a line.
 */
const edge = /^[ |]*\+?-{2,}(?:.{1,80}?-+)?[-+]*[ |]*$/u;
const line = /-{2,}/gu;
/** Shorter lines than this are written for something else. */
const shortest = "--------";

/** By what meets at a `+`: above, below, at its left, at its right. */
const corners: Readonly<Record<string, string>> = {
  "0101": "╭",
  "0110": "╮",
  "1001": "╰",
  "1010": "╯",
  "0111": "┬",
  "1011": "┴",
  "1101": "├",
  "1110": "┤",
  "1111": "┼",
};

function isSide(sign: string | undefined): boolean {
  return sign === "|" || sign === "+";
}

/** The sign at this place of an edge; `above` and `below` are the rows beside it. */
function cornerAt(row: string, at: number, above: string, below: string): string {
  const meets = [isSide(above[at]), isSide(below[at]), row[at - 1] === "-", row[at + 1] === "-"];
  return corners[meets.map(Number).join("")] ?? "─";
}

/** The outer sides of a frame in a row that is no edge: something stands above or below each, too. */
function withSides(row: string, above: string, below: string): string {
  const first = row.search(/\S/u);
  const last = row.trimEnd().length - 1;
  const drawn = [first, last].filter((at) => row[at] === "|" && (isSide(above[at]) || isSide(below[at])));
  return drawn.length === 0 ? row : Array.from(row, (sign, at) => (drawn.includes(at) ? "│" : sign)).join("");
}

/**
 * The rows with the frames that are drawn in plain letters (`+--+`, `|`), as programs do in a locale without Unicode, drawn
 * by the signs that are made for it: what is known of a screen is known of both.
 */
export function withDrawnFrames(rows: readonly string[]): readonly string[] {
  const edges = rows.map((row) => row.includes(shortest) && edge.test(row));
  if (!edges.includes(true)) return rows;
  return rows.map((row, index) => {
    const [above = "", below = ""] = [rows[index - 1], rows[index + 1]];
    if (edges[index] !== true) return row.includes("|") ? withSides(row, above, below) : row;
    return Array.from(
      row.replace(line, (run) => "─".repeat(run.length)),
      (sign, at) => {
        if (sign === "|") return "│";
        return sign === "+" ? cornerAt(row, at, above, below) : sign;
      },
    ).join("");
  });
}
