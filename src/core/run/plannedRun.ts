import type { AgentChoices } from "../model/agentProfile";
import { OrchestratorError } from "../model/errors";
import { projectIdOf } from "../model/names";
import type { Plan } from "../model/plan";
import type { ProjectContext } from "../model/project";
import type { Clock, Folders } from "../ports/machine";
import type { ChosenServer } from "../ports/sessions";
import type { PlanWork } from "../ports/plans";
import { parsedPlan, readablePlan } from "./readPlan";
import { requireSecrets, requiresSecrets } from "./planSecrets";
import { advice } from "../model/remedy";

/** What reads plans, and the agents that these can name. */
export interface PlanReader {
  readonly plans: PlanWork;
  readonly agents: readonly AgentChoices[];
}

/** A plan with something to do for this very project. Throws `usage` and `plan_invalid`. */
export async function runnablePlan(text: string, file: string, name: string, reader: PlanReader): Promise<Plan> {
  requireSecrets(text, name);
  const plan = await parsedPlan(text, file, reader.plans, reader.agents);
  if (projectIdOf(plan.project) !== projectIdOf(name)) {
    throw new OrchestratorError(
      "usage",
      `The plan ${file} is for the project ${plan.project}, not ${name}.`,
      advice(`Run it as ${plan.project}, or write "project: ${name}" in the plan.`),
    );
  }
  if (plan.tasks.length === 0)
    throw new OrchestratorError("usage", `The plan ${file} has no tasks, so there is nothing to run.`, {
      kind: "give_commands",
    });
  return plan;
}

/** A quick task beside the plan in the record; of one whose secrets are removed only roles without any can be used. */
export async function besidePlan(quick: Plan, own: string, name: string, plans: PlanWork): Promise<Plan> {
  const lost = requiresSecrets(own);
  const plan = (await readablePlan(own, plans)) ?? (lost ? undefined : await parsedPlan(own, "plan.yaml", plans));
  if (!plan) return quick;
  requireSameRole(quick, plan);
  const wanted = withinPlan(quick, plan, await plans.givenTaskIds(own));
  requireSecrets(JSON.stringify(wanted.roles), name);
  return requiresSecrets(wanted.goal) ? { ...wanted, goal: "" } : wanted;
}

/** Throws `usage` for another agent or folder than the role of the plan has: who names one wants that one. */
function requireSameRole(quick: Plan, plan: Plan): void {
  for (const { name: role, agent, cwd } of quick.roles) {
    const own = plan.roles.find(({ name }) => name === role);
    if (own !== undefined && cwd !== undefined && cwd !== own.cwd)
      throw new OrchestratorError(
        "usage",
        `The role ${role} of ${plan.project} works in its own folder.`,
        advice("Name another role, or leave out the folder."),
      );
    if (agent === undefined || own === undefined) continue;
    const { use, ...settings } = agent;
    if (own.agent?.use === use && Object.keys(settings).length === 0) continue;
    throw new OrchestratorError(
      "usage",
      `The role ${role} of ${plan.project} ${
        own.agent === undefined
          ? "has no agent"
          : own.agent.use === use
            ? `has settings of its own for ${use}`
            : `uses the agent ${own.agent.use}, not ${use}`
      }.`,
      advice("Name another role, or leave out the agent."),
    );
  }
}

/** Throws `usage` where a role and what its tasks are to do do not belong together. */
export function requireAgents({ project, roles, tasks }: Plan): void {
  for (const { name: role, agent } of roles) {
    const own = tasks.filter((task) => task.role === role);
    if (agent !== undefined && own.some(({ prompt }) => prompt === undefined))
      throw new OrchestratorError(
        "usage",
        `The role ${role} of ${project} has an agent, which takes a prompt and no command.`,
        advice("Give a prompt, or name another role."),
      );
    if (agent === undefined && own.some(({ prompt }) => prompt !== undefined))
      throw new OrchestratorError(
        "usage",
        `The role ${role} of ${project} has no agent that takes a prompt.`,
        advice("Name an agent, or a role that has one."),
      );
  }
}

/**
 * One task beside a plan: its role is the plan's when that has one of the name, and its id is no other task's but that
 * of one that was `given` like it.
 */
export function withinPlan(quick: Plan, plan: Plan, given: readonly string[] = []): Plan {
  const roles = quick.roles.map((role) => plan.roles.find((each) => each.name === role.name) ?? role);
  const written = plan.tasks.map((task) => task.id).filter((id) => !given.includes(id));
  const taken = written.length > 1 ? written : [];
  const tasks = quick.tasks.map((task) => ({
    ...task,
    id: taken.includes(task.id) ? freeTaskId(task.id, taken) : task.id,
  }));
  return { ...quick, goal: plan.goal, max_sessions: plan.max_sessions, roles, tasks };
}

/** `builder-1`, or the next number that no task has. */
export function freeTaskId(base: string, taken: Iterable<string>): string {
  const ids = new Set(taken);
  for (let number = 1; ; number++) if (!ids.has(`${base}-${number}`)) return `${base}-${number}`;
}

/** What a project is that somebody starts. */
export interface StartedProject {
  readonly project_id: string;
  readonly name: string;
  readonly plan: Plan;
  /** project.json as it is so far. */
  readonly known: ProjectContext | undefined;
  /** The folder that relative paths of the plan start from; absent: as before, else the workspace. */
  readonly cwd: string | undefined;
  readonly workspace: string;
  readonly user: string;
  readonly chosen: ChosenServer;
}

/** The project's context as its next runner writes it. */
export async function projectContextOf(
  started: StartedProject,
  folders: Folders,
  clock: Clock,
): Promise<ProjectContext> {
  const { plan, known, chosen } = started;
  const { address, server_id } = chosen.info;
  const default_cwd = started.cwd ?? known?.default_cwd ?? started.workspace;
  const git = await folders.gitState(default_cwd);
  return {
    ...known,
    project_id: started.project_id,
    name: known?.name ?? started.name,
    goal: plan.goal === "" ? (known?.goal ?? "") : plan.goal,
    status: known?.status ?? "planned",
    default_cwd,
    active_branch: git?.branch ?? null,
    owner: known?.owner ?? started.user,
    updated_at: new Date(clock.now()).toISOString(),
    server: {
      address,
      server_id,
      ...(chosen.builtin ? { builtin: true } : {}),
      ...(chosen.process ? { process: { ...chosen.process } } : {}),
    },
  };
}
