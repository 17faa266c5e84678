/**
 * Where the cursor went without text: `right` and `left` along its row, `return` to its first column, `down` a row,
 * `elsewhere` by any other control sequence that moves it.
 */
export type CursorMove = "right" | "left" | "return" | "down" | "elsewhere";

const backspace = 0x08;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** What a control character does; undefined: the cursor stays. */
export function characterMove(byte: number): CursorMove | undefined {
  if (byte === backspace) return "left";
  if (byte === lineFeed) return "down";
  return byte === carriageReturn ? "return" : undefined;
}

/** By final byte (ECMA-48, section 8.3). */
const sequenceMoves: readonly (CursorMove | undefined)[] = Array.from({ length: 0x80 }, (_, final) => {
  const letter = String.fromCharCode(final);
  if (letter === "C" || letter === "a") return "right";
  if (letter === "D") return "left";
  return "ABEFGHdf`".includes(letter) ? "elsewhere" : undefined;
});

/** What a control sequence with this final byte does; undefined: the cursor stays. */
export function sequenceMove(final: number): CursorMove | undefined {
  return sequenceMoves[final];
}

/** Runs shorter than this, in bytes, are walked faster than they are searched. */
const shortRun = 64;

/** Where the first backspace or return stands from `from` on; `end` where none does. */
export function firstMoveBack(bytes: Uint8Array, from: number, end: number): number {
  const near = Math.min(end, from + shortRun);
  for (let at = from; at < near; at++) if (bytes[at] === backspace || bytes[at] === carriageReturn) return at;
  if (near === end) return end;
  const rest = bytes.subarray(near, end);
  const found = [rest.indexOf(backspace), rest.indexOf(carriageReturn)].filter((at) => at >= 0);
  return found.length === 0 ? end : near + Math.min(...found);
}
