import { l10n, ThemeIcon } from "vscode";
import { takesEnter } from "../../core/model/entry";
import { answersByRisk } from "../../core/model/answerOrder";
import { promptInBrief } from "../../core/model/promptWords";
import { dialogText } from "../../protocol/answerPlaces";
import type { Question } from "../../protocol/attentionRows";
import { deadlineWords } from "../../protocol/deadlineWords";
import { snoozeMs } from "../../protocol/escalationLadder";
import { buttonTitle, shown, shownLines, shownList } from "../shownText";
import { type ShownItem, window } from "../shownWindow";

/** An answer, the wish to see the whole question, or to be asked later; undefined when the person left it open. */
export type AnswerEnd = { readonly option: string } | "review" | "snooze" | undefined;

/**
 * Asks in a dialog that shows all of the question. The first button is what a mere Enter takes, so it only shows the
 * question again; Escape leaves it open.
 */
export async function askInDialog(question: Question, now: number): Promise<AnswerEnd> {
  const { who, project, command, mark, options, entry } = question;
  const asks =
    command === undefined
      ? l10n.t("{0} ({1}) needs your answer.", who, project)
      : mark === ""
        ? l10n.t("May {0} ({1}) do this?", who, project)
        : l10n.t("May {0} ({1}) run this command?", who, project);
  const time = deadlineWords(entry, now);
  const detail = [dialogText(question), ...(time === undefined ? [] : [time])].join("\n\n");
  const review = { title: shown(l10n.t("Review")) };
  const answers = answersByRisk(options).map((option) => ({ title: buttonTitle(capital(option)), option }));
  const dialog = { modal: true, detail: shownLines(detail) } as const;
  const chosen = await window.showWarningMessage(shown(asks), dialog, review, ...answers);
  if (chosen === review) return "review";
  return answers.find((each) => each === chosen);
}

interface AnswerItem extends ShownItem {
  readonly end: AnswerEnd;
}

/** Asks beside the question's own page, for one that no dialog can show whole; a mere Enter goes back to the page. */
export async function askBesidePage(question: Question): Promise<AnswerEnd> {
  const { who, project, options } = question;
  const items: AnswerItem[] = [
    { label: shown(l10n.t("Back to the Question")), iconPath: new ThemeIcon("file"), end: "review" },
    ...answersByRisk(options).map((option) => ({
      label: shown(capital(option)),
      iconPath: new ThemeIcon("reply"),
      end: { option },
    })),
    {
      label: shown(l10n.t("Snooze for {0} Minutes", Math.round(snoozeMs / 60_000))),
      iconPath: new ThemeIcon("bell-slash"),
      end: "snooze",
    },
  ];
  const picked = await window.showQuickPick(items, {
    title: shown(`${who} (${project})`),
    placeHolder: shown(l10n.t("Choose an answer to the question that is shown in the editor")),
    ignoreFocusOut: true,
  });
  return picked?.end;
}

/** Asks for words; undefined when the person left it open. */
export async function askWords({ who, project, reason, entry }: Question, now: number): Promise<AnswerEnd> {
  const option = await window.showInputBox({
    title: shownList([`${who} (${project})`, deadlineWords(entry, now) ?? ""]),
    prompt: shown(promptInBrief(entry, reason)),
    password: entry.secret_answer === true,
    ...(takesEnter(entry) ? { placeHolder: shown(l10n.t("Leave it empty to press Enter alone")) } : {}),
    ignoreFocusOut: true,
  });
  return option === undefined ? undefined : { option };
}

export function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
