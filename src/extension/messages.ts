import { commands, l10n, window } from "vscode";
import { messageOf, OrchestratorError } from "../core/model/errors";
import type { Logger } from "../core/ports/machine";
import { commandId } from "./identifiers";
import { plainMessage } from "./plainText";
import { remedyHere } from "./remedies";

/** Shows what went wrong, in a sentence, with what can be done about it here. */
export function showError(error: unknown, logger: Logger): void {
  const known = error instanceof OrchestratorError;
  const { text, button, instead } = remedyHere(known ? error.remedy : { kind: "report_fault" });
  const message = messageOf(error);
  const sentence = `${instead ?? message} ${text}`.trimEnd();
  logger.warn(!known && error instanceof Error ? `${sentence}\n${error.stack ?? ""}` : `${message} ${text}`.trimEnd());
  const output = l10n.t("Show Output");
  void window
    .showErrorMessage(plainMessage(sentence), ...(button === undefined ? [] : [button.title]), output)
    .then((chosen) => {
      if (chosen === output) void commands.executeCommand(commandId("showLog"));
      // What a command throws, it has shown.
      else if (chosen !== undefined && button)
        void commands.executeCommand(button.command, ...(button.arguments ?? [])).then(undefined, () => undefined);
    });
}
