import type * as z from "zod";
import type { projectContextSchema, serverReferenceSchema } from "./schemas";

export const projectStatuses = ["planned", "running", "waiting", "blocked", "done", "failed", "stopped"] as const;
export type ProjectStatus = (typeof projectStatuses)[number];

export type ServerReference = z.infer<typeof serverReferenceSchema>;
export type ProjectContext = z.infer<typeof projectContextSchema>;
