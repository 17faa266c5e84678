import type * as z from "zod";
import type { sessionContextSchema } from "./schemas";

export const sessionStates = [
  "starting",
  "working",
  "waiting",
  "idle",
  "done_unseen",
  "failed",
  "exited",
  "lost",
  "unclear",
] as const;
export type SessionState = (typeof sessionStates)[number];

/**
 * How commands are run in a session, best first: by shell marks, by a printed end mark, until it is quiet (shell-marks
 * 1, 6).
 */
export const sessionModes = ["marks", "sentinel", "program"] as const;
export type SessionMode = (typeof sessionModes)[number];

export type SessionContext = z.infer<typeof sessionContextSchema>;
