import type { Screen } from "../core/ports/sessions";
import { styledRow } from "../core/session/styledText";

/** Ends a half-read sequence (ECMA-48: CAN); alone it does nothing. */
const cancel = "\x18";
const beginChange = "\x1b[?2026h";
const endChange = "\x1b[?2026l";
const plainStyle = "\x1b[0m";
/** Modes of xterm's ctlseqs that change what a terminal sends. */
const sendingModes = [1, 9, 1000, 1002, 1003, 1004, 1005, 1006, 1015, 1016, 2004];
const keypadMode = 66;

export const enterAlternate = "\x1b[?1049h";
export const leaveAlternate = "\x1b[?1049l";
/** Keeps and gives back the title of the window (XTWINOPS 22 and 23). */
export const keepTitle = "\x1b[22;0t";
export const titleKept = "\x1b[23;0t";

/**
 * The session's screen, each row at its place, and the cursor. The active style, margins and the saved cursor are not
 * known and are taken to be plain. `rows`: of the terminal; of a higher screen the lowest rows are drawn.
 */
export function pictureOf(screen: Screen, rows: number): string {
  const skipped = Math.max(0, screen.rows - rows);
  const cursorRow = screen.cursor.row - skipped;
  const lines = screen.lines.slice(skipped);
  const drawRow = (row: number): string => `\x1b[${row + 1};1H\x1b[2K${styledRow(lines[row] ?? "")}`;
  const below = lines.length < rows ? `\x1b[${lines.length + 1};1H\x1b[J` : "";
  // After a full row the wrap is pending: a terminal gets there only by drawing that row last, with wrapping on.
  const pending = screen.cursor.col >= screen.cols && cursorRow >= 0;
  return [
    cancel,
    beginChange,
    `${plainStyle}\x1b(B\x0f\x1b[?6l\x1b[r\x1b[?7l\x1b[?25l`,
    ...lines.flatMap((_, row) => (row === cursorRow ? [] : [drawRow(row)])),
    below,
    "\x1b[?7h",
    cursorRow < 0 ? "" : drawRow(cursorRow),
    pending ? "" : `\x1b[${Math.max(0, cursorRow) + 1};${screen.cursor.col + 1}H`,
    screen.cursor.visible ? "\x1b[?25h" : "",
    endChange,
  ].join("");
}

/**
 * A line over the last row, or over the first when somebody types in the last; it stays until the screen is drawn
 * again.
 */
export function noticeOver(
  screen: Screen,
  size: { readonly rows: number; readonly cols: number },
  text: string,
): string {
  const lowest = Math.min(screen.rows, size.rows) - 1;
  const cursorRow = screen.cursor.row - Math.max(0, screen.rows - size.rows);
  const row = cursorRow >= lowest && !screen.alternate_active ? 1 : size.rows;
  return `\x1b7\x1b[${row};1H\x1b[0;7m ${text.slice(0, Math.max(0, size.cols - 3))} \x1b[0m\x1b8`;
}

/**
 * Switches the modes that decide what keys, mouse and pastes send; off first, because the mouse modes exclude each
 * other.
 */
export function sendingModesOf(on: readonly number[]): string {
  const off = sendingModes.filter((mode) => !on.includes(mode)).map((mode) => `\x1b[?${mode}l`);
  const set = sendingModes.filter((mode) => on.includes(mode)).map((mode) => `\x1b[?${mode}h`);
  return `${off.join("")}${set.join("")}\x1b${on.includes(keypadMode) ? "=" : ">"}`;
}

/**
 * What a server does not tell is guessed from convention: full-screen programs want application keys, line editors at a
 * prompt bracketed pastes. A session's own output corrects it later.
 */
export function guessedModes(screen: Pick<Screen, "alternate_active">, atPrompt: boolean): readonly number[] {
  if (screen.alternate_active) return [1, keypadMode];
  return atPrompt ? [2004] : [];
}

/**
 * Takes back whatever a session may have switched. `palette`: the operating system commands with which it changed
 * colours (4, 10 to 19). The cursor stays where it is.
 */
export function restoredTerminal(options: { readonly alternate: boolean; readonly palette: Iterable<number> }): string {
  return [
    cancel,
    options.alternate ? leaveAlternate : "",
    // Margins send the cursor home, so its place is kept around them; the soft reset takes back origin mode, which
    // would come back with it.
    "\x1b7\x1b[r\x1b8\x1b[!p\x1b(B\x0f\x1b[4l\x1b[20l\x1b[?7h\x1b[?25h\x1b[?5l",
    sendingModesOf([]),
    endChange,
    // Cursor shape; modifyOtherKeys; flags of kitty's keyboard protocol.
    "\x1b[0 q\x1b[>4m\x1b[=0u",
    ...[...options.palette].map((code) => `\x1b]${code + 100}\x07`),
    // Last, because a terminal that does not know the sequences above may take one for a style.
    plainStyle,
    titleKept,
  ].join("");
}
