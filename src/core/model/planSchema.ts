import * as z from "zod";
import { agentModes } from "./agentProfile";
import { durationPattern } from "./duration";
import { rolePattern } from "./names";
import { maxTasks, tooManyTasks } from "./planLimits";
import { countText } from "./sentences";

export const taskIdPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
export const defaultMaxSessions = 4;
export const defaultBackoffMs = 1000;
export const defaultRestarts = 3;
/** A week; timers of JavaScript end at 24 days. */
export const maxDurationMs = 7 * 86_400_000;

/** Each sentence about a value follows the value's place: `tasks[0].retries: must be at least 1`. */
const tooManyNeeds = `must have at most ${countText(maxTasks)} tasks`;
const exitCode = "must be an exit code from 0 to 255";

/** An example stands as it is written in a plan's text. */
const text = (description: string, example?: string): z.ZodString =>
  z
    .string()
    .min(1, "must not be empty")
    .describe(description)
    .meta(example === undefined ? {} : { examples: [example] });

const environment = z
  .record(
    z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "is not a valid variable name; use letters, digits and underscores"),
    z.union([z.string(), z.number(), z.boolean()]),
  )
  .describe("Environment variables of the sessions, by name. Numbers, true and false are passed as they are written.")
  .meta({ examples: [{ CI: "1" }] });

const duration = (description: string, example = "10m"): z.ZodUnion<readonly [z.ZodNumber, z.ZodString]> =>
  z
    .union([
      z.number().min(0, "must not be negative"),
      z
        .string()
        .regex(durationPattern, "must be a duration: a number of seconds, or text such as 500ms, 5s, 10m or 1h"),
    ])
    .describe(`${description} A number of seconds, or text with units such as 500ms, 5s, 10m, 1h30m.`)
    .meta({ examples: [example] });

const quiet = duration(
  "How long a command may print nothing before you are asked about it; 0: for ever. A task's own counts before its role's, and that before the plan's. Default: you are asked only about a pager, an editor or a prompt that a command opened.",
);

const taskId = z
  .string()
  .regex(
    taskIdPattern,
    "must be 1 to 64 letters, digits, dots, underscores or hyphens, and begin with a letter or digit",
  );
const roleName = z
  .string()
  .regex(rolePattern, "must be 1 to 48 letters, digits, underscores or hyphens, and begin with a letter or digit");

const agentName = text(
  "Name of a coding agent: codex, claude, gemini, qwen, opencode, copilot, cline, or one of your own.",
  "codex",
);

const agent = z
  .union([
    agentName,
    z.strictObject({
      use: agentName,
      model: text("Model that the agent is started with. Default: the agent's own choice.", "gpt-5-codex").optional(),
      mode: z
        .enum(agentModes)
        .optional()
        .describe(
          "How much the agent may do without asking: ask (it asks for commands and edits), edits (it edits files), auto (it decides), plan (it only plans). Default: as the agent is set up.",
        )
        .meta({ examples: ["edits"] }),
      arguments: z
        .array(z.string())
        .max(50, "must have at most 50 arguments")
        .optional()
        .describe("More arguments that the agent is started with. Default: none.")
        .meta({ examples: [["--verbose"]] }),
    }),
  ])
  .describe(
    "Coding agent that the sessions run instead of a shell: its name, or an object with more settings. Default: none.",
  )
  .meta({ examples: ["codex", { use: "codex", mode: "edits" }] });

const matcher = z.string().regex(/^\$?[\w.:-]+$/, 'must be the name of a problem matcher, such as "$tsc"');

const problems = z
  .union([matcher, z.array(matcher).min(1, "must name at least one").max(20, "must name at most 20")])
  .describe(
    "Problem matchers of VS Code, such as $tsc or $eslint-stylish: what they find in the output of the commands is shown in Problems. The command line does without. Default: none.",
  )
  .meta({ examples: ["$tsc", ["$eslint-stylish", "$tsc"]] });

export const roleFileSchema = z
  .strictObject({
    cwd: text(
      "Folder that the sessions start in, relative to the project's folder. Default: the project's folder.",
      "packages/web",
    ).optional(),
    env: environment.optional(),
    count: z
      .int("must be a whole number")
      .min(1, "must be at least 1")
      .max(64, "must be at most 64")
      .optional()
      .describe("How many sessions of this role may work at the same time, 1 to 64. Default: 1.")
      .meta({ examples: [2] }),
    shell: z
      .enum(["bash", "zsh", "fish", "sh"])
      .optional()
      .describe("Shell that the sessions run. Default: your shell ($SHELL).")
      .meta({ examples: ["zsh"] }),
    quiet: quiet.optional(),
    program: text(
      "Program that the sessions run instead of a shell, with its arguments. Default: none.",
      "python3 -i",
    ).optional(),
    agent: agent.optional(),
    problems: problems.optional(),
  })
  .describe("A kind of session that runs tasks. Its sessions run a shell unless a program or an agent is given.");

const attempts = z
  .int("must be a whole number")
  .min(1, "must be at least 1; it counts every try, so 1 means no retry")
  .max(100, "must be at most 100");

const retries = z
  .union([
    attempts.describe("Maximum number of tries, including the first (2 = one retry)."),
    z.strictObject({
      attempts: attempts
        .optional()
        .describe("Maximum number of tries, including the first (2 = one retry), 1 to 100. Default: 1.")
        .meta({ examples: [3] }),
      backoff: duration(
        "Time to wait before the second try; it doubles with each further try. Default: 1s.",
      ).optional(),
      not_on: z
        .array(z.int("must be a whole number").min(0, exitCode).max(255, exitCode))
        .max(256, "must have at most 256 exit codes")
        .optional()
        .describe("Exit codes, 0 to 255, after which the task is not retried. Default: none.")
        .meta({ examples: [[2]] }),
    }),
  ])
  .describe("Number of tries (2 means one retry after a failure), or an object with more settings. Default: 1.")
  .meta({ examples: [2, { attempts: 3, backoff: "5s", not_on: [2] }] });

const restarts = z.int("must be a whole number").min(1, "must be at least 1").max(100, "must be at most 100");

const restart = z
  .union([
    restarts.describe("How often it is restarted, 1 to 100."),
    z.strictObject({
      attempts: restarts
        .optional()
        .describe(
          `How often it is restarted, 1 to 100; the count starts again after the command has run for ten minutes. Default: ${defaultRestarts}.`,
        )
        .meta({ examples: [5] }),
      backoff: duration(
        "Time to wait before the first restart; it doubles with each further one. Default: 1s.",
      ).optional(),
    }),
  ])
  .describe(
    "Restarts the command that keeps running (until) when it ends, a number or an object with more settings. Default: you are asked.",
  )
  .meta({ examples: [3] });

const command = z.string().regex(/\S/, "must not be empty");

const portRange = "must be a port from 1 to 65535";

const until = z
  .strictObject({
    screen: text(
      "Regular expression that the screen of the last command must show, in what it prints, within 10 lines. ^ and $ match at each line.",
      "ready on http",
    ).optional(),
    port: z
      .int("must be a whole number")
      .min(1, portRange)
      .max(65_535, portRange)
      .optional()
      .describe(
        "Port that accepts connections on 127.0.0.1 or ::1. The task does not start while another program has the port.",
      )
      .meta({ examples: [5173] }),
    state: text(
      "State that the session is in, as status shows it, with or without its kind: idle, idle:repl, working:server, waiting …",
      "working:server",
    ).optional(),
  })
  .describe(
    "The task is done when this holds, one of screen, port and state; its last command keeps running, and its session stays busy with it. A command that ends before it holds fails. Default: the task is done when its commands have ended.",
  )
  .meta({ minProperties: 1, maxProperties: 1, examples: [{ screen: "ready on http" }] });

const prompt = z
  .union([
    z.string().regex(/\S/, "must not be empty").describe("Text for the agent."),
    z.strictObject({ file: text("File with the text, relative to the project's folder.", "prompts/fix.md") }),
  ])
  .describe(
    "What the agent of the role is to do: a text, or the file that has it. {{task.output}}, {{task.handoff}} and {{file:PATH}} are filled in. A task has either run or prompt.",
  )
  .meta({ examples: ["Add a test for the parser", { file: "prompts/fix.md" }] });

const budget = z
  .strictObject({
    turns: z
      .int("must be a whole number")
      .min(1, "must be at least 1")
      .max(1000, "must be at most 1000")
      .describe("How many prompts the task may send to its agent, 1 to 1000.")
      .meta({ examples: [10] }),
  })
  .describe("What the task may use; at its end you are asked. Default: no limit.")
  .meta({ examples: [{ turns: 10 }] });

export const taskFileSchema = z
  .strictObject({
    id: taskId.describe("Name of the task, which other tasks refer to in needs.").meta({ examples: ["build"] }),
    role: z
      .string()
      .describe("Name of the role whose sessions run the task.")
      .meta({ examples: ["builder"] }),
    needs: z
      .union([z.string(), z.array(z.string()).max(maxTasks, tooManyNeeds)])
      .optional()
      .describe("Tasks that must succeed before this one starts: an id, or a list of ids. Default: none.")
      .meta({ examples: [["build"]] }),
    run: z
      .union([
        command,
        z.array(command).min(1, "must have at least one command").max(200, "must have at most 200 commands"),
      ])
      .optional()
      .describe("Command to run, or a list of commands. Each one runs only if the one before it succeeded.")
      .meta({ examples: ["npm test", ["npm ci", "npm run build"]] }),
    prompt: prompt.optional(),
    check: command
      .optional()
      .describe("Command that runs last and decides: if it fails, the task fails. Default: none.")
      .meta({ examples: ["test -f dist/index.js"] }),
    until: until.optional(),
    restart: restart.optional(),
    timeout: duration("Longest time that one try may take, at most 7 days. Default: no limit.").optional(),
    quiet: quiet.optional(),
    retries: retries.optional(),
    attempts: z
      .int("must be a whole number")
      .min(1, "must be at least 1")
      .max(100, "must be at most 100")
      .optional()
      .describe(
        "How often the agent may try until the check passes, 1 to 100; what the check prints goes back to it. Default: 1.",
      )
      .meta({ examples: [3] }),
    budget: budget.optional(),
    handoff: text(
      "Added to the handoff note: what the tasks that need this one should know. Default: nothing.",
      "What changed and what to look at first",
    ).optional(),
    cwd: text(
      "Folder that the commands run in, relative to the project's folder. Default: the folder of the role.",
      "packages/web",
    ).optional(),
    problems: problems.optional(),
  })
  .describe("A piece of work that runs in one session.");

/** plan.yaml as people write it. */
export const planFileSchema = z
  .strictObject({
    project: text("Name of the project.", "alpha"),
    goal: z
      .string()
      .optional()
      .describe("What the project should achieve, in one sentence. Default: none.")
      .meta({ examples: ["Ship the parser"] }),
    max_sessions: z
      .int("must be a whole number")
      .min(1, "must be at least 1")
      .max(64, "must be at most 64")
      .optional()
      .describe(
        `How many sessions of the project may be open at the same time, 1 to 64. Default: ${defaultMaxSessions}.`,
      )
      .meta({ examples: [2] }),
    quiet: quiet.optional(),
    roles: z
      .record(roleName, roleFileSchema.nullable())
      .optional()
      .describe("The roles by name. Each role is a kind of session that runs tasks.")
      .meta({ examples: [{ builder: {}, reviewer: { agent: "codex" } }] }),
    tasks: z
      .array(taskFileSchema)
      .max(maxTasks, tooManyTasks)
      .optional()
      .describe("The tasks. Their order matters only among tasks that are ready at the same time.")
      .meta({ examples: [[{ id: "build", role: "builder", run: "make" }]] }),
  })
  .describe(
    "The plan of a project: its roles, tasks and their order. Use keys that begin with x- for notes and anchors.",
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
  until: ["screen", "port", "state"],
  restart: ["attempts", "backoff"],
  agent: ["use", "model", "mode", "arguments"],
  prompt: ["file"],
  budget: ["turns"],
} as const;

/** Keys of plans to come, with why each cannot be used yet. */
const laterKeys = ["worktree", "confine"];

/** What to say of a key of plans to come; undefined for others. */
export function laterKeyProblem(key: string): string | undefined {
  return laterKeys.includes(key) ? `"${key}" is not supported yet and would do nothing; remove it` : undefined;
}

/** JSON Schema (2020-12) of plan.yaml, for editors. media/plan.schema.json is a copy of it. */
export function planJsonSchema(): Record<string, unknown> {
  const schema: Record<string, unknown> = z.toJSONSchema(planFileSchema, { io: "input", target: "draft-2020-12" });
  return { ...schema, title: "wsh Orchestrator plan", patternProperties: { "^x-": true } };
}
