import { Document, Scalar, visit } from "yaml";
import { hash64 } from "../base/hash";
import type { AgentChoices, AgentMode } from "./agentProfile";
import { durationMs, exactDuration } from "./duration";
import { needsEscapes, withEscapes } from "./planCharacters";
import { noteIssues, noteMeaning } from "./planChecks";
import { PlanDocument } from "./planDocument";
import { PlanError } from "./planError";
import { maxTasks, tooManyTasks } from "./planLimits";
import {
  defaultBackoffMs,
  defaultMaxSessions,
  defaultRestarts,
  planFileSchema,
  type PlanFile,
  type RoleFile,
  type TaskFile,
} from "./planSchema";

export type PlanShell = "bash" | "zsh" | "fish" | "sh";

export interface PlanRole {
  readonly name: string;
  readonly cwd?: string;
  readonly env: Readonly<Record<string, string>>;
  /** Sessions of this role that may work at once. */
  readonly count: number;
  readonly shell?: PlanShell;
  /** How long a command of its tasks may print nothing before a person is asked; 0: for ever. */
  readonly quiet_ms?: number;
  /** Runs instead of a shell. */
  readonly program?: string;
  /** Names of problem matchers for the output of its tasks that name none. */
  readonly problems?: readonly string[];
  /** A coding agent runs instead of a shell, see `withAgent`. */
  readonly agent?: RoleAgent;
  /** What people call that agent, by its profile; no plan has one. */
  readonly agentTitle?: string;
  /** Its sessions are for the checks of that role's tasks; no plan has one. */
  readonly checksOf?: PlanRole;
}

export interface RoleAgent {
  /** Name of its profile. */
  readonly use: string;
  readonly model?: string;
  readonly mode?: AgentMode;
  readonly arguments?: readonly string[];
}

/** What an agent is to do; the text of a file is read when it is sent. */
export type PlanPrompt = { readonly text: string } | { readonly file: string };

export interface Retries {
  /** All tries, the first one included. */
  readonly attempts: number;
  /** Before the second try. */
  readonly backoff_ms: number;
  /** Exit codes after which there is no further try. */
  readonly not_on: readonly number[];
}

/** What a task is waited for while its last command goes on running. */
export type PlanUntil =
  /** A regular expression, see `ScreenPattern`, in what the command shows. */
  | { readonly screen: string }
  /** A port of this machine that accepts connections. */
  | { readonly port: number }
  /** The name of a state, see `plannedState`, that its session is in. */
  | { readonly state: string };

export interface PlanTask {
  readonly id: string;
  readonly role: string;
  readonly needs: readonly string[];
  /** Commands, each of which runs only if the one before it succeeded; none where there is a prompt. */
  readonly run: readonly string[];
  /** In place of commands: what the agent of its role is to do. */
  readonly prompt?: PlanPrompt;
  /** With a prompt: how often the agent may try until the check passes (default: 1). */
  readonly attempts?: number;
  /** With a prompt: how many prompts may be sent for it. */
  readonly budget?: { readonly turns: number };
  readonly check?: string;
  /** The task is done when this holds; its last command goes on running. */
  readonly until?: PlanUntil;
  readonly timeout_ms?: number;
  /** In place of its role's. */
  readonly quiet_ms?: number;
  readonly retries: Retries;
  /** What ends that was to keep running is restarted so often; the pause before doubles each time. */
  readonly restart?: { readonly attempts: number; readonly backoff_ms: number };
  readonly handoff?: string;
  readonly cwd?: string;
  /** Names of problem matchers, in place of its role's. */
  readonly problems?: readonly string[];
}

export interface Plan {
  readonly project: string;
  readonly goal: string;
  readonly max_sessions: number;
  /** Of roles and tasks that have none of their own. */
  readonly quiet_ms?: number;
  readonly roles: readonly PlanRole[];
  readonly tasks: readonly PlanTask[];
}

/**
 * Reads a plan that is to run. `agents`: those that it can name; absent: they are looked at when it runs. Throws PlanError
 * (`plan_invalid`) with every problem and its place.
 */
export function parsePlan(text: string, agents?: readonly AgentChoices[]): Plan {
  return planOf(new PlanDocument(text, "strict"), agents);
}

/** Reads a plan that a record has, to show it: one of before may have what no plan may have any more. Throws as `parsePlan`. */
export function parseStoredPlan(text: string): Plan {
  return planOf(new PlanDocument(text, "stored"));
}

function planOf(document: PlanDocument, agents?: readonly AgentChoices[]): Plan {
  if (document.problems.length > 0) throw new PlanError(document.problems);
  const data = withoutExtensions(document.data);
  if (hasTooManyTasks(data)) {
    document.problem(["tasks"], tooManyTasks);
    throw new PlanError(document.problems);
  }
  const parsed = planFileSchema.safeParse(data);
  if (!parsed.success) noteIssues(document, parsed.error.issues);
  noteMeaning(document, agents);
  if (!parsed.success || document.problems.length > 0) throw new PlanError(document.problems);
  return normalized(parsed.data);
}

/** Keys such as `x-defaults` hold what people want to keep beside the plan, mostly anchors. */
function withoutExtensions(data: unknown): unknown {
  if (typeof data !== "object" || data === null || Array.isArray(data)) return data;
  return Object.fromEntries(Object.entries(data).filter(([key]) => !key.startsWith("x-")));
}

/** Those that an alias stands for are counted here. */
function hasTooManyTasks(data: unknown): boolean {
  const tasks = typeof data === "object" && data !== null && "tasks" in data ? data.tasks : undefined;
  return Array.isArray(tasks) && tasks.length > maxTasks;
}

function normalized(file: PlanFile): Plan {
  return {
    project: file.project,
    goal: file.goal ?? "",
    max_sessions: file.max_sessions ?? defaultMaxSessions,
    ...normalizedQuiet(file.quiet),
    roles: Object.entries(file.roles ?? {}).map(([name, role]) => normalizedRole(name, role ?? {})),
    tasks: (file.tasks ?? []).map(normalizedTask),
  };
}

function normalizedRole(name: string, { env, count, quiet, agent, problems, ...rest }: RoleFile): PlanRole {
  return {
    name,
    ...present(rest),
    ...(agent === undefined ? {} : { agent: typeof agent === "string" ? { use: agent } : present(agent) }),
    ...normalizedQuiet(quiet),
    ...normalizedProblems(problems),
    env: textValues(env ?? {}),
    count: count ?? 1,
  };
}

function normalizedTask({
  needs,
  run,
  prompt,
  until,
  restart,
  timeout,
  quiet,
  retries,
  problems,
  ...rest
}: TaskFile): PlanTask {
  const tries = typeof retries === "number" ? { attempts: retries } : (retries ?? {});
  return {
    ...present(rest),
    id: rest.id,
    role: rest.role,
    needs: [...new Set(typeof needs === "string" ? [needs] : (needs ?? []))],
    run: typeof run === "string" ? [run] : (run ?? []),
    ...(prompt === undefined ? {} : { prompt: typeof prompt === "string" ? { text: prompt } : prompt }),
    ...(until === undefined ? {} : { until: normalizedUntil(until) }),
    ...(restart === undefined ? {} : { restart: normalizedRestart(restart) }),
    ...(timeout === undefined ? {} : { timeout_ms: durationMs(timeout) ?? 0 }),
    ...normalizedQuiet(quiet),
    ...normalizedProblems(problems),
    retries: {
      attempts: tries.attempts ?? 1,
      backoff_ms: durationMs(tries.backoff ?? "") ?? defaultBackoffMs,
      not_on: tries.not_on ?? [],
    },
  };
}

function normalizedQuiet(quiet: TaskFile["quiet"]): { readonly quiet_ms?: number } {
  return quiet === undefined ? {} : { quiet_ms: durationMs(quiet) ?? 0 };
}

function normalizedProblems(problems: TaskFile["problems"]): { readonly problems?: readonly string[] } {
  return problems === undefined ? {} : { problems: typeof problems === "string" ? [problems] : [...problems] };
}

function problemsFile(problems: readonly string[] | undefined): Pick<TaskFile, "problems"> {
  if (problems === undefined) return {};
  return { problems: problems.length === 1 ? (problems[0] ?? "") : [...problems] };
}

function quietFile(quiet_ms: number | undefined): Pick<TaskFile, "quiet"> {
  return quiet_ms === undefined ? {} : { quiet: exactDuration(quiet_ms) };
}

function normalizedRestart(restart: NonNullable<TaskFile["restart"]>): NonNullable<PlanTask["restart"]> {
  const { attempts, backoff }: Exclude<typeof restart, number> =
    typeof restart === "number" ? { attempts: restart } : restart;
  return { attempts: attempts ?? defaultRestarts, backoff_ms: durationMs(backoff ?? "") ?? defaultBackoffMs };
}

function normalizedUntil({ screen, port, state }: NonNullable<TaskFile["until"]>): PlanUntil {
  if (port !== undefined) return { port };
  return state === undefined ? { screen: screen ?? "" } : { state };
}

/** Without the fields that are undefined. */
function present<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T;
}

function textValues(env: Readonly<Record<string, string | number | boolean>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, String(value)]));
}

/** The text of plan.yaml for a plan; `parsePlan` gives the same plan back. What is as by default is left out. */
export function planToYaml(plan: Plan): string {
  return documentText(new Document(planFile(plan), { aliasDuplicateObjects: false }));
}

/** What plan.yaml holds of a plan, as data. */
export function planFile(plan: Plan): PlanFile & { readonly tasks: TaskFile[] } {
  return {
    project: plan.project,
    ...(plan.goal === "" ? {} : { goal: plan.goal }),
    ...(plan.max_sessions === defaultMaxSessions ? {} : { max_sessions: plan.max_sessions }),
    ...quietFile(plan.quiet_ms),
    roles: Object.fromEntries(plan.roles.map(({ name, ...role }) => [name, roleFile(role)])),
    tasks: plan.tasks.map(taskFile),
  };
}

/** The text of a plan's document, which reads the same again. */
export function documentText(document: Document): string {
  visit(document, {
    Scalar: (_key, node) => {
      if (typeof node.value === "string" && needsEscapes(node.value)) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return withEscapes(document.toString({ lineWidth: 0 }));
}

function roleFile({ env, count, agent, quiet_ms, problems, ...rest }: Omit<PlanRole, "name" | "checksOf">): RoleFile {
  return {
    ...present(rest),
    ...(agent === undefined ? {} : { agent: agentFile(agent) }),
    ...quietFile(quiet_ms),
    ...problemsFile(problems),
    ...(Object.keys(env).length === 0 ? {} : { env: { ...env } }),
    ...(count === 1 ? {} : { count }),
  };
}

function agentFile(agent: RoleAgent): RoleFile["agent"] {
  const { use, arguments: words, ...rest } = agent;
  if (words === undefined && Object.keys(rest).length === 0) return use;
  return { use, ...rest, ...(words === undefined ? {} : { arguments: [...words] }) };
}

function taskFile(task: PlanTask): TaskFile {
  const { id, role, needs, run, prompt, timeout_ms, quiet_ms, retries, restart, problems, ...rest } = task;

  return {
    id,
    role,
    ...(needs.length === 0 ? {} : { needs: [...needs] }),
    ...(prompt === undefined
      ? { run: run.length === 1 ? (run[0] ?? "") : [...run] }
      : { prompt: "text" in prompt ? prompt.text : prompt }),
    ...(timeout_ms === undefined ? {} : { timeout: exactDuration(timeout_ms) }),
    ...quietFile(quiet_ms),
    ...retriesFile(retries),
    ...(restart === undefined
      ? {}
      : { restart: { attempts: restart.attempts, backoff: exactDuration(restart.backoff_ms) } }),
    ...problemsFile(problems),
    ...present(rest),
  };
}

function retriesFile({ attempts, backoff_ms, not_on }: Retries): Pick<TaskFile, "retries"> {
  if (backoff_ms === defaultBackoffMs && not_on.length === 0) return attempts === 1 ? {} : { retries: attempts };
  return {
    retries: { attempts, backoff: exactDuration(backoff_ms), ...(not_on.length === 0 ? {} : { not_on: [...not_on] }) },
  };
}

/** The problem matchers for the output of a task: its own, else its role's. */
export function problemMatchers({ roles }: Plan, task: PlanTask): readonly string[] {
  return task.problems ?? roles.find(({ name }) => name === task.role)?.problems ?? [];
}

/**
 * Tells whether a task must run again: changes with its commands or prompt, check, until, folder and its role's
 * environment, and with nothing else.
 */
export function taskDefinitionHash(plan: Plan, task: PlanTask): string {
  const role = plan.roles.find((each) => each.name === task.role);
  const env = role?.env ?? {};
  const names = Object.keys(env).sort();
  return hash64(
    JSON.stringify({
      run: task.run,
      check: task.check ?? null,
      cwd: task.cwd ?? role?.cwd ?? null,
      env: names.map((name) => [name, env[name]]),
      // Tasks without it keep the hash that they had before there was such a thing.
      ...(task.until === undefined ? {} : { until: "screen" in task.until ? task.until.screen : task.until }),
      ...(task.prompt === undefined ? {} : { prompt: task.prompt }),
    }),
  );
}
