import { commands, l10n, ProgressLocation, workspace } from "vscode";
import type { Acting, Follows } from "../../core/acts/acting";
import type { AnsweredTerminals, GivenAnswer } from "../../core/acts/answerPrompt";
import { answerQuestion } from "../../core/acts/answerQuestion";
import { claimQuestion } from "../../core/acts/claimQuestion";
import { seeQuestion } from "../../core/acts/seeQuestion";
import { snoozeQuestion } from "../../core/acts/snoozeQuestion";
import { isAnsweredOnlyThere } from "../../core/model/entry";
import { hasCode, messageOf } from "../../core/model/errors";
import type { Escalation } from "../../core/model/questionState";
import { requireOpen } from "../../core/people/escalations";
import { fitsDialog, isLine } from "../../protocol/answerPlaces";
import { type Question, questionOf, waitWords } from "../../protocol/attentionRows";
import { snoozeMs } from "../../protocol/escalationLadder";
import { isRunning } from "../../protocol/projectRows";
import type { WindowRuns } from "../running/windowRuns";
import type { HostWorld } from "../hostWorld";
import { confirmation } from "../commands/confirmation";
import type { NamedTarget } from "../commands/targets";
import { commandId } from "../identifiers";
import { showError } from "../messages";
import { shown, withIcon } from "../shownText";
import { window } from "../shownWindow";
import type { FollowedProject, WorkspaceRecords } from "../../viewing/workspaceRecords";
import { projectGone } from "../records/projectGone";
import { type AnswerEnd, askBesidePage, askInDialog, askWords } from "./askAnswer";
import { questionUri } from "./questionPage";

/** Who runs a project applies an answer at once; after this the row of the answer says what it waits for. */
const takenUpMs = 10_000;
const statusMs = 8000;

/** Saves what a person answers to a question, and shows what becomes of the answer. */
export class Questions {
  constructor(
    private readonly world: HostWorld,
    private readonly records: WorkspaceRecords,
    private readonly windowRuns: WindowRuns,
    /** Runs a project that does not run. */
    private readonly resume: (followed: FollowedProject) => Promise<unknown>,
  ) {}

  /** Asks for the answer where none is given; false when the person left it open. Throws as `answerQuestion`. */
  async answer(question: Question, before?: GivenAnswer): Promise<boolean> {
    const asked = this.records.get(question.key);
    const standing = this.#escalation(question);
    // Messages and pages outlive what they ask: nobody thinks about an answer that would be refused.
    if (asked && standing) requireOpen(standing, asked.project.project_id);
    const given = before ?? (await this.#ask(question));
    if (given === undefined) return false;
    const followed = this.records.get(question.key);
    if (!followed) throw projectGone(question.project);
    const answered = await answerQuestion(followed.record, await this.windowRuns.acting(followed), {
      question: question.id,
      ...given,
      terminals: this.#terminals(followed),
      // Nothing is started in Restricted Mode.
      resume: workspace.isTrusted ? "if_it_waits" : "no",
    });
    if (!answered) return false;
    const { entry, follows } = answered;
    const said = answerWords(question, given.interrupt ? undefined : (entry.answer ?? ""));
    void this.#followUp(followed, question, said, follows).catch((error: unknown) =>
      showError(error, this.world.logger),
    );
    return true;
  }

  /** What a session asks on its screen, as a question. Throws as `askInSession`. */
  async askedIn({ followed, name }: NamedTarget): Promise<Question> {
    const { record, project } = followed;
    const by = await this.windowRuns.acting(followed);
    const { askInSession } = await import("../../core/acts/askInSession");
    const entry = await askInSession(record, by, name, this.#terminals(followed), project.server);
    return questionOf(this.records.picture(followed), entry);
  }

  #terminals(followed: FollowedProject): AnsweredTerminals {
    const { world } = this;
    return {
      reach: (reference) => world.servers.asReference(reference),
      catalog: () => world.programRules(),
      policy: () => world.policy(),
      confirm: confirmation(),
      redactor: () => world.redactor,
      folders: (address) => world.folders(address),
      workspace: followed.folder.path,
    };
  }

  /** The whole question as a page. */
  async review(question: Question): Promise<void> {
    void this.seen([question]);
    await this.#showPage(question);
  }

  /**
   * The person knows of it, so that no notification shows it again. In Restricted Mode none does, and looking leaves
   * no trace.
   */
  async seen(questions: readonly Question[]): Promise<void> {
    if (workspace.isTrusted)
      await this.#write(questions, (record, by, question) => seeQuestion(record, by, { question: question.entry }));
  }

  /** No notification shows them for a while. */
  async snooze(questions: readonly Question[]): Promise<void> {
    await this.#write(questions, (record, by, question) =>
      snoozeQuestion(record, by, { question: question.entry, forMs: snoozeMs }),
    );
  }

  /** Says that this window shows the question. Rejects where the record cannot be written. */
  async claim(question: Question, attempt: number): Promise<void> {
    const followed = this.records.get(question.key);
    if (followed)
      await claimQuestion(followed.record, await this.windowRuns.acting(followed), {
        question: question.entry,
        attempt,
      });
  }

  /** What cannot be written (a folder without permission) is only forgotten with the window. */
  async #write(
    questions: readonly Question[],
    act: (record: WritableRecord, by: Acting, question: Question) => Promise<unknown>,
  ): Promise<void> {
    const written = await Promise.allSettled(
      questions.map(async (question) => {
        const followed = this.records.get(question.key);
        if (followed) await act(followed.record, await this.windowRuns.acting(followed), question);
      }),
    );
    for (const each of written) if (each.status === "rejected") this.world.logger.warn(messageOf(each.reason));
  }

  async #showPage(question: Question): Promise<void> {
    await window.showTextDocument(await workspace.openTextDocument(questionUri(question)), { preview: true });
  }

  #escalation({ key, id }: Pick<Question, "key" | "id">): Escalation | undefined {
    return this.records.get(key)?.record.state.escalations.get(id);
  }

  async #ask(question: Question): Promise<GivenAnswer | undefined> {
    void this.seen([question]);
    const end = await this.#end(question);
    if (end === "snooze") await this.snooze([question]);
    if (end === "review") await this.#showPage(question);
    return typeof end === "object" ? end : undefined;
  }

  /** Answers are offered only where all of the question is shown. */
  async #end(question: Question): Promise<AnswerEnd> {
    const now = this.world.clock.now();
    const { entry, key, session } = question;
    if (isAnsweredOnlyThere(entry)) {
      await commands.executeCommand(commandId("openMirror"), { key, name: session });
      return undefined;
    }
    if (question.options.length === 0) {
      if (!isLine(question.reason)) await this.#showPage(question);
      return askWords(question, now);
    }
    if (fitsDialog(question)) return askInDialog(question, now);
    return isInFront(question) ? askBesidePage(question) : "review";
  }

  /** An answer takes effect with a run of the project: the one that there is, else one that begins here. */
  async #followUp(followed: FollowedProject, question: Question, said: string, follows: Follows): Promise<void> {
    if (follows === "resume_here") await this.#resume(followed, question, said);
    else if (follows === "runner_applies_it") await this.#tellWhetherApplied(followed, question, said);
    else if (follows === "saved_not_running")
      tell("watch", l10n.t("{0} saved. {1} is not running.", said, followed.project.name));
    else if (follows === "typed") tell("check", l10n.t("{0} typed.", said));
    else tell("check", l10n.t("{0} saved.", said));
  }

  async #tellWhetherApplied(followed: FollowedProject, question: Question, said: string): Promise<void> {
    const applied = await window.withProgress(
      { location: ProgressLocation.Window, title: shown(l10n.t("{0} saved; applying…", said)) },
      () => this.#isTakenUp(question),
    );
    if (applied) tell("check", l10n.t("{0} applied.", said));
    // It has ended without the answer.
    else if (workspace.isTrusted && !isRunning(followed.runner)) await this.#resume(followed, question, said);
    else tell("watch", l10n.t("{0} saved; {1}.", said, waitWords(this.records.picture(followed))));
  }

  async #resume(followed: FollowedProject, question: Question, said: string): Promise<void> {
    // A run that begins here applies it; one that ends at this moment may not.
    if (this.windowRuns.isStarting(followed.key)) return this.#tellWhetherApplied(followed, question, said);
    const { name } = followed.project;
    try {
      await window.withProgress(
        { location: ProgressLocation.Window, title: shown(l10n.t("{0} saved; resuming {1}…", said, name)) },
        () => this.resume(followed),
      );
    } catch (error) {
      // Another process was first, and applies the answer.
      if (!hasCode(error, "driven_elsewhere")) throw error;
    }
    tell("check", l10n.t("{0} saved. {1} is running.", said, name));
  }

  /** Whether something was done about the answer, soon; true as well when the record is gone. */
  #isTakenUp(question: Question): Promise<boolean> {
    const isTaken = (): boolean => {
      const escalation = this.#escalation(question);
      return escalation === undefined || escalation.settled || escalation.applied !== undefined;
    };
    return new Promise((resolve) => {
      const over = (): void => {
        clearTimeout(timer);
        changes.dispose();
        resolve(isTaken());
      };
      const timer = setTimeout(over, takenUpMs);
      const changes = this.records.onChange(() => isTaken() && over());
      if (isTaken()) over();
    });
  }
}

/** Whether the question's page is the editor that the person is in. */
function isInFront(question: Question): boolean {
  return window.activeTextEditor?.document.uri.toString() === questionUri(question).toString();
}

/** Without an answer it is Ctrl-C. */
function answerWords({ who, project, entry }: Question, answer: string | undefined): string {
  if (answer === undefined) return l10n.t("Ctrl-C for {0} ({1})", who, project);
  if (entry.secret_answer === true) return l10n.t("Secret for {0} ({1})", who, project);
  if (answer === "") return l10n.t("Enter alone for {0} ({1})", who, project);
  return l10n.t('Answer "{2}" for {0} ({1})', who, project, answer);
}

type WritableRecord = Parameters<typeof seeQuestion>[0];

function tell(icon: "check" | "watch", sentence: string): void {
  window.setStatusBarMessage(withIcon(icon, shown(sentence)), statusMs);
}
