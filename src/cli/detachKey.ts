import type { ReadKeys } from "../core/session/attachment";
import { OrchestratorError } from "../core/model/errors";
import { advice } from "../core/model/remedy";

/** The key that gives the terminal back. */
export interface DetachKey {
  /** As people write it: `Ctrl-]`. */
  readonly title: string;
  /** The control character that it sends. */
  readonly byte: number;
  /** The character without Ctrl, as terminals name it that send keys as numbers. */
  readonly code: number;
}

export const defaultDetachKey = "Ctrl-]";

/** Keys that are also Tab, Enter or the beginning of every arrow key: a session cannot do without them. */
const needed: Readonly<Record<string, string>> = { i: "Tab", j: "Enter", m: "Enter", "[": "Escape" };

/** `ctrl-]`, `ctrl-q`, `^q`. Throws `usage` for what is no such key, or one that cannot be spared. */
export function parseDetachKey(text: string): DetachKey {
  const character = /^(?:ctrl-|c-|\^)([a-z[\]\\^_@])$/i.exec(text.trim())?.[1]?.toLowerCase();
  if (character === undefined)
    throw new OrchestratorError(
      "usage",
      `"${text}" cannot be the detach key.`,
      advice("Give a key such as Ctrl-] or Ctrl-Q."),
    );
  const title = `Ctrl-${character.toUpperCase()}`;
  const other = needed[character];
  if (other !== undefined)
    throw new OrchestratorError(
      "usage",
      `${title} cannot be the detach key: in a session, it is ${other}.`,
      advice("Give another key, such as Ctrl-] or Ctrl-Q."),
    );
  return { title, byte: character.toUpperCase().charCodeAt(0) & 0x1f, code: character.charCodeAt(0) };
}

const pasteStart = "\x1b[200~";
const pasteEnd = "\x1b[201~";

/**
 * Finds the detach key in what a terminal sends. It may come as its control character, or as a number when the
 * session's program asked for that (xterm's modifyOtherKeys, and the keyboard protocol of kitty). In a bracketed paste
 * it is text.
 */
export class KeyReader {
  readonly #pattern: RegExp;
  /** The last characters of what came before: a paste's mark may come in two pieces. */
  #tail = "";
  #pasting = false;

  constructor({ byte, code }: DetachKey) {
    const control = `\\x${byte.toString(16).padStart(2, "0")}`;
    // Ctrl is 1 + 4; Caps Lock adds 64, Num Lock 128. The second number after a colon is press or repeat, never release
    // (3).
    const kitty = `\\x1b\\[${code}(?::\\d*){0,2};(?:5|69|133|197)(?::[12])?(?:;[\\d:]*)?u`;
    this.#pattern = new RegExp(`\\x1b\\[200~|${control}|${kitty}|\\x1b\\[27;5;${code}~`, "g");
  }

  read(chunk: Uint8Array): ReadKeys {
    const before = this.#tail.length;
    const text = this.#tail + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString("latin1");
    this.#tail = text.slice(1 - pasteStart.length);
    for (let at = 0; ;) {
      if (this.#pasting) {
        const end = text.indexOf(pasteEnd, at);
        if (end < 0) break;
        this.#pasting = false;
        at = end + pasteEnd.length;
      }
      this.#pattern.lastIndex = at;
      const match = this.#pattern.exec(text);
      if (!match) break;
      if (match[0] !== pasteStart) return { keys: chunk.subarray(0, Math.max(0, match.index - before)), detach: true };
      this.#pasting = true;
      at = match.index + pasteStart.length;
    }
    return { keys: chunk, detach: false };
  }
}
