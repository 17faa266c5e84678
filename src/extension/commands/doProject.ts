import { l10n, type TextDocument, ThemeIcon, Uri, workspace, type WorkspaceFolder } from "vscode";
import { agentMachine } from "../../adapters/machine/agentMachine";
import { readPlanBytes } from "../../adapters/machine/planFile";
import { messageOf, OrchestratorError } from "../../core/model/errors";
import { planFileUri } from "../records/projectFiles";
import { projectIdOf } from "../../core/model/names";
import { planToYaml } from "../../core/model/plan";
import { filledTemplate } from "../../core/model/planTemplate";
import { quickPlan } from "../../core/model/quickPlan";
import type { OfferedFile } from "../../core/acts/planFromFolder";
import type { PlanSource } from "../../core/acts/wantedPlan";
import type { FollowedProject } from "../../viewing/workspaceRecords";
import type { WindowRun, WindowRuns, StartRequest } from "../running/windowRuns";
import type { HostWorld } from "../hostWorld";
import { shown, type ShownText } from "../shownText";
import type { ShownItem } from "../shownWindow";
import { parsedPlan, planText } from "../../core/run/readPlan";
import { planTemplates } from "../../protocol/planTemplates";
import { ageText } from "../../protocol/ageText";
import { windowVariables } from "../windowEnvironment";
import type { MakePlan } from "./askFoundWork";
import { folderItems, folders, namedFolder, onlyFolder, pickedFolder } from "./folders";
import type { DoProjectArguments } from "./doProjectArguments";
import type { PlanProblems } from "../plans/planProblems";
import type { PlanReview, ReviewedPlan } from "../plans/planReview";
import type { PlanSources } from "../plans/planSources";
import { askWhichName } from "./askWhichName";
import { askCommands, typedPlan } from "./askCommands";
import { planFiles } from "./planFiles";
import { askPick, askText, runSteps, type StepEnd } from "./steps";

interface Wishes {
  readonly goal: string;
  readonly name: string;
  readonly folder: WorkspaceFolder | undefined;
  /** A file, or the text of a plan that is made for it; undefined: the plan in the record. */
  readonly plan: { readonly file: Uri } | { readonly text: string } | undefined;
}

interface PlanItem extends ShownItem {
  readonly source: "recorded" | "file" | "commands" | "agent" | "found" | "template";
  readonly path?: string;
  /** What the folder has to run. */
  readonly found?: readonly OfferedFile[];
}

/** From a goal to a running project. */
export class DoProject {
  constructor(
    private readonly world: HostWorld,
    private readonly windowRuns: WindowRuns,
    private readonly review: PlanReview,
    private readonly problems: PlanProblems,
    private readonly sources: PlanSources,
    private readonly progress: <T>(work: () => Promise<T>) => Thenable<T>,
  ) {}

  /** Without any question. Throws as `WindowRuns.start`. */
  async withArguments(args: DoProjectArguments): Promise<WindowRun> {
    this.world.requireTrust();
    const folder = (args.folder === undefined ? onlyFolder() : namedFolder(args.folder)).uri.fsPath;
    const { project: name, goal, again = false, plan } = args;
    const request = { folder, name, again, ...(goal === undefined ? {} : { goal }) };
    const file = plan === undefined ? undefined : Uri.file(plan);
    return this.problems.marking(file ?? planFileUri(folder, name), async () =>
      this.#start({ ...request, source: await sourceOf(args, folder) }, undefined, file),
    );
  }

  /** Runs the saved plan; what is done and unchanged is repeated only with `again`. */
  resume(folder: string, name: string, again = false): Promise<WindowRun> {
    return this.#start({ folder, name, again, source: { from: "record" } }, planFileUri(folder, name));
  }

  /** Runs one task of the saved plan, also when it is done, and what it needs that is not. */
  task(folder: string, name: string, task: string): Promise<WindowRun> {
    const request = { folder, name, only: [task], again: true, source: { from: "record" } } as const;
    return this.#start(request, planFileUri(folder, name));
  }

  /** Asks step by step, lets the person review the plan, and runs it. Undefined when the person left. */
  async withQuestions(): Promise<WindowRun | undefined> {
    this.world.requireTrust();
    const open = folders();
    const several = open.length > 1;
    const wishes = await runSteps<Wishes>({ goal: "", name: "", folder: open[0], plan: undefined }, [
      (state, step, total) => this.#askGoal(state, step, total),
      (state, step, total) => this.#askName(state, step, total),
      ...(several ? [(state: Wishes, step: number, total: number) => this.#askFolder(state, step, total)] : []),
      (state, step, total) => this.#askPlan(state, step, total),
    ]);
    if (!wishes?.folder) return undefined;
    const folder = wishes.folder.uri.fsPath;
    const { plan } = wishes;
    if (plan === undefined) return this.resume(folder, wishes.name);
    const name = "file" in plan ? await askWhichName(plan.file, wishes.name, this.world.plans) : wishes.name;
    if (name === undefined) return undefined;
    return this.#reviewed(folder, "file" in plan ? { name, ...plan } : { name, ...plan, folder });
  }

  /** From what the folder has to run, over a choice, a name and a review, to a running project. */
  async fromFolder(): Promise<WindowRun | undefined> {
    this.world.requireTrust();
    const { askFoundWork, foundWork } = await import("./askFoundWork");
    const place = await pickedFolder();
    if (!place) return undefined;
    const folder = place.uri.fsPath;
    const files = await foundWork(this.world, folder);
    const title = shown(l10n.t("Make a Plan from What Is There"));
    const first: { readonly name: string; readonly make: MakePlan | undefined } = {
      name: suggestedName(place.name),
      make: undefined,
    };
    const end = await runSteps(first, [
      async (state, step, total) =>
        withValue(await askFoundWork(this.world, files, { title, step, total }), (make) => ({ ...state, make })),
      async (state, step, total) =>
        withValue(await this.#askProjectName(title, state.name, step, total), (name) => ({ ...state, name })),
    ]);
    if (end?.make === undefined) return undefined;
    const { name, make } = end;
    return this.#reviewed(folder, { name, text: make({ project: name, goal: "" }), folder });
  }

  async #reviewed(folder: string, asked: ReviewedPlan): Promise<WindowRun | undefined> {
    const reviewed = await this.review.review(asked);
    if (reviewed === undefined) return undefined;
    return this.#start({ folder, name: asked.name, source: planOf(reviewed.text) }, undefined, reviewed.file);
  }

  /** Says that the file of a project's plan has changed since it was run, with the way to see how and to run it. */
  tellOfChangedFile(project: FollowedProject): Promise<void> {
    return this.sources.tellOfChange(project);
  }

  /** The plan in an editor, for the folder that it lies in. Throws as `WindowRuns.start`. */
  async plan(document: TextDocument, folder: string, task?: string, again = false): Promise<WindowRun> {
    this.world.requireTrust();
    const text = document.getText();
    return this.problems.marking(document.uri, async () => {
      const { project: name } = await parsedPlan(text, "plan.yaml", this.world.plans);
      const part = task === undefined ? { again } : { only: [task], again: true };
      return this.#start({ folder, name, source: planOf(text), ...part }, undefined, document.uri);
    });
  }

  async recordedPlan(folder: string, name: string): Promise<string | undefined> {
    const { openIfThere } = await import("../../core/acts/projectLookup");
    return (await openIfThere(await this.world.store(folder), projectIdOf(name)))?.readPlan();
  }

  /** `plan`: the file whose problems are marked when it cannot be run; `source`: the one that the plan comes from. */
  #start(request: StartRequest, plan?: Uri, source?: Uri): Promise<WindowRun> {
    const start = async (): Promise<WindowRun> => {
      const run = await this.progress(() => this.windowRuns.start(request));
      if (source !== undefined) await this.sources.remember(run.key, source);
      return run;
    };
    return plan === undefined ? start() : this.problems.marking(plan, start);
  }

  async #askGoal(state: Wishes, step: number, total: number): Promise<StepEnd<Wishes>> {
    const end = await askText({
      title: shown(l10n.t("Do Project")),
      prompt: shown(l10n.t("What is the goal? It is a sentence for people; the next steps ask what runs.")),
      placeholder: shown(l10n.t("Ship the parser")),
      value: state.goal,
      step,
      total,
    });
    return withValue(end, (goal) => ({ ...state, goal: goal.trim() }));
  }

  async #askName(state: Wishes, step: number, total: number): Promise<StepEnd<Wishes>> {
    const value = state.name === "" ? suggestedName(state.goal) : state.name;
    const title = shown(l10n.t("Do Project"));
    return withValue(await this.#askProjectName(title, value, step, total), (name) => ({ ...state, name }));
  }

  async #askProjectName(title: ShownText, value: string, step: number, total: number): Promise<StepEnd<string>> {
    const prompt = shown(l10n.t("A short name. If a project with this name exists, it is resumed."));
    return withValue(await askText({ title, prompt, value, step, total, problem: nameProblem }), (name) => name.trim());
  }

  async #askFolder(state: Wishes, step: number, total: number): Promise<StepEnd<Wishes>> {
    const end = await askPick({
      title: shown(l10n.t("Do Project")),
      placeholder: shown(l10n.t("Choose the folder to work in")),
      items: folderItems(),
      step,
      total,
    });
    return withValue(end, ({ folder }) => ({ ...state, folder }));
  }

  async #askPlan(state: Wishes, step: number, total: number): Promise<StepEnd<Wishes>> {
    if (!state.folder) return undefined;
    const items = await this.#planItems(state.folder, state.name);
    const end = await askPick({
      title: shown(l10n.t("Do Project")),
      placeholder: shown(
        state.goal === ""
          ? l10n.t("Choose what the project does")
          : l10n.t("Choose what the project does; nothing runs from the goal alone"),
      ),
      items,
      step,
      total,
    });
    if (end === undefined || end === "back") return end;
    const plan = await this.#plan(state, end.value, step, total);
    return plan === "back"
      ? this.#askPlan(state, step, total)
      : withValue(plan, (value) => ({ ...state, plan: value }));
  }

  async #planItems(folder: WorkspaceFolder, name: string): Promise<PlanItem[]> {
    const recorded = await this.recordedPlan(folder.uri.fsPath, name);
    const [files, found] = await Promise.all([planFiles(folder), this.#found(folder)]);
    const now = this.world.clock.now();
    return [
      ...(recorded === undefined
        ? []
        : [
            {
              iconPath: new ThemeIcon("history"),
              label: shown(l10n.t("Resume with the saved plan")),
              description: shown(l10n.t("tasks that are done and unchanged are not repeated")),
              source: "recorded" as const,
            },
          ]),
      {
        iconPath: new ThemeIcon("terminal"),
        label: shown(l10n.t("Type roles and commands")),
        description: shown(l10n.t("for example: builder: npm test")),
        source: "commands",
      },
      {
        iconPath: new ThemeIcon("sparkle"),
        label: shown(l10n.t("Give a coding agent a prompt")),
        description: shown(l10n.t("choose the agent, and how much it may do without asking")),
        source: "agent",
      },
      ...(found.length === 0
        ? []
        : [
            {
              iconPath: new ThemeIcon("list-selection"),
              label: shown(l10n.t("Choose from what is there")),
              description: shown(found.map(({ file }) => file).join(", ")),
              source: "found" as const,
              found,
            },
          ]),
      ...files.map(({ uri, changedAt }): PlanItem => ({
        iconPath: new ThemeIcon("file"),
        label: shown(workspace.asRelativePath(uri, false)),
        description: shown(l10n.t("a plan, changed {0}", ageText(new Date(changedAt).toISOString(), now))),
        source: "file",
        path: uri.fsPath,
      })),
      ...planTemplates().map(({ name: template, label, description }): PlanItem => ({
        iconPath: new ThemeIcon("book"),
        label: shown(l10n.t("Template: {0}", label)),
        description: shown(description),
        source: "template",
        path: this.world.media("templates", `${template}.yaml`),
      })),
    ];
  }

  async #found(folder: WorkspaceFolder): Promise<readonly OfferedFile[]> {
    const { foundWork } = await import("./askFoundWork");
    return foundWork(this.world, folder.uri.fsPath);
  }

  /** A plan for this project; undefined in `value`: the recorded one. */
  async #plan(state: Wishes, item: PlanItem, step: number, total: number): Promise<StepEnd<Wishes["plan"]>> {
    if (item.source === "recorded") return { value: undefined };
    if (item.source === "file") return { value: { file: Uri.file(item.path ?? "") } };
    if (item.source === "commands")
      return withValue(await askCommands(step, total), (lines) => ({ text: planToYaml(typedPlan(state, lines)) }));
    if (item.source === "agent") {
      const { askAgentPrompt } = await import("./askAgentPrompt");
      const folder = state.folder?.uri.fsPath ?? "/";
      const place = { machine: agentMachine, path: windowVariables(folder).PATH ?? "", folder };
      const end = await askAgentPrompt(await this.world.agents(), place, Math.max(2, step), total);
      const { name: project, goal } = state;
      return withValue(end, (given) => ({ text: planToYaml(quickPlan({ project, goal, ...given })) }));
    }
    const { name: project, goal } = state;
    if (item.source === "found") {
      const { askFoundWork } = await import("./askFoundWork");
      const title = shown(l10n.t("Do Project"));
      const end = await askFoundWork(this.world, item.found ?? [], { title, step: Math.max(2, step), total });
      return withValue(end, (make) => ({ text: make({ project, goal }) }));
    }
    return { value: { text: filledTemplate(await readPlanFile(item.path ?? "", project), { project, goal }) } };
  }
}

/** Commands run in the workspace folder. */
async function sourceOf({ project, plan, run, role }: DoProjectArguments, folder: string): Promise<PlanSource> {
  if (plan !== undefined) return planOf(await readPlanFile(plan, project), plan);
  if (run === undefined) return { from: "record" };
  return { from: "commands", run, caller: folder, ...(role === undefined ? {} : { role }) };
}

async function readPlanFile(file: string, project: string): Promise<string> {
  const bytes = await readPlanBytes(file).catch((error: unknown) => {
    const sentence =
      (error as NodeJS.ErrnoException).code === "ENOENT"
        ? l10n.t("The plan {0} was not found.", file)
        : l10n.t("The plan {0} cannot be read: {1}.", file, messageOf(error));
    throw new OrchestratorError("usage", sentence, { kind: "give_plan", project }, { cause: error });
  });
  return planText(bytes, file);
}

function planOf(text: string, file = "plan.yaml"): PlanSource {
  return { from: "text", text, file };
}

function withValue<A, B>(end: StepEnd<A>, map: (value: A) => B): StepEnd<B> {
  return end === undefined || end === "back" ? end : { value: map(end.value) };
}

export function suggestedName(goal: string): string {
  const words = goal
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .split("-")
    .filter((word) => word !== "");
  return words.slice(0, 3).join("-").slice(0, 40);
}

function nameProblem(name: string): ShownText | undefined {
  try {
    projectIdOf(name);
    return undefined;
  } catch (error) {
    return shown(messageOf(error));
  }
}
