import { Unicode11Addon } from "@xterm/addon-unicode11";
import type { IUnicodeVersionProvider, Terminal } from "@xterm/xterm";

/** Cells of one character, by the very table that our session server and VS Code's own terminal count with. */
export const cellWidth: (codePoint: number) => number = readTable();

/** The add-on gives its table to a terminal; nothing else of one is needed. */
function readTable(): (codePoint: number) => number {
  let table: IUnicodeVersionProvider | undefined;
  const taker = { unicode: { register: (provider: IUnicodeVersionProvider) => (table = provider) } };
  new Unicode11Addon().activate(taker as unknown as Terminal);
  return (codePoint) => table?.wcwidth(codePoint) ?? 1;
}
