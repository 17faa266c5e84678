import * as z from "zod";
import { durationPattern } from "./duration";
import { rolePattern } from "./names";

export const maxTasks = 1000;
export const taskIdPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
export const defaultMaxSessions = 4;
export const defaultBackoffMs = 1000;
/** A week; timers of JavaScript end at 24 days. */
export const maxDurationMs = 7 * 86_400_000;

const text = (description: string): z.ZodString => z.string().min(1, "must not be empty").describe(description);

const folder = text("Folder to work in, relative to the workspace's folder.");

const environment = z
  .record(
    z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "is not a name of a variable"),
    z.union([z.string(), z.number(), z.boolean()]),
  )
  .describe("Environment variables. Values are text; numbers and true or false are taken as they are written.");

const duration = (description: string): z.ZodUnion<readonly [z.ZodNumber, z.ZodString]> =>
  z
    .union([
      z.number().min(0, "must not be negative"),
      z.string().regex(durationPattern, "is not a duration; write a number of seconds, or 500ms, 5s, 10m, 1h"),
    ])
    .describe(`${description} A number of seconds, or a text such as 500ms, 5s, 10m, 1h.`);

const taskId = z
  .string()
  .regex(
    taskIdPattern,
    "must be 1 to 64 letters, digits, dots, underscores or hyphens, and begin with a letter or digit",
  );
const roleName = z
  .string()
  .regex(rolePattern, "must be 1 to 48 letters, digits, underscores or hyphens, and begin with a letter or digit");

export const roleFileSchema = z
  .strictObject({
    cwd: folder.optional(),
    env: environment.optional(),
    count: z
      .int("must be a whole number")
      .min(1, "must be at least 1")
      .max(64, "must be at most 64")
      .optional()
      .describe("How many sessions of this role may work at once. Default: 1."),
    shell: z.enum(["bash", "zsh", "fish", "sh"]).optional().describe("The shell of its sessions. Default: the user's."),
    program: text("A program that its sessions run instead of a shell.").optional(),
    agent: text("The id of an agent that its sessions run instead of a shell.").optional(),
  })
  .describe("Who does the work: a kind of session. A shell, unless program or agent says otherwise.");

const attempts = z
  .int("must be a whole number")
  .min(1, "counts all tries, so it is at least 1, which means that nothing is tried again")
  .max(100, "must be at most 100");

const retries = z
  .union([
    attempts.describe("How many tries there are in all."),
    z.strictObject({
      attempts: attempts.optional().describe("How many tries there are in all, the first one included. Default: 1."),
      backoff: duration("Pause before the second try; it doubles with each further one. Default: 1s.").optional(),
      not_on: z
        .array(z.int("must be a whole number").min(0, "is no exit code").max(255, "is no exit code"))
        .max(256)
        .optional()
        .describe("Exit codes after which there is no further try."),
    }),
  ])
  .describe("Tries in all (2 means: once more after a failure), or an object that says more.");

const command = z.string().regex(/\S/, "must not be empty");

export const taskFileSchema = z
  .strictObject({
    id: taskId.describe("Name of the task; others refer to it in needs."),
    role: z.string().describe("The role whose session runs it."),
    needs: z
      .union([z.string(), z.array(z.string()).max(maxTasks)])
      .optional()
      .describe("Ids of the tasks that must have succeeded before this one starts."),
    run: z
      .union([
        command,
        z.array(command).min(1, "must have at least one command").max(200, "must have at most 200 commands"),
      ])
      .describe("One command or several; each runs only if the one before it succeeded."),
    check: command.optional().describe("A command that must succeed after run; else the task has failed."),
    timeout: duration("Longest time that one try may take. Default: no limit.").optional(),
    retries: retries.optional(),
    handoff: text("What the session that gets the results should know and look at.").optional(),
    cwd: folder.optional(),
  })
  .describe("One piece of work for one session.");

/** plan.yaml as people write it. */
export const planFileSchema = z
  .strictObject({
    project: text("Name of the project."),
    goal: z.string().optional().describe("What is to be reached, in one sentence."),
    max_sessions: z
      .int("must be a whole number")
      .min(1, "must be at least 1")
      .max(64, "must be at most 64")
      .optional()
      .describe(`How many sessions of this project may be open at once. Default: ${defaultMaxSessions}.`),
    roles: z.record(roleName, roleFileSchema.nullable()).optional().describe("The roles by name."),
    tasks: z
      .array(taskFileSchema)
      .max(maxTasks, `must be at most ${maxTasks.toLocaleString("en")} tasks`)
      .optional()
      .describe("The tasks; their order counts only among those that are ready at once."),
  })
  .describe(
    "A plan: what a project is, who works on it, and what is to be done in which order. Keys that begin with x- are free for notes and anchors.",
  );

export type PlanFile = z.infer<typeof planFileSchema>;
export type TaskFile = z.infer<typeof taskFileSchema>;
export type RoleFile = z.infer<typeof roleFileSchema>;

/** The keys that may stand in a map of the plan, by what the map is. */
export const planKeys = {
  plan: Object.keys(planFileSchema.shape),
  role: Object.keys(roleFileSchema.shape),
  task: Object.keys(taskFileSchema.shape),
  retries: ["attempts", "backoff", "not_on"],
} as const;

/** JSON Schema (2020-12) of plan.yaml, for editors. media/plan.schema.json is a copy of it. */
export function planJsonSchema(): Record<string, unknown> {
  const schema: Record<string, unknown> = z.toJSONSchema(planFileSchema, { io: "input", target: "draft-2020-12" });
  return { ...schema, title: "wsh Orchestrator plan", patternProperties: { "^x-": true } };
}
