import { OrchestratorError } from "../core/model/errors";
import { advice, nothingToDo } from "../core/model/remedy";
import type { Container } from "./container";

/** A secret is a line; whoever pipes more has piped the wrong thing. */
const longestSecret = 64 * 1024;

/** Throws `usage`. Arguments are seen by other users (ps) and kept in histories. */
export function requireNoSecret(words: readonly string[]): void {
  if (words.length === 0) return;
  throw new OrchestratorError(
    "usage",
    "A secret is never an argument: other users and the history of the shell would see it.",
    advice("Leave the text out: it is asked for, without being shown, or read from a pipe."),
  );
}

/**
 * A secret from the terminal, where it is asked for and not shown, or from a pipe, without the newline at its end.
 * Throws `usage` where there is none, and `interrupted` when the person presses Ctrl-C or Ctrl-D.
 */
export async function readSecret({ output, interrupts }: Container, session: string): Promise<string> {
  const { stdin } = output;
  const text = stdin.isTTY
    ? await typedUnseen(output, `Text for ${session} (not shown): `)
    : await piped(stdin, interrupts.signal);
  if (text === "")
    throw new OrchestratorError(
      "usage",
      "There is no text to send.",
      advice("Type the text when it is asked for, or give it through a pipe."),
    );
  return text;
}

async function piped(stdin: NodeJS.ReadStream, signal: AbortSignal): Promise<string> {
  let text = "";
  stdin.setEncoding("utf8");
  for await (const part of stdin) {
    signal.throwIfAborted();
    text += String(part);
    if (text.length > longestSecret)
      throw new OrchestratorError("usage", "The text is too long for a secret.", advice("Give a single line."));
  }
  return text.replace(/\r?\n$/, "");
}

/** Read key by key, since a terminal shows whole lines. */
function typedUnseen({ stdin, stderr }: Container["output"], prompt: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const end = (tell: () => void): void => {
      stdin.off("data", onData);
      stdin.setRawMode(false);
      process.off("exit", restore);
      stdin.pause();
      stdin.unref();
      stderr.write("\n");
      tell();
    };
    const restore = (): void => void stdin.setRawMode(false);
    const onData = (chunk: string): void => {
      // Cursor keys and the marks around a paste are no text.
      for (const key of chunk.replace(/\x1b(?:\[[0-9;?]*[ -/]*[@-~]|O.|.)?/g, "")) {
        if (key === "\r" || key === "\n") {
          end(() => resolve(text));
          return;
        }
        if (key === "\x03" || (key === "\x04" && text === "")) {
          end(() => reject(new OrchestratorError("interrupted", "Nothing was sent.", nothingToDo)));
          return;
        }
        if (key === "\x7f" || key === "\b") text = Array.from(text).slice(0, -1).join("");
        else if (key === "\x15") text = "";
        else if (key >= " ") text += key;
      }
    };
    stderr.write(prompt);
    stdin.setEncoding("utf8");
    stdin.setRawMode(true);
    process.on("exit", restore);
    stdin.on("data", onData);
    stdin.resume();
  });
}
