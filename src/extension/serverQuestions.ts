import { commands, l10n, type Memento, workspace } from "vscode";
import { isSameAddress } from "../adapters/wsh/serverAddress";
import { messageOf } from "../core/model/errors";
import type { WorkspaceRecords } from "../viewing/workspaceRecords";
import type { HostWorld } from "./hostWorld";
import { commandId } from "./identifiers";
import { RememberedNames } from "./rememberedNames";
import { shown } from "./shownText";
import { window } from "./shownWindow";

/** The message about a server that only the files of projects name: one for each address, also after a reload. */
export class ServerQuestions {
  readonly #told: RememberedNames;

  constructor(
    private readonly world: Pick<HostWorld, "logger">,
    private readonly records: Pick<WorkspaceRecords, "all">,
    memory: Memento,
  ) {
    this.#told = new RememberedNames(memory, "serversAskedAbout");
  }

  /** Rows and errors say it as long as nobody answers; this says it once. */
  tell(address: string): void {
    if (!workspace.isTrusted || this.#told.has(address)) return;
    void this.#ask(address).catch((error: unknown) => this.world.logger.warn(messageOf(error)));
  }

  async #ask(address: string): Promise<void> {
    // What is kept counts at once: whoever meets the server meanwhile does not ask again.
    await this.#told.add(address);
    const review = { title: shown(l10n.t("Review Server…")) };
    const chosen = await window.showInformationMessage(
      shown(
        l10n.t(
          "The files of {0} name the session server {1}, which you have never chosen. Nothing was sent to it.",
          projectsAt(this.records, address).join(", "),
          address,
        ),
      ),
      review,
    );
    if (chosen === review) await commands.executeCommand(commandId("useServer"), address);
  }
}

/** Names of the projects whose files name the server. */
export function projectsAt(records: Pick<WorkspaceRecords, "all">, address: string): string[] {
  const names = records
    .all()
    .flatMap(({ project: { name, server } }) => (server && isSameAddress(server.address, address) ? [name] : []));
  return names.length === 0 ? [l10n.t("a project")] : names;
}
