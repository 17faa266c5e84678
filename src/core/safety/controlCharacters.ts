import { codePointName } from "../sense/typedText";

/**
 * Makes text safe to keep and to show: whole terminal sequences go (CSI, OSC, DCS, APC, PM, SOS, in 7-bit and 8-bit
 * form, also cut-off ones), then every other control character except newline and tab, and characters that reorder or
 * hide text. Idempotent; time linear in the length. `keepNewlines: false` is for names and titles: each newline or tab
 * becomes a space.
 */
export function stripControlCharacters(text: string, options: { readonly keepNewlines?: boolean } = {}): string {
  const printable =
    !plain.test(text) && suspect().test(text)
      ? dropInvisible(dropSequences(text.replace(/\p{Surrogate}/gu, "\ufffd")))
      : text;
  return options.keepNewlines === false ? printable.replace(/[\n\t]/g, " ") : printable;
}

/*
 * Patterns that name properties of characters take V8 a tenth of a millisecond and more to read, each: a short command
 * whose texts are in ASCII needs none of them.
 */

/** Most lines. */
const plain = /^[\t\n\u0020-\u007e]*$/;

/**
 * Whether there is anything to do at all; most lines have nothing. Lone surrogates cannot be written as UTF-8, and two
 * of them could join into a hidden character.
 */
const suspect = (): RegExp =>
  /[\p{Surrogate}\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/u;

/**
 * Bidi controls, zero-width characters, line and paragraph separators, and the tag block, in which text can be hidden
 * from people but not from programs. The joiners U+200C and U+200D are treated on their own.
 */
const invisible = (): RegExp =>
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

function dropInvisible(text: string): string {
  return text.replace(invisible(), "").replace(/[\u200c\u200d]+/g, keepJoiner);
}

/** A joiner belongs into emoji and some scripts; beside ASCII it only splits words that a search should find. */
function keepJoiner(joiners: string, offset: number, text: string): string {
  const before = text.charCodeAt(offset - 1);
  const after = text.charCodeAt(offset + joiners.length);
  return before > 0x7f && after > 0x7f ? joiners.charAt(0) : "";
}

/**
 * What a reader does not see, sees as something else, or cannot tell from a plain blank: control and format characters,
 * those for private use, unassigned for ever, or ignored where no font has them, and blanks that are not U+0020.
 */
const unseen = (): RegExp =>
  /[\p{Cc}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Zs}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\ufff9-\ufffb]/gu;

/**
 * A text that is about to be typed, for a person who has to agree to it: nothing is left out, and what nobody would see
 * stands there by its name (`r<U+0085>m`). Line ends of Windows are line ends. Idempotent.
 */
export function visibleText(text: string): string {
  if (/^[\n\t\u0020-\u007e]*$/.test(text)) return text;
  return text
    .replaceAll("\r\n", "\n")
    .replace(unseen(), (character, offset: number, whole: string) =>
      /[ \n\t]/.test(character) || isPartOfEmoji(character, whole, offset)
        ? character
        : `<${codePointName(character.codePointAt(0) ?? 0)}>`,
    );
}

/** A joiner or a variation selector right behind a pictograph, which only shapes it. */
function isPartOfEmoji(character: string, text: string, offset: number): boolean {
  const shapes = character === "\u200d" || character === "\ufe0f";
  return shapes && pictograph().test(text.slice(Math.max(0, offset - 2), offset));
}

const pictograph = (): RegExp => /(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)$/u;

const introducers = /[\u001b\u0090\u0098\u009b\u009d-\u009f]/g;

function dropSequences(text: string): string {
  introducers.lastIndex = 0;
  let match = introducers.exec(text);
  if (!match) return text;
  const terminators = new Terminators(text);
  const kept: string[] = [];
  let from = 0;
  while (match) {
    kept.push(text.slice(from, match.index));
    from = endOfSequence(text, match.index, terminators);
    introducers.lastIndex = from;
    match = introducers.exec(text);
  }
  kept.push(text.slice(from));
  return kept.join("");
}

/** Where the sequence that begins at `start` is over (ECMA-48 5.4 and 5.6; xterm's ctlseqs for strings). */
function endOfSequence(text: string, start: number, terminators: Terminators): number {
  switch (text.charAt(start)) {
    case "\u009b":
      return endOfControlSequence(text, start + 1);
    case "\u009d":
      return terminators.endOfString(start + 1, true);
    case "\u001b":
      return endOfEscape(text, start + 1, terminators);
    default:
      return terminators.endOfString(start + 1, false);
  }
}

function endOfEscape(text: string, at: number, terminators: Terminators): number {
  switch (text.charAt(at)) {
    case "[":
      return endOfControlSequence(text, at + 1);
    case "]":
      return terminators.endOfString(at + 1, true);
    // k: the title sequence of screen and tmux.
    case "P":
    case "X":
    case "^":
    case "_":
    case "k":
      return terminators.endOfString(at + 1, false);
    default: {
      let end = at;
      while (inRange(text, end, 0x20, 0x2f)) end++;
      return inRange(text, end, 0x30, 0x7e) ? end + 1 : end;
    }
  }
}

/** Parameters, intermediates, final byte; what breaks the form ends it. */
function endOfControlSequence(text: string, at: number): number {
  let end = at;
  while (inRange(text, end, 0x30, 0x3f)) end++;
  while (inRange(text, end, 0x20, 0x2f)) end++;
  return inRange(text, end, 0x40, 0x7e) ? end + 1 : end;
}

function inRange(text: string, at: number, low: number, high: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= low && unit <= high;
}

/**
 * Finds the ends of OSC, DCS and the other strings. A terminal swallows everything up to the terminator, so nobody has
 * seen it; when there is none (the text was cut off) only the rest of the line goes. Remembers what it found, so that
 * many openings without an end stay linear.
 */
class Terminators {
  readonly #text: string;
  readonly #next = new Map<RegExp, number>();

  constructor(text: string) {
    this.#text = text;
  }

  endOfString(from: number, bellEnds: boolean): number {
    const end = this.#find(bellEnds ? endsWithBell : endsWithout, from);
    if (end === this.#text.length) return this.#find(lineEnd, from);
    // An escape starts the next sequence (usually ESC \, the terminator), the others belong to this one.
    return this.#text.charAt(end) === "\u001b" ? end : end + 1;
  }

  #find(pattern: RegExp, from: number): number {
    const known = this.#next.get(pattern);
    if (known !== undefined && known >= from) return known;
    pattern.lastIndex = from;
    const found = pattern.exec(this.#text)?.index ?? this.#text.length;
    this.#next.set(pattern, found);
    return found;
  }
}

const endsWithBell = /[\u0007\u0018\u001a\u001b\u009c]/g;
const endsWithout = /[\u0018\u001a\u001b\u009c]/g;
const lineEnd = /\n/g;
