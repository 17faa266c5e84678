import type * as z from "zod/mini";
import type { projectSnapshotSchema, taskSummarySchema } from "./schemas";

export type TaskSummary = z.infer<typeof taskSummarySchema>;
export type ProjectSnapshot = z.infer<typeof projectSnapshotSchema>;
