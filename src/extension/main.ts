import { config as setReadersLanguage } from "@vscode/l10n";
import { type ExtensionContext, ExtensionMode, l10n } from "vscode";
import { messageOf } from "../core/model/errors";
import { Container } from "./container";
import type { Probe } from "./probe";
import { shown } from "./shownText";
import { createOutputLog, window } from "./shownWindow";

let container: Container | undefined;

/** What the tests get that a host runs for this extension. */
export interface TestApi {
  readonly probe: Probe;
}

/**
 * Puts the extension together. Nothing is started and no record is read before this returns. Other extensions get
 * nothing.
 */
export function activate(context: ExtensionContext): TestApi | undefined {
  const began = performance.now();
  // For the sentences of `protocol` and `viewing`, which know no `vscode`. Without a bundle they are English.
  if (l10n.bundle) setReadersLanguage({ contents: l10n.bundle });
  const log = createOutputLog();
  context.subscriptions.push(log);
  try {
    const made = new Container(context, log);
    container = made;
    context.subscriptions.push(made);
    setImmediate(() => made.start());
    log.info(l10n.t("Activated in {0} ms.", Math.round(performance.now() - began)));
    return context.extensionMode === ExtensionMode.Test ? { probe: made.probe } : undefined;
  } catch (error) {
    log.error(messageOf(error));
    void window.showErrorMessage(shown(l10n.t("wsh Orchestrator could not start: {0}", messageOf(error))));
    throw error;
  }
}

export async function deactivate(): Promise<void> {
  await container?.leave();
}
