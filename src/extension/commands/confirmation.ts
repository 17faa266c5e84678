import { l10n, window } from "vscode";
import type { Confirm, ConfirmQuestion } from "../../core/ports/people";
import { shortSession } from "../../core/model/names";
import { plainMessage } from "../plainText";

interface Words {
  readonly question: string;
  readonly detail: string;
  readonly yes: string;
}

/** Asks in a dialog that holds the window. A caller who has decided (`forced`) is not asked. */
export function confirmation(forced = false): Confirm {
  return async (question) => forced || (await isConfirmed(wordsOf(question)));
}

async function isConfirmed({ question, detail, yes }: Words): Promise<boolean> {
  return (await window.showWarningMessage(plainMessage(question), { modal: true, detail }, yes)) === yes;
}

function wordsOf({ act, session_name, reason, text }: ConfirmQuestion): Words {
  switch (act) {
    case "send":
      return {
        question: l10n.t("Send this to {0}?", shortSession(session_name)),
        detail: `${reason}\n\n${text ?? ""}`,
        yes: l10n.t("Send"),
      };
    case "kill":
      return {
        question: l10n.t("Kill {0}?", session_name),
        detail: l10n.t("Everything that runs in the session ends. Its log is kept."),
        yes: l10n.t("Kill Session"),
      };
    case "restart":
      return {
        question: l10n.t("Restart {0}?", session_name),
        detail: l10n.t("Everything that runs in the session ends. The session restarts with the plan's settings."),
        yes: l10n.t("Restart Session"),
      };
  }
}
