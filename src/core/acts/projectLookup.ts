import { hasCode, OrchestratorError } from "../model/errors";
import { projectIdOf } from "../model/names";
import { advice } from "../model/remedy";
import { listed } from "../model/sentences";
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

/**
 * A project by its id, by the name that it was made with, or by the one that it was given since. Undefined when nobody is
 * called so. Throws `name_invalid`, and `ambiguous` with the ids of those that are.
 */
export async function openIfNamed<L extends Ledger>(store: StoreOf<L>, name: string): Promise<L | undefined> {
  const own = await openIfThere(store, projectIdOf(name));
  if (own) return own;
  const wanted = name.normalize("NFC").trim();
  const called: L[] = [];
  for (const id of await store.list()) {
    const ledger = await openIfThere(store, id);
    // What cannot be read has no name that could be meant.
    const known = await ledger?.readProject().catch(() => undefined);
    if (ledger && known?.name === wanted) called.push(ledger);
  }
  if (called.length < 2) return called[0];
  const ids = called.map(({ project_id }) => project_id);
  throw new OrchestratorError(
    "ambiguous",
    `More than one project in ${store.workspace} is called ${wanted}: ${listed(ids)}.`,
    advice("Name one of them by its id."),
  );
}

/** Opens a project as `openIfNamed`. Throws `project_not_found` with those there are, and `name_invalid`. */
export async function openNamed<L extends Ledger>(store: StoreOf<L>, name: string): Promise<L> {
  const ledger = await openIfNamed(store, name);
  if (ledger) return ledger;
  const known = await store.list();
  throw new OrchestratorError("project_not_found", `There is no project ${name} in ${store.workspace}.`, {
    kind: "choose_project",
    known,
  });
}
