import { existsSync } from "node:fs";
import { cp, mkdtemp, realpath } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commands, l10n, type TextDocument, Uri, ViewColumn, workspace } from "vscode";
import { addNote } from "../../core/acts/addNote";
import { retryTask } from "../../core/acts/retryTask";
import { stopProject } from "../../core/acts/stopProject";
import { parsedPlan } from "../../core/run/readPlan";
import { OrchestratorError } from "../../core/model/errors";
import { capital } from "../attention/askAnswer";
import type { WindowRuns } from "../running/windowRuns";
import type { HostWorld } from "../hostWorld";
import { commandId, viewIds } from "../identifiers";
import { shown } from "../shownText";
import { window } from "../shownWindow";
import { projectFileUri } from "../records/projectFiles";
import type { FollowedProject, WorkspaceRecords } from "../../viewing/workspaceRecords";
import type { DoProject } from "./doProject";
import { isDoProjectArguments } from "./doProjectArguments";
import { pickedFolder } from "./folders";
import { folderOf, isRecordedPlan, saved } from "../plans/planFiles";
import type { PlanProblems } from "../plans/planProblems";
import { newPlanFile } from "../plans/newPlanFile";
import type { PlanReview } from "../plans/planReview";
import { isTaskOfFile, type PlanStates } from "../plans/planStates";
import type { EntryPlace } from "./openEntry";
import { givenSession, projectTarget, taskTarget } from "./targets";
import { advice } from "../../core/model/remedy";

export interface ProjectCommandParts {
  readonly world: HostWorld;
  readonly records: WorkspaceRecords;
  readonly windowRuns: WindowRuns;
  readonly doProject: DoProject;
  readonly review: PlanReview;
  readonly problems: PlanProblems;
  readonly planStates: PlanStates;
}

/** What a person does to a project. */
export class ProjectCommands {
  constructor(private readonly parts: ProjectCommandParts) {}

  async doProject(argument: unknown): Promise<{ project_id: string } | undefined> {
    const { doProject } = this.parts;
    const run = isDoProjectArguments(argument)
      ? await doProject.withArguments(argument)
      : await doProject.withQuestions();
    if (!run) return undefined;
    await this.#show();
    return { project_id: run.project_id };
  }

  async planFromFolder(): Promise<{ project_id: string } | undefined> {
    const run = await this.parts.doProject.fromFolder();
    if (!run) return undefined;
    await this.#show();
    return { project_id: run.project_id };
  }

  /** Resumes a project that is not running. `{again: true}` in the options repeats what is done, too. */
  async runProject(argument: unknown, options?: unknown): Promise<{ project_id: string } | undefined> {
    const followed = await projectTarget(this.parts.records, argument);
    if (!followed) return undefined;
    await this.parts.doProject.resume(followed.folder.path, followed.project.project_id, isAgain(options));
    await this.parts.doProject.tellOfChangedFile(followed);
    return { project_id: followed.project.project_id };
  }

  /** Runs the plan of that file, or of the one in the editor. It is saved first. */
  async runPlan(file: unknown): Promise<void> {
    const document = await planDocument(file);
    if ((await this.parts.review.accept(document)) !== "not_reviewed") return;
    await this.#runPlan(document);
  }

  /** Runs one task of a plan again, with what it needs that is not done: the one above which it was chosen, or a picked one. */
  async runTask(target: unknown): Promise<void> {
    const document = await planDocument(isTaskOfFile(target) ? target.file : undefined);
    const task = isTaskOfFile(target) ? target.task : await this.#pickedTask(document);
    if (task !== undefined) await this.#runPlan(document, task);
  }

  async #runPlan(document: TextDocument, task?: string): Promise<void> {
    await saved(document);
    const folder = folderOf(document) ?? (await pickedFolder())?.uri.fsPath;
    if (folder === undefined) return;
    await this.parts.doProject.plan(document, folder, task);
    await this.#show();
  }

  /** The one at the cursor comes first. */
  async #pickedTask(document: TextDocument): Promise<string | undefined> {
    const { tasks } = await this.parts.planStates.outlines.of(document);
    const editor = window.activeTextEditor;
    const at = editor?.document === document ? document.offsetAt(editor.selection.active) : -1;
    const isHere = (each: (typeof tasks)[number]): boolean => each.at.start <= at && at <= each.at.end;
    const items = [...tasks.filter(isHere), ...tasks.filter((each) => !isHere(each))].map(({ name, detail }) => ({
      label: shown(name),
      description: shown(detail),
      name,
    }));
    if (items.length === 0)
      throw new OrchestratorError(
        "usage",
        l10n.t("The plan has no tasks."),
        advice(l10n.t("Open a plan such as plan.yaml first.")),
      );
    return (await window.showQuickPick(items, { placeHolder: shown(l10n.t("Choose a task to run")) }))?.name;
  }

  /** The plan that the log of the project has, beside that of the file. */
  async comparePlan(file: unknown): Promise<void> {
    const document = await planDocument(file);
    const project = await this.parts.planStates.project(document);
    if (!project || isRecordedPlan(document))
      throw new OrchestratorError(
        "usage",
        l10n.t("No project was run with this plan yet."),
        advice(l10n.t("Run the plan first.")),
      );
    await commands.executeCommand(
      "vscode.diff",
      fileOf(project, "plan.yaml"),
      document.uri,
      shown(l10n.t("{0}: saved plan ↔ {1}", project.project.name, workspace.asRelativePath(document.uri, false))),
    );
  }

  /**
   * A small project from beginning to end, with its overview in front: its files are in a fresh folder of their own, its
   * record in the workspace.
   */
  async takeTour(): Promise<{ project_id: string } | undefined> {
    const { world, windowRuns, doProject } = this.parts;
    world.requireTrust();
    const folder = await pickedFolder();
    if (!folder) return undefined;
    // People read this path in rows and prompts.
    const cwd = await realpath(await mkdtemp(join(tmpdir(), "tour-")));
    await cp(world.media("tour"), cwd, { recursive: true });
    const text = Buffer.from(await workspace.fs.readFile(Uri.file(join(cwd, "plan.yaml")))).toString("utf8");
    const { project } = await parsedPlan(text, "plan.yaml", world.plans);
    const known = await doProject.recordedPlan(folder.uri.fsPath, project);
    const run = await windowRuns.start({
      folder: folder.uri.fsPath,
      name: project,
      source: { from: "text", text, file: "plan.yaml" },
      cwd,
      again: known !== undefined,
    });
    await this.#show();
    await commands.executeCommand(commandId("openOverview"));
    return { project_id: run.project_id };
  }

  /** A plan with one task, in a file of the folder, to be written on and run from there. */
  async newPlan(): Promise<void> {
    this.parts.world.requireTrust();
    const folder = await pickedFolder();
    if (!folder) return;
    const file = await newPlanFile(folder.uri, undefined, emptyPlan(folder.name));
    await window.showTextDocument(file, { viewColumn: ViewColumn.Active });
  }

  /** Stops the project wherever it runs; its sessions stay. */
  async stopProject(argument: unknown): Promise<void> {
    const { records, windowRuns } = this.parts;
    const followed = await projectTarget(records, argument);
    if (!followed) return;
    const { key, project } = followed;
    const stopHere = windowRuns.get(key)?.stop;
    const by = await windowRuns.acting(followed);
    const stopped = await stopProject(followed.record, by, stopHere ? { stopHere } : {});
    if (stopped.how === "not_running") tell(l10n.t("{0} is not running.", project.name));
    else if (stopped.how === "asked") tell(l10n.t("{0} was asked to stop {1}.", capital(stopped.runner), project.name));
  }

  /** Has a task done again, by the process that runs the project, else here. */
  async retryTask(argument: unknown): Promise<void> {
    const { records, windowRuns, doProject, problems, world } = this.parts;
    world.requireTrust();
    const target = await taskTarget(records, argument);
    if (!target) return;
    const { followed, name } = target;
    const by = await windowRuns.acting(followed);
    const { follows } = await problems.marking(fileOf(followed, "plan.yaml"), () =>
      retryTask(followed.record, by, {
        task: name,
        plan_file: "plan.yaml",
        signal: new AbortController().signal,
      }),
    );
    if (follows === "resume_here") await doProject.resume(followed.folder.path, followed.project.project_id);
  }

  async addNote(argument: unknown, text: unknown): Promise<void> {
    const { records, windowRuns } = this.parts;
    const given = givenSession(records, argument);
    const followed = given?.followed ?? (await projectTarget(records, argument));
    if (!followed) return;
    const note =
      typeof text === "string"
        ? text
        : await window.showInputBox({
            title: shown(l10n.t("Note for {0}", given?.name ?? followed.project.name)),
            prompt: shown(l10n.t("The note is saved in the project's log.")),
            ignoreFocusOut: true,
          });
    if (note === undefined || note.trim() === "") return;
    await addNote(followed.record, await windowRuns.acting(followed), {
      text: note,
      ...(given === undefined ? {} : { session: given.name }),
    });
  }

  async openRecord(argument: unknown): Promise<void> {
    const followed = await projectTarget(this.parts.records, argument);
    if (!followed) return;
    const summary = fileOf(followed, "SNAPSHOT.md");
    if (!existsSync(summary.fsPath))
      throw new OrchestratorError(
        "usage",
        l10n.t("{0} has no summary yet. A summary is written when the project runs.", followed.project.name),
        { kind: "show_log", project: followed.project.project_id },
      );
    await commands.executeCommand("markdown.showPreview", summary);
  }

  async openPlan(argument: unknown): Promise<void> {
    const followed = await projectTarget(this.parts.records, argument);
    if (!followed) return;
    const plan = fileOf(followed, "plan.yaml");
    if (!existsSync(plan.fsPath))
      throw new OrchestratorError("usage", l10n.t("{0} has no plan.", followed.project.name), {
        kind: "give_commands",
      });
    await window.showTextDocument(plan, { viewColumn: ViewColumn.Active });
  }

  async copyLine(place: EntryPlace | undefined): Promise<void> {
    const { copyLine } = await import("./copyLog");
    await copyLine(this.parts, place);
  }

  async copyDay(argument: unknown): Promise<void> {
    const { copyDay } = await import("./copyLog");
    await copyDay(this.parts, argument);
  }

  #show(): Thenable<unknown> {
    return commands.executeCommand(`${viewIds.projects}.focus`);
  }
}

/** Of a file, or of the active editor. Throws `usage` where there is none. */
async function planDocument(file: unknown): Promise<TextDocument> {
  const document = file instanceof Uri ? await workspace.openTextDocument(file) : window.activeTextEditor?.document;
  if (document) return document;
  throw new OrchestratorError(
    "usage",
    l10n.t("No plan is open in the active editor."),
    advice(l10n.t("Open a plan such as plan.yaml first.")),
  );
}

/** `name`: of the project. */
function emptyPlan(name: string): string {
  return `project: ${JSON.stringify(name)}
goal: ""
roles:
  shell: {}
tasks:
  - id: first
    role: shell
    run: echo hello
`;
}

function tell(sentence: string): void {
  void window.showInformationMessage(shown(sentence));
}

function fileOf({ folder, ledger }: FollowedProject, name: "SNAPSHOT.md" | "plan.yaml"): Uri {
  return projectFileUri(folder.path, ledger.project_id, name);
}

function isAgain(options: unknown): boolean {
  return typeof options === "object" && options !== null && "again" in options && options.again === true;
}
