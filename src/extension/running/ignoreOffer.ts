import { l10n, type Memento, workspace } from "vscode";
import { listed } from "../../core/model/sentences";
import type { HostWorld } from "../hostWorld";
import { RememberedNames } from "../rememberedNames";
import { shown } from "../shownText";
import { window } from "../shownWindow";

/** Offers once for a folder to add the record to the ignore files of tools that would read it. */
export class IgnoreOffer {
  readonly #offered: RememberedNames;

  constructor(
    private readonly world: Pick<HostWorld, "settings">,
    memory: Memento,
  ) {
    this.#offered = new RememberedNames(memory, "ignoreFilesOffered");
  }

  /** After a project of the folder has ended. What cannot be read is not offered. */
  async ended(folder: string): Promise<void> {
    if (this.#offered.has(folder) || !workspace.isTrusted || this.world.settings(folder).notifications === "off")
      return;
    const { addToIgnoreFiles, unawareTools } = await import("../../adapters/machine/ignoreFiles");
    const unaware = (await unawareTools(folder)).filter((tool) => !tool.byHand);
    if (unaware.length === 0) return;
    await this.#offered.add(folder);
    const [add, not] = [{ title: shown(l10n.t("Add")) }, { title: shown(l10n.t("Not Now")) }];
    const names = listed(unaware.map(({ name }) => name));
    const files = listed(unaware.map(({ file }) => file));
    const question = l10n.t("The log in .orchestrator is also read by {0}. Add .orchestrator to {1}?", names, files);
    if ((await window.showInformationMessage(shown(question), add, not)) === add)
      await addToIgnoreFiles(folder, unaware);
  }
}
