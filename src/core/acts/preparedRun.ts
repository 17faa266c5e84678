import { agentChoices } from "../model/agentProfile";
import { withNeeds } from "../model/dependents";
import { hasCode, OrchestratorError } from "../model/errors";
import { projectIdOf } from "../model/names";
import { type Plan, planToYaml } from "../model/plan";
import type { ProjectContext } from "../model/project";
import type { ProjectState } from "../model/projectState";
import type { Ledger } from "../ports/ledger";
import type { ChosenServer } from "../ports/sessions";
import { replay } from "../record/replay";
import { projectContextOf } from "../run/plannedRun";
import { readablePlan } from "../run/readPlan";
import { hideSecrets, requiresSecrets } from "../run/planSecrets";
import { withAgents } from "../session/agentStart";
import { openIfNamed, openNamed } from "./projectLookup";
import type { RunNotice, RunProjectRequest, RunProjectWorld } from "./runRequest";
import { wantedPlan, type WantedPlan } from "./wantedPlan";

/** What one run has to do. */
export interface Work {
  readonly project: ProjectContext;
  readonly plan: Plan;
  /** Tasks of the recorded plan that this run leaves out. */
  readonly others: readonly string[];
  /** Address of the server that the project's last run used. */
  readonly formerServer: string | undefined;
  /** Leaves project and plan in the record; only who runs the project may. */
  readonly save: () => Promise<void>;
  /** Leaves in the recorded plan what was given beside it and has not succeeded; after the run. */
  readonly keepUndone: (state: Pick<ProjectState, "tasks">) => Promise<void>;
}

/** A project that is to run: its record, its server, and the plan as it is wanted. */
export class PreparedRun {
  /** What project.json says, where that had to be made again from the events. */
  #rebuilt: ProjectContext | undefined;
  /** The plan that is not asked for again. */
  #first: WantedPlan | undefined;

  private constructor(
    private readonly world: RunProjectWorld,
    private readonly request: RunProjectRequest,
    private readonly tell: (notice: RunNotice) => void,
    readonly ledger: Ledger,
    readonly chosen: ChosenServer,
  ) {}

  /**
   * Plan and server come first: without them nothing is written. Throws `usage`, `plan_invalid`, `name_invalid`,
   * `project_not_found`, what reaching a server throws, and what the record refuses.
   */
  static async prepare(
    world: RunProjectWorld,
    given: RunProjectRequest,
    tell: (notice: RunNotice) => void,
  ): Promise<PreparedRun> {
    const existing = given.must_exist
      ? await openNamed(world.store, given.name)
      : await openIfNamed(world.store, given.name);
    const isRenamed = existing !== undefined && existing.project_id !== projectIdOf(given.name);
    const request = isRenamed ? { ...given, name: existing.project_id } : given;
    const known = existing && (await knownProject(world, request, existing));
    const first = await wanted(world, request, existing, known?.project);
    if (known?.problem !== undefined) tell({ what: "project_rebuilt", why: known.problem });
    const chosen = await world.chooseServer(known?.project.server);
    const ledger =
      existing ?? (await world.store.create(await contextOf(world, request, chosen, first.plan, undefined)));
    const prepared = new PreparedRun(world, request, tell, ledger, chosen);
    prepared.#first = first;
    if (known?.problem !== undefined) prepared.#rebuilt = known.project;
    return prepared;
  }

  /** Asked before each try to run: while another process ran it, the record may have changed. */
  async work(): Promise<Work> {
    const { world, request, ledger, chosen } = this;
    const known = this.#rebuilt ?? (await knownProject(world, request, ledger)).project;
    const { plan, text, beside } = this.#first ?? (await wanted(world, request, ledger, known));
    this.#first = undefined;
    hideSecrets(world.redactor, plan);
    const project = await contextOf(world, request, chosen, plan, known);
    const save = async (): Promise<void> => {
      await ledger.writeProject(project);
      this.#rebuilt = undefined;
      if (text !== undefined) await this.#storePlan(plan, text);
    };
    const keepUndone = async ({ tasks }: Pick<ProjectState, "tasks">): Promise<void> => {
      const undone = plan.tasks.filter(({ id }) => tasks.get(id)?.state !== "succeeded");
      if (beside !== undefined && undone.length > 0) await this.#keepGiven({ ...plan, tasks: undone }, beside);
    };
    const wantedPart = request.only === undefined ? plan : partOf(plan, request.only);
    const whole = beside === undefined ? plan : await readablePlan(beside, world.plans);
    const part = new Set(wantedPart.tasks.map(({ id }) => id));
    const others = whole?.tasks.map(({ id }) => id).filter((id) => !part.has(id)) ?? [];
    return { project, plan: wantedPart, others, formerServer: known?.server?.address, save, keepUndone };
  }

  /** Commands with a secret are not kept: without it the whole plan could not be run. */
  async #keepGiven(given: Plan, own: string): Promise<void> {
    const { plans, redactor } = this.world;
    const text = requiresSecrets(own) ? undefined : await plans.withGivenTasks(own, given);
    if (text === undefined) return;
    if ((await plans.storablePlan(planToYaml(given), given, redactor.settings)).redacted) return;
    await this.ledger.writePlan(text);
  }

  /** Secrets stay with the person: the record gets the plan without them. */
  async #storePlan(plan: Plan, text: string): Promise<void> {
    const stored = await this.world.plans.storablePlan(text, plan, this.world.redactor.settings);
    await this.ledger.writePlan(stored.text);
    if (stored.redacted) this.tell({ what: "plan_without_secrets" });
  }
}

/** The plan with only these tasks and what they need. Throws `usage` for one that it does not have. */
function partOf(plan: Plan, only: readonly string[]): Plan {
  const ids = plan.tasks.map(({ id }) => id);
  const missing = only.find((id) => !ids.includes(id));
  if (missing !== undefined)
    throw new OrchestratorError("usage", `${plan.project} has no task ${missing}.`, {
      kind: "show_tasks",
      project: projectIdOf(plan.project),
    });
  const part = new Set(only.flatMap((id) => [...withNeeds(plan, id)]));
  return { ...plan, tasks: plan.tasks.filter(({ id }) => part.has(id)) };
}

async function wanted(
  world: RunProjectWorld,
  request: RunProjectRequest,
  ledger: Ledger | undefined,
  known: ProjectContext | undefined,
): Promise<WantedPlan> {
  const { name, source, goal, max_sessions, session_limit } = request;
  const { callersFolders, plans } = world;
  const catalog = await world.agents();
  const base = known?.default_cwd ?? world.store.workspace;
  const { plan, ...stored } = await wantedPlan(source, {
    name,
    goal,
    plans,
    agents: agentChoices(catalog),
    own: await ledger?.readPlan(),
    own_file: world.planFile(projectIdOf(name)),
    runsIn: (cwd, folder) => callersFolders.isSame(callersFolders.resolve(base, cwd ?? "."), folder),
    state: async () => (ledger ? (await replay(ledger, "checkpoint")).state : { tasks: new Map(), goal: "" }),
  });
  // Also of a task that is given without a plan: nothing is started for an agent that is not known.
  withAgents(plan, catalog);
  const sessions = Math.min(max_sessions ?? plan.max_sessions, session_limit ?? Infinity);
  // A task that the plan does not have is told before anything is made.
  if (request.only !== undefined) partOf(plan, request.only);
  return { plan: { ...plan, goal: goal ?? plan.goal, max_sessions: sessions }, ...stored };
}

/** What project.json says; one that is missing or spoilt is made again from the events, with the problem that it had. */
async function knownProject(
  { store, user, clock }: RunProjectWorld,
  { name }: RunProjectRequest,
  ledger: Ledger,
): Promise<{ readonly project: ProjectContext; readonly problem?: string }> {
  try {
    return { project: await ledger.readProject() };
  } catch (error) {
    if (!hasCode(error, "ledger_corrupt")) throw error;
    const { state } = await replay(ledger, "checkpoint");
    return {
      // The server is chosen again.
      project: {
        project_id: ledger.project_id,
        name: state.name ?? name,
        goal: state.goal,
        status: state.status,
        default_cwd: store.workspace,
        active_branch: null,
        owner: user,
        updated_at: new Date(clock.now()).toISOString(),
      },
      problem: error.message,
    };
  }
}

function contextOf(
  world: RunProjectWorld,
  { name, cwd }: RunProjectRequest,
  chosen: ChosenServer,
  plan: Plan,
  known: ProjectContext | undefined,
): Promise<ProjectContext> {
  const { store, user, clock } = world;
  return projectContextOf(
    { project_id: projectIdOf(name), name, plan, known, cwd, workspace: store.workspace, user, chosen },
    world.folders(chosen.info.address),
    clock,
  );
}
