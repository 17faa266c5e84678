import type * as z from "zod";
import type { projectSnapshotSchema, taskSummarySchema } from "./schemas";

export const taskStates = [
  "pending",
  "ready",
  "running",
  "succeeded",
  "failed",
  "blocked",
  "skipped",
  "cancelled",
  "unknown",
] as const;
export type TaskState = (typeof taskStates)[number];

export type TaskSummary = z.infer<typeof taskSummarySchema>;
export type ProjectSnapshot = z.infer<typeof projectSnapshotSchema>;
