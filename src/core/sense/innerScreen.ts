import type { ProgramRole } from "../model/programRoles";
import { shells } from "../model/shellNames";
import type { TerminalFacts } from "./terminalFacts";

/** Programs that show another terminal on the screen of this one; some name their process by its part. */
const multiplexers = /^(?:tmux(?:: client)?|screen|byobu|dtach|abduco|dvtm|mtm)$/u;
/** The line of status of tmux: the session, then its windows, each with the name of the program in front. */
const statusLine = /^\[[^\]]*\] ?\d+:/u;
const activeWindow = /(?:^|\s)\d+:([^\s*]+)\*/u;

/** Roles of programs that draw a screen of their own. */
const drawing: ReadonlySet<ProgramRole | undefined> = new Set<ProgramRole>(["editor", "pager", "monitor"]);

/**
 * The terminal that a multiplexer shows, as far as its screen tells; undefined where none is in front, or where it asks or
 * lists something itself. `roleOf`: what is known by the name of a program.
 */
export function innerScreen(
  facts: TerminalFacts,
  roleOf: (name: string) => ProgramRole | undefined,
): TerminalFacts | undefined {
  const { foreground, running: _running, lines, cursor, ...rest } = facts;
  if (foreground === undefined || !multiplexers.test(foreground)) return undefined;
  const last = lines.at(-1) ?? "";
  const isTmux = foreground.startsWith("tmux");
  if (!cursor.visible || (isTmux && !statusLine.test(last))) return undefined;
  const named = isTmux ? activeWindow.exec(last)?.[1] : undefined;
  // A window that was opened just now may still have the name of the multiplexer.
  const inFront = named !== undefined && !multiplexers.test(named) ? named : undefined;
  return {
    ...rest,
    lines: isTmux ? lines.slice(0, -1) : lines,
    cursor,
    alternate: inFront !== undefined && !shells.has(inFront) && drawing.has(roleOf(inFront)),
    ...(inFront === undefined ? {} : { foreground: inFront }),
  };
}
