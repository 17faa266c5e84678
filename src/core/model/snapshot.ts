import type * as z from "zod";
import type { projectSnapshotSchema, taskSummarySchema } from "./schemas";

export type TaskSummary = z.infer<typeof taskSummarySchema>;
export type ProjectSnapshot = z.infer<typeof projectSnapshotSchema>;
