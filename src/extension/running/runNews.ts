import { commands, l10n, workspace } from "vscode";
import { byCodeUnits } from "../../core/base/textOrder";
import { countWords, isRunning } from "../../protocol/projectRows";
import { projectLook } from "../../protocol/stateLook";
import type { HostWorld } from "../hostWorld";
import { commandId } from "../identifiers";
import { showError } from "../messages";
import { shown } from "../shownText";
import { type OutputLog, window } from "../shownWindow";
import type { FollowedProject } from "../../viewing/workspaceRecords";
import type { WindowRunEnd } from "./windowRuns";

/** What becomes of a project that is found running, and the notification when one ends. */
export class RunNews {
  constructor(
    private readonly world: HostWorld,
    private readonly log: OutputLog,
    private readonly runAgain: (followed: FollowedProject) => Promise<unknown>,
  ) {}

  /** A project that ran when its window closed is running here again; of one whose runner died the person is asked. */
  async found(followed: FollowedProject): Promise<void> {
    if (!workspace.isTrusted || followed.record.state.status !== "running") return;
    const { project, runner, folder } = followed;
    const { takeBack, wasHandedOver } = await import("./handOver");
    if (wasHandedOver(followed)) {
      await takeBack(this.world, followed);
      await this.runAgain(followed);
      return;
    }
    const notRunning = !isRunning(runner);
    if (!notRunning || this.world.settings(folder.path).notifications === "off") return;
    const [look, resume] = [{ title: shown(l10n.t("Show Plan")) }, { title: shown(l10n.t("Resume")) }];
    const chosen = await window.showInformationMessage(
      shown(l10n.t("{0} stopped unexpectedly. Its sessions still run. Resume the project?", project.name)),
      look,
      resume,
    );
    if (chosen === look) await commands.executeCommand(commandId("openPlan"), { key: followed.key });
    if (chosen === resume) await commands.executeCommand(commandId("runProject"), { key: followed.key });
  }

  /** Shows how a project ended that this window ran. */
  async ended({ run, result, error }: WindowRunEnd): Promise<void> {
    if (result?.left === true) return;
    if (error !== undefined) {
      showError(error, this.world.logger);
      return;
    }
    if (!result) return;
    const count = countWords(result.count);
    const sentence = l10n.t("{0}: {1}, {2}.", run.name, projectLook(result.status).word, count);
    this.log.info(sentence);
    if (result.problem) showError(result.problem, this.world.logger);
    const { notifications } = this.world.settings(run.folder);
    // A failed task has a question; who stopped a project knows that it ended.
    if (result.stopped || notifications === "off" || (notifications === "needed" && result.status !== "done")) return;
    const open = { title: shown(l10n.t("Open Summary")) };
    const output = { title: shown(l10n.t("Show Output")) };
    const newest = newestTask(run);
    const chosen = await window.showInformationMessage(
      shown(sentence),
      open,
      ...(newest === undefined ? [] : [output]),
    );
    if (chosen === output)
      await commands.executeCommand(commandId("showOutput"), { kind: "task", key: run.key, name: newest });
    if (chosen === open) await commands.executeCommand(commandId("openRecord"), { key: run.key });
  }
}

/** The task of the run that ended last. */
function newestTask({ record }: WindowRunEnd["run"]): string | undefined {
  const ended = [...record.state.tasks.values()].filter(({ ended_at, session_name }) => ended_at && session_name);
  return ended.sort((one, other) => byCodeUnits(one.ended_at ?? "", other.ended_at ?? "")).at(-1)?.id;
}
