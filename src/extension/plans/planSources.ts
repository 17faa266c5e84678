import { commands, l10n, type Memento, Uri, workspace } from "vscode";
import { commandId } from "../identifiers";
import { buttonTitle, shown } from "../shownText";
import { window } from "../shownWindow";
import type { FollowedProject } from "../../viewing/workspaceRecords";

const place = "planSources";

/** Remembers which file the plan of a project was run from, by the project's key. */
export class PlanSources {
  constructor(private readonly memory: Memento) {}

  async remember(key: string, file: Uri): Promise<void> {
    await this.memory.update(place, { ...this.#all(), [key]: file.toString() });
  }

  /** Of a file that has changed since, while the saved plan runs. */
  async tellOfChange({ key, ledger, project }: FollowedProject): Promise<void> {
    const known = this.#all()[key];
    if (known === undefined) return;
    const file = Uri.parse(known);
    const [text, own] = await Promise.all([
      workspace.fs.readFile(file).then(
        (bytes) => Buffer.from(bytes).toString("utf8"),
        () => undefined,
      ),
      ledger.readPlan(),
    ]);
    if (text === undefined || text === own) return;
    const compare = { title: buttonTitle(l10n.t("Compare with Saved Plan")) };
    const path = workspace.asRelativePath(file, false);
    void window
      .showInformationMessage(
        shown(l10n.t("{0} runs with its saved plan. {1} has changed since it was run.", project.name, path)),
        compare,
      )
      .then((chosen) => {
        if (chosen !== undefined) void commands.executeCommand(commandId("comparePlan"), file);
      });
  }

  #all(): Readonly<Record<string, string>> {
    return this.memory.get<Record<string, string>>(place) ?? {};
  }
}
