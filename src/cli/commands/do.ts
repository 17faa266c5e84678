import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { FileLedger } from "../../adapters/ledger/fileLedger";
import { hasCode, OrchestratorError } from "../../core/model/errors";
import { projectIdOf } from "../../core/model/names";
import { parsePlan, type Plan, planToYaml, quickPlan } from "../../core/model/plan";
import { PlanError } from "../../core/model/planDocument";
import type { ProjectContext } from "../../core/model/project";
import type { Container } from "../container";
import { detachDriver, tellParent } from "../detach";
import { type DriveRequest, driveProject, hideSecrets, type Work } from "../driveProject";
import type { ExitCode } from "../exitCodes";
import { openIfThere, rebuiltProject } from "../projects";
import type { ChosenServer } from "../serverChoice";
import { shellWord } from "../shellWord";
import { readablePlan, requireSecrets, requiresSecrets, storablePlan } from "../storedPlan";

export interface DoOptions {
  readonly goal?: string;
  readonly plan?: string;
  readonly role?: string;
  readonly run?: readonly string[];
  readonly cwd?: string;
  readonly maxSessions?: number;
  readonly again?: boolean;
  /** Leave it to a process of its own. */
  readonly detach?: boolean;
  /** This is that process. */
  readonly detached?: boolean;
}

/** The text that plan.yaml gets, and how a person gives it: `--plan FILE` or `--run`. */
interface PlanText {
  readonly text: string;
  readonly from: string;
}

/** What is to run, and what is kept of it; undefined when plan.yaml stays as it is. */
export interface WantedPlan {
  readonly plan: Plan;
  readonly write: PlanText | undefined;
}

export async function doProject(container: Container, name: string, options: DoOptions): Promise<ExitCode> {
  const project_id = projectIdOf(name);
  if (options.plan !== undefined && options.run !== undefined) {
    throw new OrchestratorError("usage", "A run is either a plan or commands, not both.", "Give --plan FILE or --run COMMAND.");
  }
  if (options.detach === true) return detachDriver(container, name, project_id, options);
  const existing = await openIfThere(container, project_id);
  const wanted = async (): Promise<WantedPlan> => {
    const { plan, write } = await wantedPlan(name, options, existing);
    return {
      plan: { ...plan, ...(options.goal === undefined ? {} : { goal: options.goal }), ...(options.maxSessions === undefined ? {} : { max_sessions: options.maxSessions }) },
      write,
    };
  };
  const cwd = options.run === undefined && options.cwd !== undefined ? resolve(options.cwd) : undefined;
  const detached = options.detached === true ? { driving: tellParent } : undefined;
  return runPlan(container, { name, project_id, existing, wanted, cwd, again: options.again ?? false, ...(detached ? { detached } : {}) });
}

interface RunPlanRequest {
  readonly name: string;
  readonly project_id: string;
  readonly existing: FileLedger | undefined;
  /** Asked again after another driver's turn, which may have changed the record. */
  readonly wanted: () => Promise<WantedPlan>;
  /** The folder that relative paths of the plan start from; kept with the project. */
  readonly cwd: string | undefined;
  readonly again: boolean;
  readonly detached?: DriveRequest["detached"];
}

/** Makes or updates the project and runs the plan. Plan and server come first: without them nothing is written. */
export async function runPlan(container: Container, request: RunPlanRequest): Promise<ExitCode> {
  const { again, detached } = request;
  let first: WantedPlan | undefined = await request.wanted();
  const chosen = await container.servers.forProject((request.existing && (await knownProject(container, request.existing, request.name)))?.server);
  const ledger = request.existing ?? (await container.store.create(await projectContext(container, request, first.plan, undefined, chosen)));
  const work = async (): Promise<Work> => {
    const { plan, write } = first ?? (await request.wanted());
    first = undefined;
    const project = await projectContext(container, request, plan, await knownProject(container, ledger, request.name), chosen);
    const save = async (): Promise<void> => {
      await ledger.writeProject(project);
      if (write !== undefined) await storePlan(container, ledger, plan, write);
    };
    return { project, plan, save };
  };
  return driveProject(container, { ledger, chosen, work, again, ...(detached ? { detached } : {}) });
}

/** Secrets stay with the person: the record gets the plan without them, and says so. */
async function storePlan(container: Container, ledger: FileLedger, plan: Plan, { text, from }: PlanText): Promise<void> {
  hideSecrets(container.redactor, plan);
  const stored = storablePlan(plan, text, container.redactor);
  await ledger.writePlan(stored.text);
  if (stored.redacted) container.output.progress([{ text: `The copy of the plan in the record has its secrets removed; run it again with ${from}.`, tone: "attention" }]);
}

/** What project.json says; one that is missing or spoilt is made again from the events. */
async function knownProject(container: Container, ledger: FileLedger, name: string): Promise<ProjectContext> {
  try {
    return await ledger.readProject();
  } catch (error) {
    if (!hasCode(error, "ledger_corrupt")) throw error;
    container.output.progress([{ text: `${error.message} It is made anew from the record.`, tone: "attention" }]);
    return rebuiltProject(container, ledger, name);
  }
}

async function projectContext(container: Container, request: RunPlanRequest, plan: Plan, known: ProjectContext | undefined, chosen: ChosenServer): Promise<ProjectContext> {
  const { address, server_id } = chosen.info;
  const folders = container.folders(address);
  const default_cwd = request.cwd === undefined ? (known?.default_cwd ?? container.workspace) : request.cwd;
  const git = await folders.gitState(default_cwd);
  return {
    ...known,
    project_id: request.project_id,
    name: known?.name ?? request.name,
    goal: plan.goal === "" ? (known?.goal ?? "") : plan.goal,
    status: known?.status ?? "planned",
    default_cwd,
    active_branch: git?.branch ?? null,
    owner: known?.owner ?? container.user,
    updated_at: new Date(container.clock.now()).toISOString(),
    server: { address, server_id, ...(chosen.builtin ? { builtin: true } : {}) },
  };
}

async function wantedPlan(name: string, options: DoOptions, existing: FileLedger | undefined): Promise<WantedPlan> {
  if (options.plan !== undefined) {
    const text = await readPlanFile(options.plan);
    return { plan: runnablePlan(text, options.plan, name), write: { text, from: `--plan ${shellWord(options.plan)}` } };
  }
  const own = await existing?.readPlan();
  if (options.run !== undefined) {
    const quick = quickPlan({ project: name, run: options.run, ...(options.role === undefined ? {} : { role: options.role }), ...(options.cwd === undefined ? {} : { cwd: resolve(options.cwd) }) });
    if (own === undefined) return { plan: quick, write: { text: planToYaml({ ...quick, goal: options.goal ?? "" }), from: "--run" } };
    return { plan: besidePlan(quick, own, name), write: undefined };
  }
  if (own === undefined) {
    throw new OrchestratorError("usage", `There is nothing to run: ${name} has no plan.`, `Give commands (wsh-orchestrator do ${name} --run "make test") or a plan (--plan FILE).`);
  }
  return { plan: runnablePlan(own, existing ? `${existing.folder}/plan.yaml` : "plan.yaml", name), write: undefined };
}

/** A plan with something to do for this very project. Throws `usage` and `plan_invalid`. */
function runnablePlan(text: string, file: string, name: string): Plan {
  requireSecrets(text, name);
  const plan = parsedPlan(text, file);
  if (projectIdOf(plan.project) !== projectIdOf(name)) {
    throw new OrchestratorError("usage", `The plan ${file} is for project ${plan.project}, not ${name}.`, `Run it as: wsh-orchestrator do ${shellWord(plan.project)}, or change its project.`);
  }
  if (plan.tasks.length === 0) throw new OrchestratorError("usage", `There is nothing to do: the plan ${file} has no tasks.`, "Add a task to it, or give commands with --run.");
  return plan;
}

/** A quick task beside the plan in the record; of one whose secrets are removed only roles without any can be used. */
export function besidePlan(quick: Plan, own: string, name: string): Plan {
  const plan = requiresSecrets(own) ? readablePlan(own) : parsedPlan(own, "plan.yaml");
  if (!plan) return quick;
  const wanted = withinPlan(quick, plan);
  requireSecrets(JSON.stringify(wanted.roles), name);
  return requiresSecrets(wanted.goal) ? { ...wanted, goal: "" } : wanted;
}

/** One task beside a plan: its role is the plan's when that has one of the name, and its id is no other task's. */
export function withinPlan(quick: Plan, plan: Plan): Plan {
  const roles = quick.roles.map((role) => plan.roles.find((each) => each.name === role.name) ?? role);
  const taken = plan.tasks.length > 1 ? plan.tasks.map((task) => task.id) : [];
  const tasks = quick.tasks.map((task) => ({ ...task, id: taken.includes(task.id) ? freeTaskId(task.id, taken) : task.id }));
  return { ...quick, goal: plan.goal, max_sessions: plan.max_sessions, roles, tasks };
}

/** `builder-1`, or the next number that no task has. */
export function freeTaskId(base: string, taken: Iterable<string>): string {
  const ids = new Set(taken);
  for (let number = 1; ; number++) if (!ids.has(`${base}-${number}`)) return `${base}-${number}`;
}

async function readPlanFile(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new OrchestratorError("usage", `The plan ${path} cannot be read.`, "Give the path of a readable YAML file.", { cause: error });
  }
}

/** Throws `plan_invalid` with every problem as `file:line:column`. */
export function parsedPlan(text: string, file: string): Plan {
  try {
    return parsePlan(text);
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    const lines = error.problems.map(({ line, column, path, message }) => `${file}:${line}:${column}: ${path === "" ? "" : `${path}: `}${message}`);
    throw new OrchestratorError("plan_invalid", `The plan is not valid.\n${lines.join("\n")}`, error.next, { cause: error });
  }
}
