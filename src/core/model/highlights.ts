import type { ContextEntry } from "./entry";
import { escalationKinds } from "./entryKinds";

const mostHighlights = 20;
const endStates: readonly string[] = ["succeeded", "failed", "blocked", "skipped", "unknown", "cancelled"];

/** Keeps the entry among the newest that a person would want to read, if it is one of them. */
export function noteHighlight(highlights: ContextEntry[], entry: ContextEntry): void {
  if (!isHighlight(entry)) return;
  highlights.push(entry);
  if (highlights.length > mostHighlights) highlights.shift();
}

function isHighlight({ kind, state }: ContextEntry): boolean {
  if (kind === "note" || kind === "handoff" || kind === "answer" || escalationKinds.includes(kind)) return true;
  return kind === "task" && endStates.includes(state ?? "");
}
