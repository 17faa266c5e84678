import { type ContextEntry, isAskedInTerminal } from "../core/model/entry";
import type { Container } from "./container";
import { questionText } from "./questionText";

/** Whoever waits reads what their command waits for, and how to answer it from another terminal. */
export function tellQuestion({ output, clock }: Container, session: string, entry: ContextEntry): void {
  if (!isAskedInTerminal(entry) || entry.session_name !== session) return;
  const place = { now: clock.now(), columns: output.columns, indent: "", running: true };
  for (const line of questionText(entry, place)) output.progress(line);
}
