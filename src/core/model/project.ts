import * as z from "zod";

export const projectStatuses = ["planned", "running", "waiting", "blocked", "done", "failed", "stopped"] as const;
export type ProjectStatus = (typeof projectStatuses)[number];

/** Where the project's sessions live. `server_id` is the server's own identity; it changes when a server is started anew. */
export const serverReferenceSchema = z.looseObject({ address: z.string(), server_id: z.string().nullable() });

/** The seed's ProjectContext; `server` and what later versions add are optional. */
export const projectContextSchema = z.looseObject({
  project_id: z.string().min(1),
  name: z.string().min(1),
  goal: z.string(),
  /** The events say it too, and better; one that a newer version wrote is no reason to give the whole file up. */
  status: z.enum(projectStatuses).catch("planned"),
  default_cwd: z.string(),
  active_branch: z.string().nullable(),
  owner: z.string(),
  updated_at: z.string(),
  server: serverReferenceSchema.optional(),
});

export type ServerReference = z.infer<typeof serverReferenceSchema>;
export type ProjectContext = z.infer<typeof projectContextSchema>;
