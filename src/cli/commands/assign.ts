import { resolve } from "node:path";
import { OrchestratorError } from "../../core/model/errors";
import { quickPlan } from "../../core/model/plan";
import type { Container } from "../container";
import type { ExitCode } from "../exitCodes";
import { openProject, readState } from "../projects";
import { readablePlan } from "../storedPlan";
import { besidePlan, freeTaskId, runPlan } from "./do";

export interface AssignOptions {
  readonly run?: readonly string[];
  readonly cwd?: string;
}

/** One more task for a role of a project that exists; the role is the plan's when that has one of the name, else a shell. */
export async function assignTask(container: Container, name: string, role: string, options: AssignOptions): Promise<ExitCode> {
  if (options.run === undefined) {
    throw new OrchestratorError("usage", "There is no command to run.", `Give at least one: wsh-orchestrator assign ${name} ${role} --run COMMAND`);
  }
  const ledger = await openProject(container, name);
  const own = await ledger.readPlan();
  const plan = readablePlan(own);
  const known = await readState(ledger);
  const quick = quickPlan({ project: name, role, run: options.run, ...(options.cwd === undefined ? {} : { cwd: resolve(options.cwd) }) });
  const id = freeTaskId(role, [...known.tasks.keys(), ...(plan?.tasks.map((task) => task.id) ?? [])]);
  const numbered = { ...quick, tasks: quick.tasks.map((task) => ({ ...task, id })) };
  const wanted = own === undefined ? { ...numbered, goal: known.goal } : besidePlan(numbered, own, name);
  return runPlan(container, { name, project_id: ledger.project_id, existing: ledger, plan: wanted, write: undefined, cwd: undefined, again: false });
}
