import { commands, l10n } from "vscode";
import { OrchestratorError } from "../../core/model/errors";
import { shortSession } from "../../core/model/names";
import type { Confirm, ConfirmQuestion } from "../../core/ports/people";
import { visibleText } from "../../core/safety/controlCharacters";
import { isShort } from "../../protocol/answerPlaces";
import { commandId } from "../identifiers";
import { shown, type ShownLines, shownLines, type ShownText } from "../shownText";
import { type Choice, window } from "../shownWindow";

interface Words {
  readonly question: ShownText;
  readonly detail: ShownLines;
  readonly yes: ShownText;
}

/** Asks in a dialog that holds the window. A caller who has decided (`forced`) is not asked. */
export function confirmation(forced = false): Confirm {
  return async (question) => forced || (await isConfirmed(question));
}

/** The first button is what a mere Enter takes: it shows what the act would end or type into. */
async function isConfirmed(asked: ConfirmQuestion): Promise<boolean> {
  const { question, detail, yes } = wordsOf(asked);
  const [look, act]: readonly [Choice, Choice] = [{ title: shown(l10n.t("Open Mirror")) }, { title: yes }];
  const chosen = await window.showWarningMessage(question, { modal: true, detail }, look, act);
  if (chosen === look) await commands.executeCommand(commandId("openMirror"), asked.session_name);
  return chosen === act;
}

/** Throws `needs_person` for a text that no dialog can show whole. */
function wordsOf({ act, session_name, reason, text }: ConfirmQuestion): Words {
  switch (act) {
    case "send": {
      const detail = `${reason}\n\n${visibleText(text ?? "")}`;
      requireShort(detail, reason, session_name);
      return {
        question: shown(l10n.t("Send this to {0}?", shortSession(session_name))),
        detail: shownLines(detail),
        yes: shown(l10n.t("Send")),
      };
    }
    case "kill":
      return {
        question: shown(l10n.t("Kill {0}?", session_name)),
        detail: shownLines(l10n.t("Everything that runs in the session ends. Its log is kept.")),
        yes: shown(l10n.t("Kill Session")),
      };
    case "interrupt":
      return {
        question: shown(l10n.t("Interrupt what runs in {0}?", shortSession(session_name))),
        detail: shownLines(reason),
        yes: shown(l10n.t("Interrupt (Ctrl-C)")),
      };
    case "restart": {
      const ends = l10n.t("Everything that runs in the session ends. The session restarts with the plan's settings.");
      const detail = text === undefined ? ends : `${reason}\n\n${text}`;
      requireShort(detail, reason, session_name);
      return {
        question: shown(l10n.t("Restart {0}?", session_name)),
        detail: shownLines(detail),
        yes: shown(l10n.t("Restart Session")),
      };
    }
  }
}

function requireShort(detail: string, reason: string, session: string): void {
  if (isShort(detail)) return;
  throw new OrchestratorError(
    "needs_person",
    l10n.t("{0} The text is too long for a dialog to show all of it.", reason),
    { kind: "look_at_session", session, text: l10n.t("Type it in the session itself.") },
  );
}
