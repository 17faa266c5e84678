import type { ContextEntry } from "../model/entry";
import { OrchestratorError } from "../model/errors";
import { namedSession } from "../people/namedSession";
import type { OpenRecord } from "../record/projectRecord";
import type { Acting } from "./acting";
import { advice } from "../model/remedy";

export interface AddNoteRequest {
  readonly text: string;
  /** The session that it is about: its name, or an unambiguous end of it. Absent: the project. */
  readonly session?: string;
}

export interface AddNoteResult {
  readonly entry: ContextEntry;
}

/**
 * Appends a note to a project's record; it is on the disk when this resolves. Throws `usage` for an empty one,
 * `session_not_found` and `ambiguous`.
 */
export async function addNote(
  record: Pick<OpenRecord, "state" | "append">,
  { actor }: Pick<Acting, "actor">,
  { text, session }: AddNoteRequest,
): Promise<AddNoteResult> {
  const note = text.trim();
  if (note === "") throw new OrchestratorError("usage", "The note is empty.", advice("Write the text of the note."));
  const session_name = session === undefined ? null : namedSession([record], session).context.session_name;
  return { entry: await record.append({ kind: "note", actor, session_name, text: note }, "synced") };
}
