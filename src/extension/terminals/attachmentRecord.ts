import type { EntryDraft } from "../../core/model/entry";
import type { FollowedProject } from "../records/workspaceRecords";

/**
 * What the record says of a person at a session's keyboard. A record that cannot be written does not keep them from it.
 */
export async function recordAttachment({ ledger }: Pick<FollowedProject, "ledger">, entry: EntryDraft): Promise<void> {
  await ledger.append(entry, "synced").catch(() => undefined);
}
