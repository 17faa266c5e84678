import { setTimeout as delay } from "node:timers/promises";
import { commands, l10n, window } from "vscode";
import { answer } from "../../core/engine/escalations";
import { Journal } from "../../core/engine/journal";
import { OrchestratorError } from "../../core/model/errors";
import { openEscalations } from "../../core/model/projectState";
import { openQuestions, type Question, questionSentence } from "../../protocol/attentionRows";
import type { HostDrivers } from "../driving/hostDrivers";
import type { HostWorld } from "../hostWorld";
import { commandId, viewIds } from "../identifiers";
import { showError } from "../messages";
import { plainMessage } from "../plainText";
import type { FollowedProject, WorkspaceRecords } from "../records/workspaceRecords";

/** Questions that come together are told together. */
const gatherMs = 300;
/** The next message comes when the one before was answered, or after this. */
const apartMs = 5000;

/** Brings open questions to the person once, and answers to the record. */
export class Questions {
  /** Questions that were told, or stood in the record when it was opened and were told together. */
  readonly #told = new Set<string>();
  readonly #untold = new Map<string, Question>();
  #gathering: NodeJS.Timeout | undefined;
  #showing = false;

  constructor(
    private readonly world: HostWorld,
    private readonly records: WorkspaceRecords,
    private readonly drivers: HostDrivers,
  ) {}

  /** Looks for questions that nobody was told of. */
  look(): void {
    if (this.world.settings().notifications === "off") return;
    for (const question of openQuestions(this.records.pictures())) {
      if (this.#told.has(question.id)) continue;
      this.#told.add(question.id);
      this.#untold.set(question.id, question);
    }
    if (this.#untold.size > 0 && this.#gathering === undefined) this.#gathering = setTimeout(() => void this.#show(), gatherMs);
  }

  /** Asks for the answer where none is given; false when the person left it open. Throws as `answer` does. */
  async answer(question: Question, given?: string): Promise<boolean> {
    const text = given ?? (await this.#ask(question));
    if (text === undefined) return false;
    const followed = this.records.get(question.key);
    if (!followed) throw new OrchestratorError("project_not_found", l10n.t("The record of {0} is gone.", question.project), l10n.t("Look whether its .orchestrator folder was moved or deleted."));
    await this.withJournal(followed, (journal) => answer(journal, question.id, text, this.world.actor));
    await this.#offerToGoOn(followed);
    return true;
  }

  /** One journal for all that this window writes to a project; the driver's where there is one. */
  async withJournal<T>(followed: FollowedProject, action: (journal: Journal) => Promise<T>): Promise<T> {
    const drive = this.drivers.get(followed.key);
    if (drive) return action(drive.journal);
    // Of its own, because the store's ledgers are closed with their journal.
    const journal = new Journal(await (await this.world.store(followed.folder.uri.fsPath)).open(followed.ledger.project_id), this.world.logger);
    await journal.open();
    try {
      return await action(journal);
    } finally {
      await journal.close();
    }
  }

  #isOpen(question: Question): boolean {
    const state = this.records.get(question.key)?.follower.state;
    return state !== undefined && openEscalations(state).some((entry) => entry.id === question.id);
  }

  /** What arrives soon after a message comes next, together; a message that nobody answers does not hold back the ones after it. */
  async #show(): Promise<void> {
    this.#gathering = undefined;
    if (this.#showing) return;
    this.#showing = true;
    try {
      while (this.#untold.size > 0) {
        const asked = [...this.#untold.values()].filter((question) => this.#isOpen(question));
        this.#untold.clear();
        const [first] = asked;
        if (!first) continue;
        await Promise.race([asked.length === 1 ? this.#tellOne(first) : this.#tellSeveral(asked), delay(apartMs)]);
      }
    } finally {
      this.#showing = false;
    }
  }

  async #tellOne(question: Question): Promise<void> {
    const show = l10n.t("Show");
    const chosen = await window.showWarningMessage(plainMessage(questionSentence(question)), ...question.options.map(capital), show);
    if (chosen === undefined) return;
    if (chosen === show) await commands.executeCommand(`${viewIds.attention}.focus`);
    else await this.answer(question, question.options.find((option) => capital(option) === chosen)).catch((error: unknown) => showError(error, this.world.logger));
  }

  async #tellSeveral(questions: readonly Question[]): Promise<void> {
    const names = questions.map(({ who, project }) => `${who} (${project})`).slice(0, 3).join(", ");
    const show = l10n.t("Show");
    const chosen = await window.showWarningMessage(plainMessage(l10n.t("{0} questions wait for an answer: {1}.", questions.length, names)), show);
    if (chosen === show) await commands.executeCommand(`${viewIds.attention}.focus`);
  }

  async #ask({ who, project, reason, command, options }: Question): Promise<string | undefined> {
    const title = `${who} (${project})`;
    if (options.length === 0) return window.showInputBox({ title, prompt: reason, ignoreFocusOut: true });
    const items = options.map((option) => ({ label: capital(option), option }));
    const placeHolder = command === undefined ? reason : `${reason} $ ${command}`;
    return (await window.showQuickPick(items, { title, placeHolder, ignoreFocusOut: true }))?.option;
  }

  /** An answer takes effect with a driver; when there is none, a click starts one. */
  async #offerToGoOn(followed: FollowedProject): Promise<void> {
    const { driver, project } = followed;
    if (driver.who === "this_window" || (driver.who === "other" && !driver.gone)) return;
    const goOn = l10n.t("Go On");
    const chosen = await window.showInformationMessage(l10n.t("Answered. Nobody drives {0} now.", project.name), goOn);
    if (chosen === goOn) await commands.executeCommand(commandId("runProject"), { key: followed.key });
  }
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
