import type { Infer } from "../base/shape";
import type { projectSnapshotSchema, taskSummarySchema } from "./schemas";

export type TaskSummary = Infer<typeof taskSummarySchema>;
export type ProjectSnapshot = Infer<typeof projectSnapshotSchema>;
