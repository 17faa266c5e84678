import { OrchestratorError } from "../model/errors";
import { isLiving } from "../model/states";
import { plural } from "../model/sentences";
import type { OpenRecord } from "../record/projectRecord";
import { type Acting, requirePerson } from "./acting";
import { requireNotRunning } from "./idleProject";

export interface RemoveProjectWorld extends Pick<Acting, "processes" | "runsHere" | "insideSession"> {
  readonly record: Pick<OpenRecord, "state" | "catchUp" | "ledger">;
  /** Throws where nobody can be asked. */
  readonly confirm: () => Promise<boolean>;
  /** Takes the project's folder, with its log and plan, to where a person finds it again. */
  readonly moveAway: () => Promise<void>;
}

export type RemoveProjectResult = { readonly how: "declined" | "removed" };

/**
 * Takes a project out of its workspace; nothing of it is deleted for good. Throws `driven_elsewhere` while it is running,
 * `usage` while it has open sessions, which nobody would find again, and `needs_person` below a session.
 */
export async function removeProject(world: RemoveProjectWorld): Promise<RemoveProjectResult> {
  const { record, confirm, moveAway } = world;
  requirePerson(world);
  await requireNotRunning(record, world);
  const open = [...record.state.sessions.values()].filter((session) => isLiving(session)).length;
  const { project_id } = record.ledger;
  if (open > 0)
    throw new OrchestratorError("usage", `${project_id} has ${plural(open, "open session")}.`, {
      kind: "end_sessions",
      project: project_id,
    });
  if (!(await confirm())) return { how: "declined" };
  await moveAway();
  return { how: "removed" };
}
