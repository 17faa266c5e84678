import type { EntryDraft } from "../core/model/entry";
import type { Ledger } from "../core/ports/ledger";

/** Whatever has a project's record that can be written. */
export interface Recorded {
  readonly ledger: Pick<Ledger, "append">;
}

/**
 * What the record says of a person at a session's keyboard. A record that cannot be written does not keep them from it.
 */
export async function recordAttachment({ ledger }: Recorded, entry: EntryDraft): Promise<void> {
  await ledger.append(entry, "synced").catch(() => undefined);
}
