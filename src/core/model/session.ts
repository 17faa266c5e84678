import type * as z from "zod";
import type { sessionContextSchema } from "./schemas";

export type SessionContext = z.infer<typeof sessionContextSchema>;

/** Since when it is in its state (ISO 8601), as far as its record says. */
export function stateSince({ state_since, updated_at }: Pick<SessionContext, "state_since" | "updated_at">): string {
  return state_since ?? updated_at;
}
