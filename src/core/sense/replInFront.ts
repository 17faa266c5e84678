import { databaseShells } from "./programs/databaseShells";
import { repls } from "./programs/repls";
import type { SeenScreen } from "./seenScreen";

/**
 * Whether a program that reads a language of its own has the terminal, and stands at its prompt: then no shell reads what
 * is typed. The name alone does not say so, since a script of that language may have a shell in it. `foreground`: the
 * name of the process in front.
 */
export function isReplInFront(foreground: string, { lines, cursor }: Pick<SeenScreen, "lines" | "cursor">): boolean {
  // A prompt's blank is cut off a plain row.
  const row = (lines[cursor.row] ?? "").padEnd(cursor.col);
  const before = Array.from(row).slice(0, cursor.col).join("");
  return [...repls, ...databaseShells].some(
    ({ known, rules }) =>
      (known.commands ?? []).includes(foreground) &&
      rules.some(({ kind, when }) => kind === "repl" && when.some(({ matches }) => matches?.test(before) === true)),
  );
}
