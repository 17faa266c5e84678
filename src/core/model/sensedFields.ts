import type { ContextEntry } from "./entry";
import type { SessionContext } from "./session";

/** Told anew with each state; a start that failed in a record of before is one. */
export function noteSensed(session: SessionContext, entry: ContextEntry): void {
  const { program, confidence, evidence, until, event } = entry;
  const kind = entry.state_kind ?? (entry.kind === "session" && event === "failed" ? "start" : undefined);
  for (const key of ["state_kind", "program", "confidence", "evidence", "until"] as const) delete session[key];
  Object.assign(session, {
    ...(kind === undefined ? {} : { state_kind: kind }),
    ...(program === undefined ? {} : { program }),
    ...(confidence === undefined ? {} : { confidence }),
    ...(evidence === undefined ? {} : { evidence }),
    ...(until === undefined ? {} : { until }),
  });
}
