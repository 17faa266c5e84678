import type * as z from "zod/mini";
import type { sessionContextSchema } from "./schemas";

export type SessionContext = z.infer<typeof sessionContextSchema>;

/** Since when it does what it does (ISO 8601, UTC), as far as is known. */
export function stateSince({ state_since, updated_at }: SessionContext): string {
  return state_since ?? updated_at;
}
