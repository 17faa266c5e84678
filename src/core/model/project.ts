import type * as z from "zod/mini";
import type { projectContextSchema, serverReferenceSchema } from "./schemas";

export type ServerReference = z.infer<typeof serverReferenceSchema>;
export type ProjectContext = z.infer<typeof projectContextSchema>;
