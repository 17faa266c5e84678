import { hasCode, OrchestratorError } from "../model/errors";
import { projectIdOf } from "../model/names";
import type { Ledger, ProjectStore } from "../ports/ledger";

/** A store whose records are of a kind of their own. */
interface StoreOf<L extends Ledger> extends Pick<ProjectStore, "workspace" | "list"> {
  open(project_id: string): Promise<L>;
}

/** Undefined when there is no project of that id. */
export async function openIfThere<L extends Ledger>(
  store: Pick<StoreOf<L>, "open">,
  project_id: string,
): Promise<L | undefined> {
  try {
    return await store.open(project_id);
  } catch (error) {
    if (hasCode(error, "project_not_found")) return undefined;
    throw error;
  }
}

/** Opens a project by its name or id. Throws `project_not_found` with those there are, and `name_invalid`. */
export async function openNamed<L extends Ledger>(store: StoreOf<L>, name: string): Promise<L> {
  const ledger = await openIfThere(store, projectIdOf(name));
  if (ledger) return ledger;
  const known = await store.list();
  throw new OrchestratorError("project_not_found", `There is no project ${name} in ${store.workspace}.`, {
    kind: "choose_project",
    known,
  });
}
