import { commands, l10n, window, workspace } from "vscode";
import { type ErrorCode, messageOf, OrchestratorError } from "../core/model/errors";
import type { Logger } from "../core/ports/machine";
import { commandId, configurationSection, viewIds } from "./identifiers";
import { plainMessage } from "./plainText";

/** What can be done in a window: a sentence for errors whose own advice is for the command line, and a button. */
interface Remedy {
  readonly advice?: string;
  readonly button?: string;
  readonly command?: string;
  readonly argument?: string;
}

/** What one click does about an error; a code that is forgotten here does not compile. */
function remedyFor(code: ErrorCode): Remedy {
  switch (code) {
    case "auth_required":
    case "auth_invalid":
      return {
        advice: l10n.t("Set the token that the server was started with."),
        button: l10n.t("Set Token"),
        command: commandId("setServerToken"),
      };
    case "server_unreachable":
      return {
        advice: l10n.t("Start it, or choose another one."),
        button: l10n.t("Choose Server"),
        command: commandId("chooseServer"),
      };
    case "server_ambiguous":
      return {
        advice: l10n.t("Choose one of them."),
        button: l10n.t("Choose Server"),
        command: commandId("chooseServer"),
      };
    case "project_not_found":
      return {
        advice: l10n.t("Make it with Do Project."),
        button: l10n.t("Do Project"),
        command: commandId("doProject"),
      };
    case "session_not_found":
    case "driven_elsewhere":
    case "session_busy":
    case "session_not_ready":
    case "draft_on_line":
      return {
        advice: l10n.t("See in Projects how it goes."),
        button: l10n.t("Show Projects"),
        command: `${viewIds.projects}.focus`,
      };
    case "entry_not_found":
    case "already_answered":
      return {
        advice: l10n.t("Attention has what is still open."),
        button: l10n.t("Show Attention"),
        command: `${viewIds.attention}.focus`,
      };
    case "needs_person":
      return workspace.isTrusted
        ? {}
        : {
            advice: l10n.t("Trust the workspace first."),
            button: l10n.t("Manage Workspace Trust"),
            command: "workbench.trust.manage",
          };
    case "session_limit":
      return {
        advice: l10n.t("End sessions that nobody needs, or allow more of them."),
        ...settingsButton("maxSessions"),
      };
    case "input_not_sent":
    case "input_unconfirmed":
      return {
        advice: l10n.t("Look at the session before you type it again."),
        button: l10n.t("Show Projects"),
        command: `${viewIds.projects}.focus`,
      };
    case "plan_invalid":
    case "usage":
      return { button: l10n.t("Show Projects"), command: `${viewIds.projects}.focus` };
    case "name_invalid":
    case "role_not_found":
    case "ambiguous":
    case "server_error":
    case "port_in_use":
    case "session_name_conflict":
    case "request_invalid":
    case "response_invalid":
    case "timeout":
    case "cancelled":
    case "interrupted":
    case "ledger_unwritable":
    case "ledger_unsafe":
    case "ledger_corrupt":
    case "disk_full":
    case "internal":
      return { advice: l10n.t("The log says more.") };
  }
}

function settingsButton(name: string): Remedy {
  return {
    button: l10n.t("Open Settings"),
    command: "workbench.action.openSettings",
    argument: `${configurationSection}.${name}`,
  };
}

/** Shows what went wrong, in a sentence, with what can be done about it here. */
export function showError(error: unknown, logger: Logger): void {
  const { code, next } = error instanceof OrchestratorError ? error : { code: undefined, next: "" };
  logger.warn(
    `${messageOf(error)} ${next}${error instanceof Error && !(error instanceof OrchestratorError) ? `\n${error.stack ?? ""}` : ""}`,
  );
  const { advice, button, command, argument } = code === undefined ? {} : remedyFor(code);
  const log = l10n.t("Show Log");
  void window
    .showErrorMessage(
      plainMessage(`${messageOf(error)} ${isForHere(next) ? next : (advice ?? "")}`),
      ...(button === undefined ? [] : [button]),
      log,
    )
    .then((chosen) => {
      if (chosen === log) void commands.executeCommand(commandId("showLog"));
      else if (chosen !== undefined && command !== undefined)
        void commands.executeCommand(command, ...(argument === undefined ? [] : [argument]));
    });
}

/** What a command line would be told to type is of no use in a window. */
function isForHere(next: string): boolean {
  return next !== "" && !/wsh-orchestrator|--\w/.test(next);
}
