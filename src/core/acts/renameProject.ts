import { actorName } from "../model/actorName";
import type { ContextEntry } from "../model/entry";
import { renamedEvent } from "../model/entryKinds";
import { projectIdOf } from "../model/names";
import type { OpenRecord } from "../record/projectRecord";
import type { Acting } from "./acting";

export interface RenameProjectResult {
  /** Undefined where it has that name already. */
  readonly entry: ContextEntry | undefined;
  readonly name: string;
}

/**
 * Gives a project another name for people; its id, folder and sessions keep theirs. Throws `name_invalid` for a name that
 * no project could be made with.
 */
export async function renameProject(
  record: Pick<OpenRecord, "ledger" | "append">,
  { actor }: Pick<Acting, "actor">,
  wanted: string,
): Promise<RenameProjectResult> {
  projectIdOf(wanted);
  const name = wanted.normalize("NFC").trim();
  const { ledger } = record;
  const project = await ledger.readProject();
  if (project.name === name) return { entry: undefined, name };
  const text = `${actorName(actor)} renamed ${project.name} to ${name}.`;
  // Whoever hears of it reads the file.
  await ledger.writeProject({ ...project, name });
  const entry = await record.append(
    { kind: "project", actor, session_name: null, event: renamedEvent, name, text },
    "synced",
  );
  return { entry, name };
}
