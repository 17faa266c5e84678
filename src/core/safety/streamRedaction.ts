import type { Redactor } from "./redaction";

type Redact = Redactor["redact"];

/** As `Redactor` writes it in place of a secret. */
const mask = /‹redacted:[a-z0-9-]{1,40}:[0-9a-f]{4}›/gu;

/**
 * Sequences of a terminal (ECMA-48): strings (OSC, DCS, APC, PM, SOS) with their end, control sequences, escapes, and
 * single control characters that move nothing a reader would see.
 */
const sequence =
  /\x1b[\]P_^X][\s\S]*?(?:\x07|\x1b\\|\x9c|(?=\x1b)|$)|\x1b\[[0-?]*[ -/]*[@-~]?|\x1b[ -/]*[0-~]?|[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]/gu;

/** Operating system commands that say what a program does; whatever else one carries (a clipboard, a picture) is left out. */
const toldCommands: ReadonlySet<string> = new Set(["0", "1", "2", "7", "9", "99", "133", "633", "777", "7501"]);

/**
 * Texts that stand behind each other, such as the pieces of a line in different colours: a secret that reaches over
 * several is masked in all of them, once.
 */
export function redactedPieces(pieces: readonly string[], redact: Redact): string[] {
  const whole = pieces.join("");
  const clean = redact(whole);
  if (clean === whole) return [...pieces];
  const ranges = maskedRanges(whole, clean);
  let begin = 0;
  return pieces.map((piece) => {
    const from = begin;
    const to = (begin += piece.length);
    let text = "";
    let at = from;
    for (const range of ranges) {
      if (range.end <= at || range.start >= to) continue;
      text += whole.slice(at, Math.max(at, range.start));
      if (range.start >= from) text += range.mask;
      at = Math.min(to, range.end);
    }
    return text + whole.slice(at, to);
  });
}

/** Which parts of a text are masked in its redacted form: what stands between two masks stands in both. */
function maskedRanges(whole: string, clean: string): { start: number; end: number; mask: string }[] {
  const masks = [...clean.matchAll(mask)];
  const kept = clean.split(mask);
  const ranges: { start: number; end: number; mask: string }[] = [];
  let at = kept[0]?.length ?? 0;
  for (const [index, [text]] of masks.entries()) {
    const next = kept[index + 1] ?? "";
    const last = index === masks.length - 1;
    const found = last ? whole.length - next.length : whole.indexOf(next, at);
    const end = found < at ? whole.length : found;
    ranges.push({ start: at, end, mask: text });
    at = end + next.length;
  }
  return ranges;
}

/**
 * The bytes that a terminal got, as text, without secrets: in what is written between its sequences, in titles and
 * notifications, and in the encoded texts of statuses (OSC 7501). `isCut`: its beginning is missing, so that it may begin
 * within a sequence; what stands before the first whole one is left out.
 */
export function redactedStream(stream: string, redact: Redact, isCut: boolean): string {
  const begin = isCut ? stream.search(/[\n\x1b]/) : 0;
  const whole = begin < 0 ? "" : stream.slice(begin);
  const texts: string[] = [];
  const between: string[] = [];
  let at = 0;
  for (const { 0: found, index } of whole.matchAll(sequence)) {
    texts.push(whole.slice(at, index));
    between.push(redactedSequence(found, redact));
    at = index + found.length;
  }
  texts.push(whole.slice(at));
  return redactedPieces(texts, redact)
    .map((text, index) => text + (between[index] ?? ""))
    .join("");
}

function redactedSequence(found: string, redact: Redact): string {
  const [, opening, content, end = ""] = /^\x1b([\]P_^X])([\s\S]*?)(\x07|\x1b\\|\x9c|)$/u.exec(found) ?? [];
  if (opening === undefined || content === undefined) return found;
  if (opening !== "]") return "";
  const number = /^\d*/.exec(content)?.[0] ?? "";
  if (!toldCommands.has(number)) return "";
  return `\x1b]${redactedCommand(content, redact)}${end}`;
}

/** What stands in an operating system command, from its number on: `7501;state=blocked:msg=…`. */
export function redactedCommand(content: string, redact: Redact): string {
  // A session's key makes its marks believed, and is nobody else's.
  if (content.startsWith("133;")) return redact(content.replace(/(?<=;k=)[^;]*/u, "0"));
  if (!content.startsWith("7501;")) return redact(content);
  return content
    .split(":")
    .map((field) => {
      const [, name, encoded] = /^(msg|title)=(.*)$/su.exec(field) ?? [];
      if (name === undefined || encoded === undefined) return redact(field);
      const text = decoded(encoded);
      // Whoever reads it takes it for no text either.
      return text === undefined ? `${name}=` : `${name}=${encodedText(redact(text))}`;
    })
    .join(":");
}

function decoded(base64: string): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(
      Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)),
    );
  } catch {
    return undefined;
  }
}

function encodedText(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
