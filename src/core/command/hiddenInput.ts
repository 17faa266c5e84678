import { OrchestratorError } from "../model/errors";
import { shortSession } from "../model/names";
import { advice } from "../model/remedy";
import { unknownShell } from "../ports/safety";
import type { TerminalMode } from "../ports/sessions";
import { looksLikePrompt } from "../sense/plainPrompt";
import { readerOfCommand } from "../session/sessionShell";
import { readerOf, type TypingTarget, type TypingWorld } from "./sessionTyping";

/**
 * Whether what is typed there now is a secret, as a password is: something runs that reads lines from a terminal that
 * shows none of them (ECHO off, ICANON on; termios(4)). The prompts of bash and zsh do not echo either, and take each
 * key. False where nobody can tell: then only the one who types knows it. `mode`: how the terminal is now.
 */
export async function hidesInput(
  mode: TerminalMode | undefined,
  target: TypingTarget,
  world: Pick<TypingWorld, "clock" | "ids">,
  signal?: AbortSignal,
): Promise<boolean> {
  if (!mode || mode.echo || !mode.canonical) return false;
  return !(await waitsAtPrompt(target, world, signal));
}

/**
 * Whoever types says that it is a secret. Throws `request_invalid` where it would be seen all the same: at the prompt of
 * a shell it is a command, and a terminal that shows what is typed shows it.
 */
export async function requireHidden(
  target: TypingTarget,
  world: Pick<TypingWorld, "clock" | "ids">,
  text: string,
  signal?: AbortSignal,
): Promise<void> {
  const refuse = (why: string, remedy: string): OrchestratorError =>
    new OrchestratorError("request_invalid", why, advice(remedy));
  const name = shortSession(target.name);
  if (/[\r\n]/.test(text))
    throw refuse(
      "A secret is one line, and this has several.",
      "Send the lines one by one, each when it is asked for.",
    );
  const mode = await target.chosen.server.terminalMode(target.wire, signal);
  if (mode?.echo === true)
    throw refuse(
      `The terminal of ${name} shows what is typed there now, so nothing was sent.`,
      "Wait until the program there asks for the secret, then send it again.",
    );
  if (await waitsAtPrompt(target, world, signal))
    throw refuse(
      `The shell of ${name} is at its prompt, where a secret would be run as a command, so nothing was sent.`,
      "Start what asks for the secret first, or send the text as a command.",
    );
}

/** A shell reads what is typed, and runs it. */
async function waitsAtPrompt(
  target: TypingTarget,
  world: Pick<TypingWorld, "clock" | "ids">,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const { context, chosen, wire } = target;
  const role = await target.role();
  if (role?.agent !== undefined) return false;
  if (role?.program !== undefined && readerOfCommand(role.program) === "program") return false;
  const answers = role?.program === undefined && context?.k !== undefined && context.mode === "marks";
  if (answers && chosen.info.capabilities.resize) {
    const { shell } = await readerOf(target, world, signal);
    return shell !== unknownShell && shell !== "program";
  }
  return looksLikePrompt(await chosen.server.screen(wire, "plain", signal));
}
