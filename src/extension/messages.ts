import { commands, l10n, window } from "vscode";
import { messageOf, OrchestratorError } from "../core/model/errors";
import { nothingToDo } from "../core/model/remedy";
import type { Logger } from "../core/ports/machine";
import { commandId } from "./identifiers";
import { plainMessage } from "./plainText";
import { remedyHere } from "./remedies";

/** Shows what went wrong, in a sentence, with what can be done about it here. */
export function showError(error: unknown, logger: Logger): void {
  const known = error instanceof OrchestratorError;
  const { text, button } = remedyHere(known ? error.remedy : nothingToDo);
  const sentence = `${messageOf(error)} ${text}`.trimEnd();
  logger.warn(!known && error instanceof Error ? `${sentence}\n${error.stack ?? ""}` : sentence);
  const log = l10n.t("Show Log");
  void window
    .showErrorMessage(plainMessage(sentence), ...(button === undefined ? [] : [button.title]), log)
    .then((chosen) => {
      if (chosen === log) void commands.executeCommand(commandId("showLog"));
      else if (chosen !== undefined && button)
        void commands.executeCommand(button.command, ...(button.argument === undefined ? [] : [button.argument]));
    });
}
