import * as l10n from "@vscode/l10n";
import type { KnownEntryKind } from "../core/model/entryKinds";

interface KindNames {
  readonly one: () => string;
  readonly several: () => string;
}

/** How people call the kinds of entries of a log; the names are asked for when the reader's language is known. */
const names: Readonly<Record<KnownEntryKind, KindNames>> = {
  project: { one: () => l10n.t("project"), several: () => l10n.t("projects") },
  session: { one: () => l10n.t("session"), several: () => l10n.t("sessions") },
  task: { one: () => l10n.t("task"), several: () => l10n.t("tasks") },
  command: { one: () => l10n.t("command"), several: () => l10n.t("commands") },
  result: { one: () => l10n.t("result"), several: () => l10n.t("results") },
  note: { one: () => l10n.t("note"), several: () => l10n.t("notes") },
  handoff: { one: () => l10n.t("handoff note"), several: () => l10n.t("handoff notes") },
  heartbeat: { one: () => l10n.t("progress"), several: () => l10n.t("progress of long commands") },
  state: { one: () => l10n.t("state"), several: () => l10n.t("states") },
  policy: { one: () => l10n.t("policy decision"), several: () => l10n.t("policy decisions") },
  lease: { one: () => l10n.t("lease"), several: () => l10n.t("leases") },
  approval_needed: { one: () => l10n.t("approval needed"), several: () => l10n.t("approvals needed") },
  blocked: { one: () => l10n.t("blocked task"), several: () => l10n.t("blocked tasks") },
  error: { one: () => l10n.t("error"), several: () => l10n.t("errors") },
  delivery: { one: () => l10n.t("delivery"), several: () => l10n.t("deliveries") },
  answer: { one: () => l10n.t("answer"), several: () => l10n.t("answers") },
};

function namesOf(kind: string): KindNames | undefined {
  return Object.hasOwn(names, kind) ? names[kind as KnownEntryKind] : undefined;
}

/** `result`; a kind that this version does not know has its own name. */
export function kindName(kind: string): string {
  return namesOf(kind)?.one() ?? kind;
}

/** `results` */
export function kindsName(kind: string): string {
  return namesOf(kind)?.several() ?? kind;
}
