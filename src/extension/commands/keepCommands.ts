import { commands, l10n, Uri, workspace } from "vscode";
import { archiveProject } from "../../core/acts/archiveProject";
import { endSessions } from "../../core/acts/endSessions";
import { removeProject } from "../../core/acts/removeProject";
import { renameProject } from "../../core/acts/renameProject";
import { retryTask } from "../../core/acts/retryTask";
import { messageOf } from "../../core/model/errors";
import { shortSession } from "../../core/model/names";
import { reachRecorded } from "../../core/session/reachedSession";
import type { FollowedProject, WorkspaceRecords } from "../../viewing/workspaceRecords";
import type { HostWorld } from "../hostWorld";
import type { WindowRuns } from "../running/windowRuns";
import { shown, shownLines } from "../shownText";
import { type Choice, window } from "../shownWindow";
import type { DoProject } from "./doProject";
import { givenTask, isForced, projectTarget } from "./targets";

/** Names in a dialog; it says how many more there are. */
const mostNames = 8;

/** What becomes of a project that is done: again, put away, renamed, removed. */
export class KeepCommands {
  constructor(
    private readonly world: HostWorld,
    private readonly records: WorkspaceRecords,
    private readonly windowRuns: WindowRuns,
    private readonly doProject: DoProject,
  ) {}

  /** A whole project, or one of its tasks with those that need it. */
  async runAgain(argument: unknown): Promise<void> {
    const { world, records, windowRuns, doProject } = this;
    world.requireTrust();
    const task = givenTask(records, argument);
    const followed = task?.followed ?? (await projectTarget(records, argument));
    if (!followed) return;
    const { folder, project } = followed;
    if (task) {
      const { follows } = await retryTask(followed.record, await windowRuns.acting(followed), {
        task: task.name,
        again: true,
        plan_file: "plan.yaml",
        signal: new AbortController().signal,
      });
      if (follows !== "resume_here") return;
    }
    await doProject.resume(folder.path, project.project_id, task === undefined);
  }

  async archive(argument: unknown, archived: boolean): Promise<void> {
    const followed = await projectTarget(this.records, argument);
    if (followed) await archiveProject(followed.record, await this.windowRuns.acting(followed), archived);
  }

  /** Another name for people, `given` or typed. */
  async rename(argument: unknown, given: unknown): Promise<void> {
    const followed = await projectTarget(this.records, argument);
    if (!followed) return;
    const { project, record } = followed;
    const name =
      typeof given === "string"
        ? given
        : await window.showInputBox({
            title: shown(l10n.t("Rename {0}", project.name)),
            prompt: shown(
              l10n.t("The name that you see. The id {0}, the folder and the sessions stay.", project.project_id),
            ),
            value: project.name,
            ignoreFocusOut: true,
          });
    if (name === undefined || name.trim() === "") return;
    await renameProject(record, this.world, name);
  }

  async endSessions(argument: unknown, options: unknown): Promise<void> {
    const { world, records, windowRuns } = this;
    world.requireTrust();
    const followed = await projectTarget(records, argument);
    if (!followed) return;
    const { project, record } = followed;
    const result = await endSessions({
      ...(await windowRuns.acting(followed)),
      record,
      reach: (session) => reachRecorded(session, project.server, (server) => world.servers.asReference(server)),
      confirm: (sessions) =>
        isForced(options)
          ? Promise.resolve(true)
          : confirmed(
              sessions.length === 1
                ? l10n.t("End 1 session of {0}?", project.name)
                : l10n.t("End {0} sessions of {1}?", sessions.length, project.name),
              `${l10n.t("Everything that runs in them ends. The log is kept.")}\n\n${namesOf(sessions)}`,
              l10n.t("End Sessions"),
            ),
    });
    records.lookSoon();
    if (result.how === "ended" && result.ended.length === 0) tell(l10n.t("{0} has no open sessions.", project.name));
  }

  /** To the trash where there is one, else to a folder beside the projects, which is said. */
  async remove(argument: unknown, options: unknown): Promise<void> {
    const { world, records, windowRuns } = this;
    world.requireTrust();
    const followed = await projectTarget(records, argument);
    if (!followed) return;
    const { project, record } = followed;
    let place: string | undefined;
    const { how } = await removeProject({
      ...(await windowRuns.acting(followed)),
      record,
      confirm: () =>
        isForced(options)
          ? Promise.resolve(true)
          : confirmed(
              l10n.t("Remove {0}?", project.name),
              l10n.t(
                "Its log and plan leave this workspace: they go to the trash, or where there is none to a folder that is named then. The files that it made stay.",
              ),
              l10n.t("Remove Project"),
            ),
      moveAway: async () => {
        place = await this.#moveAway(followed);
      },
    });
    if (how === "declined") return;
    await records.refresh();
    if (place !== undefined) void tellPlace(project.name, Uri.file(place));
  }

  /** Where it went, unless that is the trash. */
  async #moveAway({ folder, ledger }: FollowedProject): Promise<string | undefined> {
    const store = await this.world.store(folder.path);
    try {
      await workspace.fs.delete(Uri.file(store.folderOf(ledger.project_id)), { recursive: true, useTrash: true });
      return undefined;
    } catch (error) {
      this.world.logger.debug(`There is no trash: ${messageOf(error)}`);
      return store.moveAway(ledger.project_id, this.world.clock.now());
    }
  }
}

function namesOf(sessions: readonly string[]): string {
  const names = sessions.slice(0, mostNames).map(shortSession).join(", ");
  const more = sessions.length - mostNames;
  return more > 0 ? l10n.t("{0} and {1} more", names, more) : names;
}

async function confirmed(question: string, detail: string, yes: string): Promise<boolean> {
  const act: Choice = { title: shown(yes) };
  return (await window.showWarningMessage(shown(question), { modal: true, detail: shownLines(detail) }, act)) === act;
}

/** VS Code shows all of a message only where there is a button, and nothing else says where it is. */
async function tellPlace(name: string, place: Uri): Promise<void> {
  const show: Choice = { title: shown(l10n.t("Show in Explorer")) };
  const path = workspace.asRelativePath(place, false);
  const told = shown(l10n.t("{0} is removed. Its log and plan are in {1}", name, path));
  if ((await window.showInformationMessage(told, show)) === show)
    await commands.executeCommand("revealInExplorer", place);
}

function tell(sentence: string): void {
  void window.showInformationMessage(shown(sentence));
}
