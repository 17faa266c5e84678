/**
 * Characters that take two cells: East Asian wide and full-width forms (Unicode 16, UAX #11) and what is shown as
 * emoji. Patterns that name properties of characters are made where a text needs them: V8 takes long to read them.
 */
const wide = (): RegExp =>
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{16fe0}-\u{18cff}\u{1aff0}-\u{1b2ff}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\p{Emoji}\ufe0f/u;
const invisible = (): RegExp => /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}\u1160-\u11ff]*$/u;
const ascii = /^[\u0020-\u007e]*$/;
/** Letters of the west, and signs such as `…`, `–`, `▸` and `✓`: none of them joins another (UAX #29). */
const single = /^[\u0020-\u007e\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u27bf]*$/;

let segmenter: Intl.Segmenter | undefined;

/**
 * The characters as a person counts them, each with its place in the text. What tells them apart takes 8 ms to load:
 * it is made when a text first needs it.
 */
export function graphemesOf(text: string): Iterable<Pick<Intl.SegmentData, "segment" | "index">> {
  if (single.test(text)) return Array.from(text, (segment, index) => ({ segment, index }));
  segmenter ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  return segmenter.segment(text);
}

function widthOf(grapheme: string): number {
  if (invisible().test(grapheme)) return 0;
  return wide().test(grapheme) ? 2 : 1;
}

/** How many cells of a terminal the text takes. It must hold no control characters. */
export function textWidth(text: string): number {
  if (ascii.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemesOf(text)) width += widthOf(segment);
  return width;
}

/** The text within `cells`, cut on a character, with `…` where something is missing. */
export function cutToWidth(text: string, cells: number): string {
  if (cells <= 0) return "";
  if (ascii.test(text)) return text.length <= cells ? text : `${text.slice(0, cells - 1)}…`;
  let width = 0;
  let kept = "";
  let keptBeforeMark = "";
  for (const { segment } of graphemesOf(text)) {
    width += widthOf(segment);
    if (width > cells) return `${keptBeforeMark}…`;
    kept += segment;
    if (width <= cells - 1) keptBeforeMark = kept;
  }
  return kept;
}

/** The same with `…` in its middle: both ends of a name tell it from others. */
export function cutInMiddle(text: string, cells: number): string {
  if (textWidth(text) <= cells) return text;
  const graphemes = [...graphemesOf(text)].map(({ segment }) => segment);
  const head = cutToWidth(text, Math.ceil(cells / 2));
  let tail = "";
  while (graphemes.length > 0 && textWidth(head) + textWidth(tail) + textWidth(graphemes.at(-1) ?? "") <= cells)
    tail = `${graphemes.pop() ?? ""}${tail}`;
  return head + tail;
}

/** Filled with blanks to exactly `cells`, cut when it is longer. */
export function padToWidth(text: string, cells: number): string {
  const cut = cutToWidth(text, cells);
  return cut + " ".repeat(Math.max(0, cells - textWidth(cut)));
}
