import { commands, l10n } from "vscode";
import type { GivenAnswer } from "../../core/acts/answerPrompt";
import type { Disposable } from "../../core/base/lifecycle";
import { isAnsweredOnlyThere, isAskedInTerminal } from "../../core/model/entry";
import { answersInMessage, isLine } from "../../protocol/answerPlaces";
import { namesOf, type Question, questionSentence } from "../../protocol/attentionRows";
import { QuestionTeller } from "../../viewing/questionTeller";
import type { ShownSessions } from "../../viewing/shownSessions";
import type { WorkspaceRecords } from "../../viewing/workspaceRecords";
import type { HostWorld } from "../hostWorld";
import { type CommandName, commandId } from "../identifiers";
import { showError } from "../messages";
import { buttonTitle, shown } from "../shownText";
import { type Choice, window } from "../shownWindow";
import type { MutedProjects } from "./mutedProjects";
import { capital, interruptChoice } from "./askAnswer";
import type { Questions } from "./questions";

/** The upper rung of the ladder: shows open questions in notifications, as the ladder decides. */
export class Messenger implements Disposable {
  readonly #teller: QuestionTeller;

  constructor(
    private readonly world: HostWorld,
    records: WorkspaceRecords,
    private readonly questions: Questions,
    muted: MutedProjects,
    shown: ShownSessions,
  ) {
    this.#teller = new QuestionTeller(world, records, shown, {
      isFocused: () => window.state.focused,
      isHushed: (key) => muted.has(key) || world.settings(records.get(key)?.folder.path).notifications === "off",
      claim: (question, attempt) => questions.claim(question, attempt),
      tell: (told) => void this.#tell(told).catch((error: unknown) => showError(error, world.logger)),
    });
  }

  /** Something may have changed: the record, what is on the screen, who looks. */
  look(): void {
    this.#teller.look();
  }

  dispose(): void {
    this.#teller.dispose();
  }

  async #tell(questions: readonly Question[]): Promise<void> {
    const [only] = questions;
    if (!only) return;
    const [review, snooze] = [{ title: shown(l10n.t("Review")) }, { title: shown(l10n.t("Snooze")) }];
    const single = questions.length === 1;
    const answers = single ? answersOf(only) : [];
    const place = single ? placeOf(only) : undefined;
    const sentence = single
      ? questionSentence(only, this.world.clock.now())
      : l10n.t("{0} questions need your answer: {1}.", questions.length, namesOf(questions));
    const chosen = await window.showWarningMessage(
      shown(sentence),
      review,
      ...answers,
      ...(place ? [place] : []),
      snooze,
    );
    const answer = answers.find((each) => each === chosen);
    if (answer) await this.questions.answer(only, answer.given);
    else if (place !== undefined && chosen === place) {
      await this.questions.seen(questions);
      await commands.executeCommand(commandId(place.opens), place.row);
    } else if (chosen === snooze) await this.questions.snooze(questions);
    else if (chosen === undefined) await this.questions.seen(questions);
    else if (single) await this.questions.review(only);
    else {
      await this.questions.seen(questions);
      await commands.executeCommand(commandId("showAttention"));
    }
  }
}

/** Where a person looks before they answer: in the terminal that asks, else at what the task printed. */
function placeOf({ key, entry, session }: Question): PlaceChoice | undefined {
  if (session !== undefined && (isAskedInTerminal(entry) || entry.task_id === undefined))
    return {
      title: shown(l10n.t("Open Session")),
      opens: "showSession",
      row: { kind: "session", key, name: session },
    };
  const { task_id: name } = entry;
  // What was not started yet has printed nothing.
  if (session === undefined || name === undefined) return undefined;
  return { title: shown(l10n.t("Show Output")), opens: "showOutput", row: { kind: "task", key, name } };
}

interface PlaceChoice extends Choice {
  readonly opens: CommandName;
  readonly row: { readonly kind: "session" | "task"; readonly key: string; readonly name: string };
}

interface AnswerChoice extends Choice {
  /** Undefined: the person types it. */
  readonly given?: GivenAnswer;
}

/** What a message offers for a question that it shows whole. */
function answersOf(question: Question): readonly AnswerChoice[] {
  const { entry, options, reason } = question;
  const answers = answersInMessage(question).map((text) => ({ title: buttonTitle(capital(text)), given: { text } }));
  if (!isAskedInTerminal(entry) || isAnsweredOnlyThere(entry) || !isLine(reason)) return answers;
  // VS Code cuts words where five buttons have no room.
  const interrupt = interruptChoice(entry).map((choice) => ({ ...choice, title: shown(l10n.t("Interrupt")) }));
  return [...(options.length === 0 ? [{ title: shown(l10n.t("Answer…")) }] : answers), ...interrupt];
}
