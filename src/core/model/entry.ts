import type * as z from "zod/mini";
import type { contextEntryFields, refSchema } from "./schemas";
import { type EntryKind, escalationKinds, terminalAsksEvent } from "./entryKinds";

export type Ref = z.infer<typeof refSchema>;
export type ContextEntry = z.infer<typeof contextEntryFields> & Readonly<Record<string, unknown>>;

/** An entry before the ledger gives it its identity and time. */
export type EntryDraft = Omit<z.infer<typeof contextEntryFields>, "id" | "project_id" | "ts" | "kind" | "seal"> & {
  kind: EntryKind;
  /** Makes its seal, from the entry as it will stand in the record. */
  sealWith?: ((entry: ContextEntry) => string) | undefined;
};

/** What a draft says, and how its entry is sealed: every ledger does it last. */
export function unsealed({ sealWith, ...fields }: EntryDraft): {
  readonly fields: Omit<EntryDraft, "sealWith">;
  readonly sealed: (entry: ContextEntry) => ContextEntry;
} {
  return { fields, sealed: (entry) => (sealWith ? { ...entry, seal: sealWith(entry) } : entry) };
}

/** Whether the entry asks for a person (before any answer). */
export function needsHuman(entry: ContextEntry): boolean {
  return entry.human_attention_needed === true && escalationKinds.includes(entry.kind);
}

/** Whether a program asks it in its session: it is answered there, or typed there for whoever answers. */
export function isAskedInTerminal({ event }: Pick<ContextEntry, "event">): boolean {
  return event === terminalAsksEvent;
}

/** Whether nobody knows by which keys it is answered from elsewhere. */
export function isAnsweredOnlyThere(entry: Pick<ContextEntry, "event" | "answer_form">): boolean {
  return isAskedInTerminal(entry) && entry.answer_form === undefined;
}

/** Whether a line is asked for that may be left empty, as where the program has a default. */
export function takesEnter({
  answer_form,
  options,
  secret_answer,
}: Pick<ContextEntry, "answer_form" | "options" | "secret_answer">): boolean {
  return answer_form === "line" && (options ?? []).length === 0 && secret_answer !== true;
}

/** What people type for an entry: the end of its id, which differs soonest. */
export function shortEntryId(id: string): string {
  return id.slice(-6);
}

export function refOf(entry: ContextEntry, type: string): string | undefined {
  return entry.refs?.find((ref) => ref.type === type)?.id;
}
