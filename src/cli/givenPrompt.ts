import { resolve } from "node:path";
import { openRegularFile } from "../adapters/machine/regularFile";
import { messageOf, OrchestratorError } from "../core/model/errors";
import { maxPromptLength } from "../core/model/planLimits";
import { advice } from "../core/model/remedy";
import { textOfBytes } from "../core/model/textBytes";
import type { Container } from "./container";

/** Bytes of the longest prompt, in UTF-8. */
const mostBytes = 4 * maxPromptLength;

/**
 * The text of a prompt: the words, those of a file, or `-` for what comes through a pipe. Throws `usage` where there is
 * none, or more than one, and for what is no text.
 */
export async function givenPrompt(
  container: Container,
  words: readonly string[],
  file: string | undefined,
): Promise<string> {
  const piped = words.length === 1 && words[0] === "-";
  if (file === undefined && words.length === 0)
    throw new OrchestratorError(
      "usage",
      "There is no prompt to send.",
      advice("Give the text after the session, a file with --file, or - for what comes through a pipe."),
    );
  if (file !== undefined && words.length > 0)
    throw new OrchestratorError("usage", "The prompt is given twice.", advice("Give either the text or --file."));
  if (file === undefined && !piped) return words.join(" ");
  const bytes = file === undefined || file === "-" ? await pipedBytes(container) : await fileBytes(file);
  const text = textOfBytes(bytes);
  if (typeof text !== "string")
    throw new OrchestratorError(
      "usage",
      `The prompt is not text: ${text.message} (line ${text.line}, column ${text.column}).`,
      advice("Give a text in UTF-8."),
    );
  if (text.length > maxPromptLength)
    throw new OrchestratorError(
      "usage",
      `The prompt has more than ${maxPromptLength} characters.`,
      advice("Save what is long in a file that the agent reads itself, and name the file in the prompt."),
    );
  return text.replace(/\s+$/, "");
}

/** One byte more than may be used shows that it is too long. */
async function fileBytes(file: string): Promise<Uint8Array> {
  try {
    const handle = await openRegularFile(resolve(file));
    try {
      const bytes = new Uint8Array(mostBytes + 1);
      let length = 0;
      for (let more = true; more && length < bytes.length;) {
        const { bytesRead } = await handle.read(bytes, length, bytes.length - length, null);
        length += bytesRead;
        more = bytesRead > 0;
      }
      return bytes.subarray(0, length);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw new OrchestratorError(
      "usage",
      `The file ${file} cannot be read: ${messageOf(error)}`,
      advice("Name a file with the text of the prompt."),
      { cause: error },
    );
  }
}

async function pipedBytes({ output: { stdin }, interrupts }: Container): Promise<Uint8Array> {
  if (stdin.isTTY)
    throw new OrchestratorError(
      "usage",
      "Nothing is piped into this command.",
      advice("Give the text after the session, or pipe it: wsh-orchestrator prompt SESSION - < prompt.md"),
    );
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of stdin) {
    interrupts.signal.throwIfAborted();
    const bytes = Buffer.from(part as Uint8Array);
    parts.push(bytes);
    length += bytes.length;
    if (length > mostBytes) break;
  }
  return Buffer.concat(parts);
}
