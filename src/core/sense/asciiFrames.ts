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
 * An edge by the letters that name its signs in the terminal's set for drawing (DEC Special Graphics: `lqqqk`). Who writes
 * a screen down without its sets of letters has these.
 */
const namedEdge = /[lmt](?:q{2,}(?!q)(?:[^q]|q(?!q)){1,60})*?q{2,}[kju](?![a-z])/gu;
const namedSigns: Readonly<Record<string, string>> = {
  l: "┌",
  k: "┐",
  m: "└",
  j: "┘",
  t: "├",
  u: "┤",
};
/** So many of them in a row are no word. */
const namedLine = "qqqqqq";

function withNamedFrames(rows: readonly string[]): readonly string[] {
  if (!rows.some((row) => row.includes(namedLine))) return rows;
  const drawn = rows.map((row) => Array.from(row));
  /** Columns of sides, and the row in which the frame of each begins. */
  const open = new Map<number, number>();
  for (const [index, row] of rows.entries()) {
    if (!row.includes(namedLine)) continue;
    for (const match of row.matchAll(namedEdge)) {
      if (!match[0].includes(namedLine)) continue;
      const first = Array.from(row.slice(0, match.index)).length;
      const signs = Array.from(match[0]);
      const last = first + signs.length - 1;
      for (const [at, sign] of signs.entries())
        if (sign === "q" && (signs[at - 1] === "q" || signs[at + 1] === "q")) put(drawn, index, first + at, "─");
      for (const column of [first, last]) {
        const begun = open.get(column);
        if (begun !== undefined)
          for (let between = begun + 1; between < index; between++)
            if (drawn[between]?.[column] === "x") put(drawn, between, column, "│");
        const sign = drawn[index]?.[column] ?? "";
        open.set(column, index);
        put(drawn, index, column, namedSigns[sign] ?? sign);
      }
    }
  }
  return drawn.map((row) => row.join(""));
}

function put(rows: readonly string[][], row: number, column: number, sign: string): void {
  const found = rows[row];
  if (found && column < found.length) found[column] = sign;
}

/**
 * The rows with the frames that are drawn in plain letters (`+--+`, `|`), as programs do in a locale without Unicode, drawn
 * by the signs that are made for it: what is known of a screen is known of both.
 */
export function withDrawnFrames(plain: readonly string[]): readonly string[] {
  const rows = withNamedFrames(plain);
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
