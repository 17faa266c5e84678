/** Where and why bytes are no text, as a sentence without its full stop. */
export interface TextFault {
  readonly message: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units as editors count. */
  readonly column: number;
}

const saveAs = "save the file as UTF-8";

/** The text of a file that a person wrote in UTF-8, with or without its mark at the beginning, or why it is none. */
export function textOfBytes(bytes: Uint8Array): string | TextFault {
  const wide = wideEncoding(bytes);
  if (wide !== undefined) return { message: `the file is ${wide}; ${saveAs}`, line: 1, column: 1 };
  const nul = bytes.indexOf(0);
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return nul < 0 ? text : faultAt(bytes, nul, "a NUL character stands here; the file must be text");
  } catch {
    const at = firstFault(bytes);
    const byte = (bytes[at] ?? 0).toString(16).toUpperCase().padStart(2, "0");
    return faultAt(bytes, at, `the byte 0x${byte} is not UTF-8; ${saveAs}`);
  }
}

/** By its mark, or by the zero bytes that ASCII has in it. */
function wideEncoding(bytes: Uint8Array): string | undefined {
  const [first, second, third, fourth] = bytes;
  if (first === 0xff && second === 0xfe) return third === 0 && fourth === 0 ? "UTF-32" : "UTF-16";
  if (first === 0xfe && second === 0xff) return "UTF-16";
  if (first === 0 && second === 0 && third === 0xfe && fourth === 0xff) return "UTF-32";
  const start = [...bytes.subarray(0, 64)];
  const zeros = (odd: number): number => start.filter((byte, index) => byte === 0 && index % 2 === odd).length;
  const half = Math.floor(start.length / 2);
  return half > 1 && (zeros(0) === half) !== (zeros(1) === half) ? "UTF-16" : undefined;
}

function faultAt(bytes: Uint8Array, offset: number, message: string): TextFault {
  const before = new TextDecoder().decode(bytes.subarray(0, offset)).split("\n");
  return { message, line: before.length, column: (before.at(-1) ?? "").length + 1 };
}

/** The first byte of the first sequence that is not UTF-8. */
function firstFault(bytes: Uint8Array): number {
  let at = 0;
  for (let length = lengthAt(bytes, at); length > 0; length = lengthAt(bytes, at)) at += length;
  return at;
}

/** How long the character is that begins there; 0 where none does (RFC 3629 4). */
function lengthAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0xff;
  if (first < 0x80) return 1;
  const length = first < 0xc2 || first > 0xf4 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  const second = bytes[at + 1] ?? 0;
  const lowest = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const highest = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < lowest || second > highest) return 0;
  for (let next = 2; next < length; next++) if (((bytes[at + next] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}
