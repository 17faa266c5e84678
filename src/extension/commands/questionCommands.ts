import { commands, l10n, QuickPickItemKind, ThemeIcon, workspace } from "vscode";
import { attentionRow, openQuestions, type Question } from "../../protocol/attentionRows";
import { needsOf, type SessionNeed } from "../../protocol/needs";
import { sessionNeedRow } from "../../protocol/needRows";
import { noQuestionSentence } from "../../protocol/needText";
import { snoozeMs } from "../../protocol/escalationLadder";
import type { MutedProjects } from "../attention/mutedProjects";
import type { Questions } from "../attention/questions";
import type { HostWorld } from "../hostWorld";
import { commandId, viewIds } from "../identifiers";
import { shown, type ShownText } from "../shownText";
import { type ShownItem, window } from "../shownWindow";
import type { WorkspaceRecords } from "../../viewing/workspaceRecords";
import { givenSession, projectTarget, questionTarget } from "./targets";

const toldMs = 5000;

interface WaitingItem extends ShownItem {
  readonly act?: () => Promise<unknown>;
}

/** What a person does about open questions. */
export class QuestionCommands {
  constructor(
    private readonly world: HostWorld,
    private readonly records: WorkspaceRecords,
    private readonly questions: Questions,
    private readonly muted: MutedProjects,
  ) {}

  async answer(argument: unknown, given: unknown): Promise<void> {
    const unread = await this.#askedThere(argument);
    // Nobody has read it yet.
    if (unread) await this.questions.answer(unread);
    const question = unread ? undefined : await questionTarget(this.records, argument);
    if (question) await this.questions.answer(question, typeof given === "string" ? { text: given } : undefined);
  }

  /** What a session asks that nobody was asked about yet, as its project is not running. */
  async #askedThere(argument: unknown): Promise<Question | undefined> {
    const target = givenSession(this.records, argument);
    const session =
      target && this.records.picture(target.followed).sessions.find(({ session_name }) => session_name === target.name);
    const isOpen = openQuestions(this.records.pictures()).some(
      (each) => each.key === target?.followed.key && each.session === target.name,
    );
    return target && session?.state === "waiting" && !isOpen ? this.questions.askedIn(target) : undefined;
  }

  async review(argument: unknown): Promise<void> {
    const question = await questionTarget(this.records, argument);
    if (question) await this.questions.review(question);
  }

  /** The one of the row, else all. */
  async snooze(argument: unknown): Promise<void> {
    const questions =
      argument === undefined ? openQuestions(this.records.pictures()) : [await questionTarget(this.records, argument)];
    await this.questions.snooze(questions.filter((question) => question !== undefined));
    const none = noQuestionSentence(this.records.pictures());
    window.setStatusBarMessage(questions.length === 0 ? shown(none) : snoozedSentence(questions.length), toldMs);
  }

  async mute(argument: unknown, muted: boolean): Promise<void> {
    const followed = await projectTarget(this.records, argument);
    if (followed) await this.muted.set(followed.key, muted);
  }

  /** What needs the person: open questions, to be answered or snoozed, and sessions, to be looked at. */
  async showWaiting(): Promise<void> {
    const pictures = this.records.pictures();
    const questions = openQuestions(pictures);
    const needs = needsOf(pictures);
    if (needs.length === 0) {
      window.setStatusBarMessage(shown(noQuestionSentence(pictures)), toldMs);
      await commands.executeCommand(`${viewIds.projects}.focus`);
      return;
    }
    const items: WaitingItem[] = [
      ...needs.map((need) => (need.kind === "question" ? this.#item(need.question) : this.#sessionItem(need))),
      ...(questions.length === 0
        ? []
        : [
            { label: shown(l10n.t("notifications")), kind: QuickPickItemKind.Separator },
            this.#snoozeItem(questions),
            ...this.#muteItems(questions),
          ]),
    ];
    const picked = await window.showQuickPick(items, {
      title: shown(l10n.t("Questions")),
      placeHolder: shown(
        questions.length === needs.length
          ? l10n.t("Choose a question to answer")
          : l10n.t("Choose a question to answer, or a session to look at"),
      ),
      matchOnDescription: true,
      matchOnDetail: true,
    });
    await picked?.act?.();
  }

  #item(question: Question): WaitingItem {
    const { label, description } = attentionRow(question, this.world.clock.now());
    const detail = question.command === undefined ? question.reason : `${question.mark}${question.command}`;
    return {
      label: shown(label),
      description: shown(description),
      detail: shown(detail),
      iconPath: new ThemeIcon("question"),
      act: () => this.questions.answer(question),
    };
  }

  #sessionItem(need: SessionNeed): WaitingItem {
    const { label, description, look, key, name } = sessionNeedRow(need, this.world.clock.now());
    return {
      label: shown(label),
      description: shown(description),
      iconPath: new ThemeIcon(look.icon),
      act: async () => {
        await commands.executeCommand(commandId("openMirror"), { kind: "session", key, name });
      },
    };
  }

  #snoozeItem(questions: readonly Question[]): WaitingItem {
    return {
      label: shown(l10n.t("Snooze All for {0} Minutes", Math.round(snoozeMs / 60_000))),
      iconPath: new ThemeIcon("bell-slash"),
      act: () => this.questions.snooze(questions),
    };
  }

  /** One for each project that asks. */
  #muteItems(questions: readonly Question[]): WaitingItem[] {
    const several = (workspace.workspaceFolders?.length ?? 0) > 1;
    return [...new Set(questions.map(({ key }) => key))].flatMap((key) => {
      const followed = this.records.get(key);
      if (!followed) return [];
      const muted = this.muted.has(key);
      const { name } = followed.project;
      const label = muted ? l10n.t("Unmute {0}", name) : l10n.t("Mute {0}", name);
      return [
        {
          label: shown(label),
          description: shown(several ? followed.folder.name : ""),
          iconPath: new ThemeIcon(muted ? "bell" : "mute"),
          act: () => this.muted.set(key, !muted),
        },
      ];
    });
  }
}

function snoozedSentence(questions: number): ShownText {
  const minutes = Math.round(snoozeMs / 60_000);
  return shown(
    questions === 1
      ? l10n.t("Snoozed for {0} minutes.", minutes)
      : l10n.t("{0} questions are snoozed for {1} minutes.", questions, minutes),
  );
}
