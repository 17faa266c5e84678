import { actorName } from "../model/actorName";
import type { ContextEntry } from "../model/entry";
import { archivedEvent, restoredEvent } from "../model/entryKinds";
import type { OpenRecord } from "../record/projectRecord";
import type { Acting } from "./acting";
import { requireNotRunning } from "./idleProject";

export interface ArchiveProjectResult {
  /** Undefined where it is so already. */
  readonly entry: ContextEntry | undefined;
}

/**
 * Puts a project away, out of the way of those that are worked on, or takes it back; its log, plan and sessions stay. Throws
 * `driven_elsewhere` while it is running.
 */
export async function archiveProject(
  record: OpenRecord,
  by: Pick<Acting, "actor" | "processes" | "runsHere">,
  archived: boolean,
): Promise<ArchiveProjectResult> {
  if (archived) await requireNotRunning(record, by);
  else await record.catchUp();
  if (record.state.archived === archived) return { entry: undefined };
  const { project_id } = record.ledger;
  const text = `${actorName(by.actor)} ${archived ? `archived ${project_id}` : `restored ${project_id} from the archive`}.`;
  const event = archived ? archivedEvent : restoredEvent;
  return {
    entry: await record.append({ kind: "project", actor: by.actor, session_name: null, event, text }, "synced"),
  };
}
