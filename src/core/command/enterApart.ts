import type { TerminalMode } from "../ports/sessions";
import { readerOfCommand } from "../session/sessionShell";

/**
 * Whether Enter must follow a text by itself: a program that is no shell reads each key. `program`: what runs there by
 * the record, for servers that do not tell how the terminal is.
 */
export function takesEnterApart(mode: TerminalMode | undefined, program: string | undefined): boolean {
  if (mode?.canonical === true) return false;
  const foreground = mode ? mode.foreground : program;
  return foreground !== undefined && readerOfCommand(foreground) === "program";
}
