import type { SeenScreen } from "../sense/seenScreen";
import type { ShellSession } from "../session/shellSession";

/** What begins a paste, where a program wants to know (bracketed paste). */
export const pasteStart = "\x1b[200~";
/** DEC private mode of a program that wants pastes marked as such. */
const pasteMode = 2004;

/** `screen`: undefined where nobody has seen it. */
export function takesPaste(
  session: Pick<ShellSession, "asksForPaste">,
  screen: Pick<SeenScreen, "private_modes"> | undefined,
): boolean {
  return screen?.private_modes?.includes(pasteMode) ?? session.asksForPaste;
}
