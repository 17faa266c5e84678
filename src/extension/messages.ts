import { commands, l10n } from "vscode";
import { messageOf, OrchestratorError } from "../core/model/errors";
import type { Logger } from "../core/ports/machine";
import { commandId } from "./identifiers";
import { remedyHere } from "./remedies";
import { buttonTitle, shown } from "./shownText";
import { window } from "./shownWindow";

/** Shows what went wrong, in a sentence, with what can be done about it here. */
export function showError(error: unknown, logger: Logger): void {
  const known = error instanceof OrchestratorError;
  const { text, button, instead } = remedyHere(known ? error.remedy : { kind: "report_fault" });
  const message = messageOf(error);
  const sentence = `${instead ?? message} ${text}`.trimEnd();
  logger.warn(!known && error instanceof Error ? `${sentence}\n${error.stack ?? ""}` : `${message} ${text}`.trimEnd());
  const output = { title: shown(l10n.t("Show Extension Output")) };
  const act = button && { title: buttonTitle(button.title) };
  void window.showErrorMessage(shown(sentence), ...(act === undefined ? [] : [act]), output).then((chosen) => {
    if (chosen === output) void commands.executeCommand(commandId("showLog"));
    // What a command throws, it has shown.
    else if (chosen !== undefined && button)
      void commands.executeCommand(button.command, ...(button.arguments ?? [])).then(undefined, () => undefined);
  });
}
