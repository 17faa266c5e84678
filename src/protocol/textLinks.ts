import { type LinkTarget, openableAddress } from "./links";

/** A link in the text of a line; offsets in UTF-16 units. */
export interface TextLink {
  readonly from: number;
  readonly to: number;
  readonly target: LinkTarget;
  readonly given: boolean;
}

/** All links in a line of text, from left to right, beside those `given`, which a program made and which go first. */
export function linksInText(text: string, given: readonly TextLink[] = []): TextLink[] {
  const found = [...given];
  const isFree = ({ from, to }: TextLink): boolean => found.every((each) => to <= each.from || from >= each.to);
  for (const find of [addresses, files]) for (const place of find(text)) if (isFree(place)) found.push(place);
  return found.filter((place) => !isRedacted(text, place)).sort((one, other) => one.from - other.from);
}

/** Something was taken out of it, or of what it is a part of: it would lead somewhere else. */
function isRedacted(text: string, { from, to }: TextLink): boolean {
  const isBlank = (at: number): boolean => /\s/.test(text.charAt(at));
  let [begin, end] = [from, to];
  while (begin > 0 && !isBlank(begin - 1)) begin--;
  while (end < text.length && !isBlank(end)) end++;
  return text.slice(begin, end).includes("‹redacted:");
}

/** No blanks, quotes, brackets of tags, lines of boxes, and no marks of scripts that write without blanks. */
const apart =
  '\\s<>"`\\u2026\\u2018-\\u201f\\u2500-\\u259f\\u3000-\\u3003\\u3008-\\u301f\\uff01-\\uff0f\\uff1a-\\uff20\\uff3b-\\uff3d\\uff5b-\\uff65';
const addressPattern = new RegExp(`(?<![A-Za-z0-9])https?://[^${apart}]+`, "giu");

function* addresses(text: string): Iterable<TextLink> {
  const pattern = new RegExp(addressPattern);
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const { 0: all, index } = match;
    const quoted = text[index - 1] === "'" ? (all.split("'")[0] ?? "") : all;
    const shown = withoutPunctuation(balanced(quoted));
    // What was cut off may have another one in it.
    pattern.lastIndex = index + Math.max(1, shown.length);
    const address = openableAddress(shown);
    if (address !== undefined)
      yield { from: index, to: index + shown.length, target: { kind: "address", address }, given: false };
  }
}

const closers: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** Cut at the first bracket that closes what the text did not open, and at one that stays open. */
function balanced(text: string): string {
  const open: { closer: string; at: number }[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    const closer = closers[character];
    if (closer !== undefined) open.push({ closer, at });
    else if (")]}".includes(character) && open.pop()?.closer !== character) return text.slice(0, at);
  }
  return text.slice(0, open[0]?.at);
}

/** A sentence's marks at the end are the sentence's. */
function withoutPunctuation(text: string): string {
  return text.replace(/[.,;:!?'*]+$/, "");
}

const line = "(\\d{1,7})";
const place = `:${line}(?::${line})?(?!\\d)`;
const letter = `[^${apart}:'|()\\[\\]{}#,=]`;
/** Blanks, quotes and colons end a name; brackets may stand in one. */
const name = `(?<!${letter})(?<path>(?:[A-Za-z]:(?=[\\\\/]))?(?:${letter}|[()\\[\\]{}#](?=${letter}))+)`;
/** Groups: the path, its line, its column. */
const filePatterns: readonly RegExp[] = [
  // Python's, whose names may have blanks.
  `(?<=[Ff]ile ")(?<path>[^"]+)", line ${line}`,
  `(?<path>file://[^${apart}:'()]+)(?:${place})?`,
  // Quoted, with blanks too.
  ...['"', "'"].flatMap((quote) => [
    `(?<=${quote})(?<path>[^${quote}:]+)${quote}${place}`,
    `(?<=${quote})(?<path>[^${quote}:]+)${place}(?=${quote})`,
  ]),
  `${name}${place}`,
  // TypeScript's and MSBuild's.
  `${name}\\((?<=\\.\\w{1,10}\\()${line}(?:, ?${line})?\\)`,
  `${name},? (?:on )?line ${line}(?:,? col(?:umn)? ${line})?`,
].map((pattern) => new RegExp(pattern, "gu"));

function* files(text: string): Iterable<TextLink> {
  for (const pattern of filePatterns)
    for (const match of text.matchAll(pattern)) {
      const [all, whole = "", line, column] = match;
      const path = withoutOpening(whole);
      // Nothing but digits is a time, or a part of one.
      if (/^\d*$/.test(path)) continue;
      const target: LinkTarget = path.startsWith("file://")
        ? {
            kind: "address",
            address: path + (line === undefined ? "" : `#L${line}${column === undefined ? "" : `,${column}`}`),
          }
        : { kind: "file", path, ...(line && { line: Number(line) }), ...(column && { column: Number(column) }) };
      yield { from: match.index + whole.length - path.length, to: match.index + all.length, target, given: false };
    }
}

/** Without what stands before an opening bracket that the name does not close, as in `f(/site/a.js`. */
function withoutOpening(text: string): string {
  let start = 0;
  const open: number[] = [];
  for (let at = 0; at < text.length; at++) {
    if ("([{".includes(text[at] ?? "")) open.push(at);
    else if (")]}".includes(text[at] ?? "") && open.pop() === undefined) start = at + 1;
  }
  return text.slice(Math.max(start, (open.at(-1) ?? -1) + 1));
}
