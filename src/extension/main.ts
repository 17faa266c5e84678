import { type ExtensionContext, l10n, window } from "vscode";
import { messageOf } from "../core/model/errors";
import { Container } from "./container";

let container: Container | undefined;

/** What tests inside of the host may ask; other extensions get nothing. */
export interface OrchestratorApi {
  readonly probe: Container["probe"];
}

/** Puts the extension together. Nothing is started and no record is read before this returns. */
export function activate(context: ExtensionContext): OrchestratorApi {
  const began = performance.now();
  const log = window.createOutputChannel("wsh Orchestrator", { log: true });
  context.subscriptions.push(log);
  try {
    const made = new Container(context, log);
    container = made;
    context.subscriptions.push(made);
    setImmediate(() => made.start());
    log.info(l10n.t("Activated in {0} ms.", Math.round(performance.now() - began)));
    return { probe: made.probe };
  } catch (error) {
    log.error(messageOf(error));
    void window.showErrorMessage(l10n.t("wsh Orchestrator could not start: {0}", messageOf(error)));
    throw error;
  }
}

export async function deactivate(): Promise<void> {
  await container?.leave();
}
