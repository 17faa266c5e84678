/** So many are told of; more say nothing more. */
const mostTold = 20;

/**
 * What no plan may have as it is: control characters other than tab and line breaks, what a program puts in the place of
 * bytes that it cannot read, halves of characters. YAML has escapes for who means them.
 */
const foreign = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffd-\uffff\p{Surrogate}]|\r(?!\n)/gu;

export interface ForeignCharacter {
  readonly offset: number;
  /** A sentence without its full stop. */
  readonly message: string;
}

/** The first of them, in their order; line ends of an old kind only once. */
export function foreignCharacters(text: string): ForeignCharacter[] {
  const found: ForeignCharacter[] = [];
  for (const { index, 0: character } of text.matchAll(foreign)) {
    const message = problemOf(character);
    if (character === "\r" && found.some((each) => each.message === message)) continue;
    found.push({ offset: index, message });
    if (found.length === mostTold) break;
  }
  return found;
}

/** Whether the text can stand in a plan only with escapes. */
export function needsEscapes(text: string): boolean {
  return foreignCharacters(text).length > 0;
}

/** The text of a plan whose texts with such characters all stand in double quotes. */
export function withEscapes(yaml: string): string {
  return yaml.replace(foreign, (character) => `\\u${hexOf(character)}`);
}

function problemOf(character: string): string {
  if (character === "\ufffd") return "U+FFFD stands for bytes that were not UTF-8; save the file as UTF-8";
  if (character === "\r") return "a line ends with CR alone; save the file with LF or CRLF";
  return `the character U+${hexOf(character)} is not allowed here; in double quotes it can be written as an escape`;
}

function hexOf(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
}
