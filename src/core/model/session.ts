import type * as z from "zod";
import type { sessionContextSchema } from "./schemas";

export type SessionContext = z.infer<typeof sessionContextSchema>;
