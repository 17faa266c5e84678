import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { FileLedger } from "../../adapters/ledger/fileLedger";
import { hasCode, OrchestratorError } from "../../core/model/errors";
import { projectIdOf } from "../../core/model/names";
import { type Plan, planToYaml, quickPlan } from "../../core/model/plan";
import type { ProjectContext } from "../../core/model/project";
import type { Container } from "../container";
import { detachDriver, tellParent } from "../detach";
import { type DriveRequest, driveProject, type Work } from "../driveProject";
import type { ExitCode } from "../exitCodes";
import type { DoOptions } from "../doOptions";
import { openIfThere, rebuiltProject } from "../projects";
import { shellWord } from "../../core/sense/shellWord";
import { besidePlan, projectContextOf, runnablePlan } from "../../core/run/plannedRun";
import { hideSecrets, storablePlan } from "../../core/run/storedPlan";

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
    throw new OrchestratorError(
      "usage",
      "A run is either a plan or commands, not both.",
      "Give --plan FILE or --run COMMAND.",
    );
  }
  if (options.detach === true) return detachDriver(container, name, project_id, options);
  const existing = await openIfThere(container, project_id);
  const wanted = async (): Promise<WantedPlan> => {
    const { plan, write } = await wantedPlan(name, options, existing);
    return {
      plan: {
        ...plan,
        ...(options.goal === undefined ? {} : { goal: options.goal }),
        ...(options.maxSessions === undefined ? {} : { max_sessions: options.maxSessions }),
      },
      write,
    };
  };
  const cwd = options.run === undefined && options.cwd !== undefined ? resolve(options.cwd) : undefined;
  const detached = options.detached === true ? { driving: tellParent, waits: options.afterDriver === true } : undefined;
  return runPlan(container, {
    name,
    project_id,
    existing,
    wanted,
    cwd,
    again: options.again ?? false,
    ...(detached ? { detached } : {}),
  });
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
  const chosen = await container.servers.forProject(
    (request.existing && (await knownProject(container, request.existing, request.name)))?.server,
  );
  const { project_id, name, cwd } = request;
  const { workspace, user, clock } = container;
  const context = (plan: Plan, known: ProjectContext | undefined): Promise<ProjectContext> =>
    projectContextOf(
      { project_id, name, plan, known, cwd, workspace, user, chosen },
      container.folders(chosen.info.address),
      clock,
    );
  const ledger = request.existing ?? (await container.store.create(await context(first.plan, undefined)));
  const work = async (): Promise<Work> => {
    const { plan, write } = first ?? (await request.wanted());
    first = undefined;
    const project = await context(plan, await knownProject(container, ledger, request.name));
    const save = async (): Promise<void> => {
      await ledger.writeProject(project);
      if (write !== undefined) await storePlan(container, ledger, plan, write);
    };
    return { project, plan, save };
  };
  return driveProject(container, { ledger, chosen, work, again, ...(detached ? { detached } : {}) });
}

/** Secrets stay with the person: the record gets the plan without them, and says so. */
async function storePlan(
  container: Container,
  ledger: FileLedger,
  plan: Plan,
  { text, from }: PlanText,
): Promise<void> {
  hideSecrets(container.redactor, plan);
  const stored = storablePlan(plan, text, container.redactor);
  await ledger.writePlan(stored.text);
  if (stored.redacted)
    container.output.progress([
      {
        text: `The copy of the plan in the record has its secrets removed; run it again with ${from}.`,
        tone: "attention",
      },
    ]);
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

async function wantedPlan(name: string, options: DoOptions, existing: FileLedger | undefined): Promise<WantedPlan> {
  if (options.plan !== undefined) {
    const text = await readPlanFile(options.plan);
    return { plan: runnablePlan(text, options.plan, name), write: { text, from: `--plan ${shellWord(options.plan)}` } };
  }
  const own = await existing?.readPlan();
  if (options.run !== undefined) {
    const quick = quickPlan({
      project: name,
      run: options.run,
      ...(options.role === undefined ? {} : { role: options.role }),
      ...(options.cwd === undefined ? {} : { cwd: resolve(options.cwd) }),
    });
    if (own === undefined)
      return { plan: quick, write: { text: planToYaml({ ...quick, goal: options.goal ?? "" }), from: "--run" } };
    return { plan: besidePlan(quick, own, name), write: undefined };
  }
  if (own === undefined) {
    throw new OrchestratorError(
      "usage",
      `There is nothing to run: ${name} has no plan.`,
      `Give commands (wsh-orchestrator do ${name} --run "make test") or a plan (--plan FILE).`,
    );
  }
  return { plan: runnablePlan(own, existing ? `${existing.folder}/plan.yaml` : "plan.yaml", name), write: undefined };
}

async function readPlanFile(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new OrchestratorError("usage", `The plan ${path} cannot be read.`, "Give the path of a readable YAML file.", {
      cause: error,
    });
  }
}
