export const mouseButtons = ["left", "middle", "right", "none"] as const;
export const mouseActions = ["press", "release", "move", "wheelUp", "wheelDown", "wheelLeft", "wheelRight"] as const;

/** One thing that the mouse does over a screen. */
export interface MouseAct {
  readonly action: (typeof mouseActions)[number];
  /** That is pressed or let go, or is down while the mouse moves; `none` for the wheel. */
  readonly button: (typeof mouseButtons)[number];
  /** The cell, from 0. */
  readonly row: number;
  readonly col: number;
  /** The place in pixels, from the screen's upper left corner. */
  readonly x: number;
  readonly y: number;
  readonly shift: boolean;
  readonly alt: boolean;
  readonly ctrl: boolean;
  /** Of the wheel: lines that it would scroll a page by, at least 1. */
  readonly lines: number;
}

/** Modes of xterm's ctlseqs, *Mouse Tracking*. */
const pressesOnly = 9;
const presses = 1000;
const drags = 1002;
const moves = 1003;
const utf8 = 1005;
const sgr = 1006;
const urxvt = 1015;
const sgrPixels = 1016;
const applicationCursor = 1;

/** Whether a program asked for the mouse. */
export function takesMouse(modes: readonly number[]): boolean {
  return tracking(modes) !== undefined;
}

/** Whether the program wants to know of moves without a button that is down. */
export function takesMoves(modes: readonly number[]): boolean {
  return tracking(modes) === moves;
}

/**
 * What a terminal sends for it; empty where the program does not want to know of it. A full-screen program that asked
 * for no mouse gets arrows for the wheel, as VS Code's own terminal has it: there is nothing else to scroll.
 */
export function mouseBytes(act: MouseAct, modes: readonly number[], alternate: boolean): string | Uint8Array {
  const mode = tracking(modes);
  if (mode === undefined) return alternate ? arrows(act, modes) : "";
  if (!isWanted(act, mode)) return "";
  const held = mode === pressesOnly ? 0 : (act.shift ? 4 : 0) + (act.alt ? 8 : 0) + (act.ctrl ? 16 : 0);
  const code = buttonCode(act) + held;
  const [column, row] = [act.col + 1, act.row + 1];
  const end = act.action === "release" ? "m" : "M";
  // The others cannot say which button is let go.
  const other = act.action === "release" ? 3 + held : code;
  if (modes.includes(sgrPixels)) return `\x1b[<${code};${act.x};${act.y}${end}`;
  if (modes.includes(sgr)) return `\x1b[<${code};${column};${row}${end}`;
  if (modes.includes(urxvt)) return `\x1b[${other + 32};${column};${row}M`;
  if (modes.includes(utf8)) {
    if (Math.max(column, row) > 2015) return "";
    return `\x1b[M${String.fromCharCode(other + 32, column + 32, row + 32)}`;
  }
  // A byte for each number has no room for more.
  if (Math.max(column, row) > 223) return "";
  return Uint8Array.of(0x1b, 0x5b, 0x4d, other + 32, column + 32, row + 32);
}

/** The last one that was switched on; of several the one that tells most, where a server kept them all. */
function tracking(modes: readonly number[]): number | undefined {
  return [moves, drags, presses, pressesOnly].find((mode) => modes.includes(mode));
}

function isWanted({ action, button }: MouseAct, mode: number): boolean {
  if (mode === pressesOnly) return action === "press";
  if (action !== "move") return true;
  return mode === moves || (mode === drags && button !== "none");
}

function buttonCode({ action, button }: MouseAct): number {
  const wheel = { wheelUp: 64, wheelDown: 65, wheelLeft: 66, wheelRight: 67 };
  if (action !== "press" && action !== "release" && action !== "move") return wheel[action];
  const own = { left: 0, middle: 1, right: 2, none: 3 }[button];
  return action === "move" ? own + 32 : own;
}

function arrows({ action, lines }: MouseAct, modes: readonly number[]): string {
  const letter = { wheelUp: "A", wheelDown: "B" }[action as string];
  if (letter === undefined) return "";
  return `\x1b${modes.includes(applicationCursor) ? "O" : "["}${letter}`.repeat(Math.max(1, lines));
}
