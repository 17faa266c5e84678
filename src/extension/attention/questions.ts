import { commands, l10n, ProgressLocation, ThemeIcon, window, workspace } from "vscode";
import { deliveredDraft, seenDraft, snoozedDraft } from "../../core/people/deliveries";
import { answer } from "../../core/people/escalations";
import type { ContextEntry, EntryDraft } from "../../core/model/entry";
import { messageOf, OrchestratorError } from "../../core/model/errors";
import type { Escalation } from "../../core/model/projectState";
import { deadlineWords, isToldWhole, type Question, waitWords } from "../../protocol/attentionRows";
import { snoozeMs } from "../../protocol/escalationLadder";
import { isDriven } from "../../protocol/projectRows";
import type { HostWorld } from "../hostWorld";
import { commandId } from "../identifiers";
import { plainLabel, plainMessage } from "../plainText";
import type { FollowedProject, WorkspaceRecords } from "../records/workspaceRecords";
import { questionUri } from "./questionPage";

/** A driver takes an answer up at once; after this its row says what it waits for. */
const takenUpMs = 10_000;
const statusMs = 8000;

/** Brings what a person says to a question into the record, and tells what becomes of it. */
export class Questions {
  constructor(
    private readonly world: HostWorld,
    private readonly records: WorkspaceRecords,
  ) {}

  /** Asks for the answer where none is given; false when the person left it open. Throws as `answer` does. */
  async answer(question: Question, given?: string): Promise<boolean> {
    const text = given ?? (await this.#ask(question));
    if (text === undefined) return false;
    const followed = this.records.get(question.key);
    if (!followed)
      throw new OrchestratorError(
        "project_not_found",
        l10n.t("The record of {0} is gone.", question.project),
        l10n.t("Look whether its .orchestrator folder was moved or deleted."),
      );
    const entry = await answer(followed.record, question.id, text, this.world.actor);
    void this.#tellWhatBecomes(followed, question, entry).catch((error: unknown) =>
      this.world.logger.warn(messageOf(error)),
    );
    return true;
  }

  /** The whole question as a page, and its answers to choose from beside it. */
  async review(question: Question): Promise<void> {
    await this.#showPage(question);
    await this.answer(question);
  }

  /**
   * The person knows of it, so that no message tells of it again. In Restricted Mode none does, and looking leaves no
   * trace.
   */
  async seen(questions: readonly Question[]): Promise<void> {
    if (workspace.isTrusted)
      await this.#append(questions, (question) => seenDraft({ question, actor: this.world.actor }));
  }

  /** No message tells of them for a while. */
  async snooze(questions: readonly Question[]): Promise<void> {
    const until = new Date(this.world.clock.now() + snoozeMs).toISOString();
    await this.#append(questions, (question) => snoozedDraft({ question, actor: this.world.actor }, until));
  }

  /** Says that this window tells of the question. Rejects where the record cannot be written. */
  async claim(question: Question, attempt: number): Promise<void> {
    const teller = await this.world.processes;
    await this.records
      .get(question.key)
      ?.record.append(
        deliveredDraft({ question: question.entry, actor: this.world.actor }, teller, attempt),
        "written",
      );
  }

  /** What cannot be written (a folder without permission) is only forgotten with the window. */
  async #append(questions: readonly Question[], draft: (question: ContextEntry) => EntryDraft): Promise<void> {
    const still = questions.filter((question) => this.#escalation(question)?.answer === undefined);
    const written = await Promise.allSettled(
      still.map(async ({ key, entry }) => this.records.get(key)?.record.append(draft(entry), "written")),
    );
    for (const each of written) if (each.status === "rejected") this.world.logger.warn(messageOf(each.reason));
  }

  async #showPage(question: Question): Promise<void> {
    await window.showTextDocument(await workspace.openTextDocument(questionUri(question)), {
      preview: true,
      preserveFocus: true,
    });
  }

  #escalation({ key, id }: Pick<Question, "key" | "id">): Escalation | undefined {
    return this.records.get(key)?.record.state.escalations.get(id);
  }

  async #ask(question: Question): Promise<string | undefined> {
    const { who, project, reason, command, options, entry } = question;
    void this.seen([question]);
    if (!isToldWhole(question)) await this.#showPage(question);
    const title = [`${who} (${project})`, deadlineWords(entry, this.world.clock.now())]
      .filter((part) => part !== undefined)
      .join(" · ");
    if (options.length === 0)
      return window.showInputBox({ title: plainMessage(title), prompt: plainMessage(reason), ignoreFocusOut: true });
    const placeHolder = plainMessage(command === undefined ? reason : `${reason} $ ${command}`);
    const later = {
      label: l10n.t("Snooze for {0} Minutes", Math.round(snoozeMs / 60_000)),
      iconPath: new ThemeIcon("bell-slash"),
      option: undefined,
    };
    const whole = { label: l10n.t("Show the Whole Question"), iconPath: new ThemeIcon("file"), option: undefined };
    const items = [
      ...options.map((option) => ({ label: plainLabel(capital(option)), iconPath: new ThemeIcon("reply"), option })),
      whole,
      later,
    ];
    const picked = await window.showQuickPick(items, { title: plainMessage(title), placeHolder, ignoreFocusOut: true });
    if (picked === later) await this.snooze([question]);
    if (picked !== whole) return picked?.option;
    await this.#showPage(question);
    return this.#ask(question);
  }

  /** An answer takes effect with a driver: that it has is told, and when there is none, a click starts one. */
  async #tellWhatBecomes(
    followed: FollowedProject,
    question: Question,
    { answer: given }: ContextEntry,
  ): Promise<void> {
    const said = plainMessage(l10n.t("{0} ({1}) was answered with {2}", question.who, question.project, given ?? ""));
    if (isDriven(followed.driver)) {
      const taken = await window.withProgress(
        { location: ProgressLocation.Window, title: l10n.t("{0}; its driver takes it up…", said) },
        () => this.#isTakenUp(question),
      );
      const words = taken ? l10n.t("its driver has taken it up") : waitWords(this.records.picture(followed));
      window.setStatusBarMessage(`$(${taken ? "check" : "watch"}) ${plainLabel(`${said}; ${words}.`)}`, statusMs);
      return;
    }
    const goOn = l10n.t("Go On");
    const chosen = await window.showInformationMessage(
      plainMessage(l10n.t("Answered. Nobody drives {0} now.", followed.project.name)),
      goOn,
    );
    if (chosen === goOn) await commands.executeCommand(commandId("runProject"), { key: followed.key });
  }

  /** Whether the driver has done something about the answer, soon; true as well when the record is gone. */
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

export function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
