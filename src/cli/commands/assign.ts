import { resolve } from "node:path";
import { OrchestratorError } from "../../core/model/errors";
import { type Plan, quickPlan } from "../../core/model/plan";
import type { Ledger } from "../../core/ports/ledger";
import type { Container } from "../container";
import type { ExitCode } from "../exitCodes";
import { openProject, readState } from "../projects";
import { readablePlan } from "../../core/run/storedPlan";
import { besidePlan, freeTaskId } from "../../core/run/plannedRun";
import { runPlan, type WantedPlan } from "./do";

export interface AssignOptions {
  readonly run?: readonly string[];
  readonly cwd?: string;
}

/**
 * One more task for a role of a project that exists; the role is the plan's when that has one of the name, else a
 * shell.
 */
export async function assignTask(
  container: Container,
  name: string,
  role: string,
  options: AssignOptions,
): Promise<ExitCode> {
  if (options.run === undefined) {
    throw new OrchestratorError(
      "usage",
      "There is no command to run.",
      `Give at least one: wsh-orchestrator assign ${name} ${role} --run COMMAND`,
    );
  }
  const { run } = options;
  const ledger = await openProject(container, name);
  const wanted = async (): Promise<WantedPlan> => ({
    plan: await withTask(ledger, { name, role, run, cwd: options.cwd }),
    write: undefined,
  });
  // Whoever gives a task twice wants it done twice, also while another driver does the same.
  return runPlan(container, {
    name,
    project_id: ledger.project_id,
    existing: ledger,
    wanted,
    cwd: undefined,
    again: true,
  });
}

/** The task alone, with the next number that none of the project's tasks has. */
async function withTask(
  ledger: Ledger,
  { name, role, run, cwd }: { name: string; role: string; run: readonly string[]; cwd: string | undefined },
): Promise<Plan> {
  const own = await ledger.readPlan();
  const plan = readablePlan(own);
  const known = await readState(ledger);
  const quick = quickPlan({ project: name, role, run, ...(cwd === undefined ? {} : { cwd: resolve(cwd) }) });
  const id = freeTaskId(role, [...known.tasks.keys(), ...(plan?.tasks.map((task) => task.id) ?? [])]);
  const numbered = { ...quick, tasks: quick.tasks.map((task) => ({ ...task, id })) };
  return own === undefined ? { ...numbered, goal: known.goal } : besidePlan(numbered, own, name);
}
