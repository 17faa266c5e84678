/** What ends a paste: whatever a text holds of it would be keys. */
export const pasteEnd = "\x1b[201~";

/** Keys to a terminal, or characters that it takes for the beginning of a control sequence (C0 but newline and tab, DEL, C1). */
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/**
 * What a text becomes when it is typed at a shell: the one truth for whatever types it and for whoever judges it. Line
 * ends are newlines; no control characters but newline and tab, so no end of a paste either; a lone surrogate is
 * U+FFFD, as UTF-8 has it; no empty lines at the end.
 */
export function typedText(text: string): string {
  return text
    .replaceAll(pasteEnd, "")
    .replace(/\r\n?/g, "\n")
    .replace(control, "")
    .replace(/\p{Surrogate}/gu, "\ufffd")
    .replace(/\n+$/, "");
}

/** What a shell makes of a text that is typed at it. `shell`: a name, such as `zsh`. */
export function arrivingText(text: string, shell: string): string {
  const typed = typedText(text);
  const own = changedByShell.get(shell);
  return own ? typed.replace(new RegExp(own.pattern, "gu"), own.arrivesAs) : typed;
}

/** A character that does not reach the shell as it stands in the text. */
export interface AlteredCharacter {
  /** `U+0085`. */
  readonly name: string;
  /** From 1; columns in characters. */
  readonly line: number;
  readonly column: number;
  /** `key`: taken out, since a terminal would take it for a key. */
  readonly becomes: "key" | "newline" | "replacement" | "lost" | "byte";
}

const changedByTyping = /\r(?!\n)|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]|\p{Surrogate}/u;

/**
 * What line editors make something else of, by shell. Measured over the whole Basic Multilingual Plane, pasted and
 * typed: zsh 5.9 takes U+E000 to U+E0FF for the bytes 00 to FF, fish 3.6 drops the code points that it uses itself;
 * bash 5.2 keeps them all.
 */
const changedByShell: ReadonlyMap<string, OwnCharacters> = new Map<string, OwnCharacters>([
  ["zsh", { pattern: /[\ue000-\ue0ff]/u, becomes: "byte", arrivesAs: (each) => byteOf(each) }],
  ["fish", { pattern: /[\ufdd0-\ufdef\uf600-\uf6ff]/u, becomes: "lost", arrivesAs: () => "" }],
]);

interface OwnCharacters {
  readonly pattern: RegExp;
  readonly becomes: "lost" | "byte";
  readonly arrivesAs: (character: string) => string;
}

function byteOf(character: string): string {
  return String.fromCharCode(character.charCodeAt(0) & 0xff);
}

/** The first character that does not arrive as it is written; line ends of Windows count as what they are. */
export function alteredCharacter(text: string, shell: string): AlteredCharacter | undefined {
  const typed = changedByTyping.exec(text);
  if (typed) return { ...placeOf(text, typed.index), becomes: becomesOf(typed[0]) };
  const own = changedByShell.get(shell);
  const found = own?.pattern.exec(text);
  return own && found ? { ...placeOf(text, found.index), becomes: own.becomes } : undefined;
}

function becomesOf(character: string): AlteredCharacter["becomes"] {
  if (character === "\r") return "newline";
  return /\p{Surrogate}/u.test(character) ? "replacement" : "key";
}

function placeOf(text: string, index: number): Omit<AlteredCharacter, "becomes"> {
  const lines = text.slice(0, index).split("\n");
  return {
    name: codePointName(text.codePointAt(index) ?? 0),
    line: lines.length,
    column: Array.from(lines.at(-1) ?? "").length + 1,
  };
}

/** `U+0085`. */
export function codePointName(codePoint: number): string {
  return `U+${codePoint.toString(16).toUpperCase().padStart(4, "0")}`;
}
