import * as z from "zod";

export const taskStates = ["pending", "ready", "running", "succeeded", "failed", "blocked", "skipped", "cancelled", "unknown"] as const;
export type TaskState = (typeof taskStates)[number];

export const taskSummarySchema = z.looseObject({
  id: z.string(),
  role: z.string(),
  state: z.enum(taskStates),
  attempts: z.number().int(),
  exit_code: z.number().int().nullable(),
  /** The session that ran it last. */
  session_name: z.string().nullable(),
  started_at: z.string().nullable(),
  ended_at: z.string().nullable(),
});

/** The seed's ProjectSnapshot: everything in it can be rebuilt from the events. */
export const projectSnapshotSchema = z.looseObject({
  summary: z.string(),
  open_blockers: z.array(z.string()),
  next_steps: z.array(z.string()),
  recent_highlights: z.array(z.string()),
  project_id: z.string().optional(),
  updated_at: z.string().optional(),
  tasks: z.array(taskSummarySchema).optional(),
});

export type TaskSummary = z.infer<typeof taskSummarySchema>;
export type ProjectSnapshot = z.infer<typeof projectSnapshotSchema>;
