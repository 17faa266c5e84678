import { commands, l10n, window } from "vscode";
import { messageOf, OrchestratorError } from "../core/model/errors";
import type { Logger } from "../core/ports";
import { type CommandName, commandId } from "./identifiers";

/** What one click does about some errors. */
const remedies: Partial<Record<OrchestratorError["code"], readonly [() => string, CommandName]>> = {
  auth_required: [() => l10n.t("Set Token"), "setServerToken"],
  auth_invalid: [() => l10n.t("Set Token"), "setServerToken"],
};

/** Shows what went wrong, in a sentence, with what can be done about it. */
export function showError(error: unknown, logger: Logger): void {
  const { code, next } = error instanceof OrchestratorError ? error : { code: undefined, next: "" };
  logger.warn(`${messageOf(error)} ${next}${error instanceof Error && !(error instanceof OrchestratorError) ? `\n${error.stack ?? ""}` : ""}`);
  const remedy = code === undefined ? undefined : remedies[code];
  const settings = l10n.t("Open Settings");
  const log = l10n.t("Show Log");
  const buttons = [...(remedy ? [remedy[0]()] : []), ...(code === "server_unreachable" || code === "server_ambiguous" ? [settings] : []), log];
  // What a command line would be told to type is of no use here.
  const advice = /wsh-orchestrator|--\w/.test(next) ? "" : next;
  void window.showErrorMessage(`${messageOf(error)} ${advice}`.trim(), ...buttons).then((chosen) => {
    if (chosen === log) void commands.executeCommand(commandId("showLog"));
    else if (chosen === settings) void commands.executeCommand("workbench.action.openSettings", "wshOrchestrator.server");
    else if (chosen !== undefined && remedy) void commands.executeCommand(commandId(remedy[1]));
  });
}
