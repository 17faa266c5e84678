import type { AttachmentEnd } from "../../core/engine/attachment";
import type { EntryDraft } from "../../core/model/entry";
import type { FollowedProject } from "../records/workspaceRecords";

export type AttachmentEntry = Pick<EntryDraft, "event" | "text" | "state" | "exit_code">;

/** What the record says of a person at a session's keyboard. A record that cannot be written does not keep them from it. */
export async function recordAttachment({ ledger }: Pick<FollowedProject, "ledger">, session_name: string, actor: string, entry: AttachmentEntry): Promise<void> {
  await ledger.append({ kind: "session", actor, session_name, ...entry }, "synced").catch(() => undefined);
}

export function attachmentEnd(name: string, end: AttachmentEnd, actor: string): AttachmentEntry {
  if (end.how !== "ended") return { event: "detached", text: `${actor} detached a terminal from ${name}.` };
  const code = end.exit_code === null ? "; its exit code is not told" : ` with exit code ${end.exit_code}`;
  return { event: "ended", state: "exited", exit_code: end.exit_code, text: `${name} ended${code} with the terminal of ${actor} attached.` };
}
