import type { ContextEntry } from "./entry";

/** Whatever is entered takes along what stood there; a newline is as good as Enter. */
export function noteUnsent(
  unsent: Map<string, string>,
  { kind, event, outcome, session_name, input }: ContextEntry,
): void {
  if (session_name === null) return;
  if (kind === "note" && event === "typed" && input !== undefined) {
    const line = `${unsent.get(session_name) ?? ""}${input}`;
    unsent.set(session_name, line.slice(line.lastIndexOf("\n") + 1));
  } else if (
    (kind === "result" && outcome !== "not_sent") ||
    (kind === "session" && (event === "starting" || event === "ended" || event === "lost"))
  )
    unsent.delete(session_name);
}
