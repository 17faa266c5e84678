import { l10n, ThemeIcon } from "vscode";
import type { GivenAnswer } from "../../core/acts/answerPrompt";
import { type ContextEntry, takesEnter } from "../../core/model/entry";
import { answersByRisk } from "../../core/model/answerOrder";
import { promptInBrief } from "../../core/model/promptWords";
import { dialogText } from "../../protocol/answerPlaces";
import type { Question } from "../../protocol/attentionRows";
import { deadlineWords } from "../../protocol/deadlineWords";
import { snoozeMs } from "../../protocol/escalationLadder";
import { buttonTitle, shown, shownLines, shownList, type ShownText } from "../shownText";
import { type ShownItem, window } from "../shownWindow";

/** An answer, the wish to see the whole question, or to be asked later; undefined when the person left it open. */
export type AnswerEnd = GivenAnswer | "review" | "snooze" | undefined;

/** Ctrl-C, as a button or item beside the answers of a question; none where that is no answer to it. */
export function interruptChoice({ interruptible }: Pick<ContextEntry, "interruptible">): readonly InterruptChoice[] {
  return interruptible === true
    ? [{ title: shown(l10n.t("Interrupt (Ctrl-C)")), given: { interrupt: true } } as const]
    : [];
}

interface InterruptChoice {
  readonly title: ShownText;
  readonly given: GivenAnswer;
}

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
  const answers = [
    ...answersByRisk(options).map((text) => ({ title: buttonTitle(capital(text)), given: { text } })),
    ...interruptChoice(entry),
  ];
  const dialog = { modal: true, detail: shownLines(detail) } as const;
  const chosen = await window.showWarningMessage(shown(asks), dialog, review, ...answers);
  if (chosen === review) return "review";
  return answers.find((each) => each === chosen)?.given;
}

interface AnswerItem extends ShownItem {
  readonly end: AnswerEnd;
}

/** Asks beside the question's own page, for one that no dialog can show whole; a mere Enter goes back to the page. */
export async function askBesidePage(question: Question): Promise<AnswerEnd> {
  const { who, project, options, entry } = question;
  const items: AnswerItem[] = [
    { label: shown(l10n.t("Back to the Question")), iconPath: new ThemeIcon("file"), end: "review" },
    ...answersByRisk(options).map((option) => ({
      label: shown(capital(option)),
      iconPath: new ThemeIcon("reply"),
      end: { text: option },
    })),
    ...interruptChoice(entry).map(({ title, given }) => ({
      label: title,
      iconPath: new ThemeIcon("debug-stop"),
      end: given,
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
export function askWords({ who, project, reason, entry }: Question, now: number): Promise<AnswerEnd> {
  const box = window.createInputBox();
  box.title = shownList([`${who} (${project})`, deadlineWords(entry, now) ?? ""]);
  box.prompt = shown(promptInBrief(entry, reason));
  box.password = entry.secret_answer === true;
  if (takesEnter(entry)) box.placeholder = shown(l10n.t("Leave it empty to press Enter alone"));
  box.ignoreFocusOut = true;
  const [interrupt] = interruptChoice(entry);
  if (interrupt) box.buttons = [{ iconPath: new ThemeIcon("debug-stop"), tooltip: interrupt.title }];
  return new Promise((resolve) => {
    const end = (given: AnswerEnd): void => {
      resolve(given);
      box.hide();
    };
    box.onDidAccept(() => end({ text: box.value }));
    box.onDidTriggerButton(() => end(interrupt?.given));
    box.onDidHide(() => {
      resolve(undefined);
      box.dispose();
    });
    box.show();
  });
}

export function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
