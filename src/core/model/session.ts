import * as z from "zod";

export const sessionStates = ["starting", "working", "waiting", "idle", "done_unseen", "failed", "exited", "lost", "unclear"] as const;
export type SessionState = (typeof sessionStates)[number];

/** How commands are run in a session, best first: by shell marks, by a printed end mark, until it is quiet (shell-marks 1, 6). */
export const sessionModes = ["marks", "sentinel", "program"] as const;
export type SessionMode = (typeof sessionModes)[number];

/** The seed's SessionContext; the fields after `updated_at` are optional. */
export const sessionContextSchema = z.looseObject({
  session_name: z.string().min(1),
  project_id: z.string().min(1),
  agent_id: z.string().nullable(),
  role: z.string(),
  state: z.enum(sessionStates),
  next_action: z.string(),
  last_signal: z.string(),
  updated_at: z.string(),
  wire_name: z.string().optional(),
  server_id: z.string().optional(),
  pid: z.number().int().nullable().optional(),
  /** Key of the session's shell marks; absent for a program that is not our shell. */
  k: z.string().optional(),
  /** Hash of what the session was started with (environment, shell, program). */
  definition: z.string().optional(),
  /** How commands are run there: marks, sentinel or program. */
  mode: z.enum(sessionModes).optional(),
  task_id: z.string().nullable().optional(),
});

export type SessionContext = z.infer<typeof sessionContextSchema>;
