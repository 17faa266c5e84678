import type { Infer } from "../base/shape";
import type { projectContextSchema, serverReferenceSchema } from "./schemas";

export type ServerReference = Infer<typeof serverReferenceSchema>;
export type ProjectContext = Infer<typeof projectContextSchema>;
