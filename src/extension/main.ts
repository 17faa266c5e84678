import { type ExtensionContext, window } from "vscode";

/** The extension's entry: opens its log; views and commands hang on this context. */
export function activate(context: ExtensionContext): void {
  const log = window.createOutputChannel("wsh Orchestrator", { log: true });
  context.subscriptions.push(log);
  log.info("Activated.");
}
