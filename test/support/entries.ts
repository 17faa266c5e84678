import { type ContextEntry, type EntryDraft, unsealed } from "../../src/core/model/entry";

let count = 0;

/** An entry as the ledger would make it: ids and times rise by one. */
export function entryOf(draft: Partial<EntryDraft> & Partial<ContextEntry> & { kind: string }): ContextEntry {
  count++;
  const entry: EntryDraft & Pick<ContextEntry, "id" | "project_id" | "ts"> = {
    id: `01J${String(count).padStart(23, "0")}`,
    project_id: "alpha",
    session_name: null,
    actor: "engine",
    ts: new Date(Date.UTC(2026, 0, 1) + count * 1000).toISOString(),
    text: `${draft.kind} ${count}`,
    ...draft,
  };
  const { fields, sealed } = unsealed(entry);
  return sealed(fields as ContextEntry);
}
