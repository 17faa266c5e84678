import type { Container } from "../container";
import { type ExitCode, exitCode } from "../exitCodes";
import { openProject, readProject } from "../projects";
import { recordedSession } from "../sessionLookup";
import { OrchestratorError } from "../../core/model/errors";

export interface NoteOptions {
  readonly session?: string;
}

/** Appends a note. When this returns, it is on the disk. */
export async function addNote(
  container: Container,
  name: string,
  text: string,
  options: NoteOptions,
): Promise<ExitCode> {
  if (text.trim() === "") throw new OrchestratorError("usage", "The note is empty.", "Give the text of the note.");
  const session_name =
    options.session === undefined
      ? null
      : recordedSession([await readProject(container, name)], options.session).context.session_name;
  const ledger = await openProject(container, name);
  try {
    const entry = await ledger.append({ kind: "note", actor: container.actor, session_name, text }, "synced");
    if (container.output.json) container.output.entry(entry);
    else container.output.line(`Noted (${entry.id}).`);
  } finally {
    await ledger.close();
  }
  return exitCode.done;
}
