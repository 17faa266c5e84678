import { l10n } from "vscode";
import { seeSession } from "../../core/acts/seeSession";
import { isAskedInTerminal } from "../../core/model/entry";
import { OrchestratorError } from "../../core/model/errors";
import { shortSession } from "../../core/model/names";
import { nothingToDo } from "../../core/model/remedy";
import { type Need, needsOf, type SessionNeed, silentNeeds } from "../../protocol/needs";
import { needSentence } from "../../protocol/needText";
import { isUnseen } from "../../protocol/sessionRows";
import { stateWords } from "../../protocol/stateWords";
import { NeedTour } from "../../viewing/needTour";
import type { WorkspaceRecords } from "../../viewing/workspaceRecords";
import type { Questions } from "../attention/questions";
import type { HostWorld } from "../hostWorld";
import type { MirrorPanels } from "../mirrors/mirrorPanels";
import { shown } from "../shownText";
import { window } from "../shownWindow";
import { givenSession } from "./targets";

const toldMs = 8000;

/** What a person does about all that needs them. */
export class NeedCommands {
  readonly #tour = new NeedTour();

  constructor(
    private readonly world: HostWorld,
    private readonly records: WorkspaceRecords,
    private readonly mirrors: MirrorPanels,
    private readonly questions: Questions,
  ) {}

  /** Goes to the next thing that needs the person, the most urgent first, and around. */
  async goToNext(): Promise<void> {
    const needs = needsOf(this.records.pictures());
    const next = this.#tour.next(needs);
    if (!next) {
      void window.showInformationMessage(shown(l10n.t("Nothing needs you.")));
      return;
    }
    await this.#open(next.need);
    const sentence = needSentence(next.need, this.world.clock.now());
    window.setStatusBarMessage(shown(l10n.t("{0} of {1} · {2}", next.at, needs.length, sentence)), toldMs);
  }

  /** What a program asks is answered where its screen is seen; other questions have a page. */
  async #open(need: Need): Promise<void> {
    const place =
      need.kind === "session"
        ? { key: need.picture.key, name: need.session.session_name }
        : isAskedInTerminal(need.question.entry) && need.question.session !== undefined
          ? { key: need.question.key, name: need.question.session }
          : undefined;
    const followed = place && this.records.get(place.key);
    if (place && followed) await this.mirrors.open({ followed, name: place.name });
    if (need.kind !== "question") return;
    if (place) void this.questions.seen([need.question]);
    else await this.questions.review(need.question);
  }

  /** The session of the row; without one the person picks among those that nobody has looked at. */
  async markSeen(argument: unknown): Promise<void> {
    const target = givenSession(this.records, argument) ?? this.mirrors.target(argument);
    if (target) {
      if (isUnseen(target.followed.record.state, target.name)) await this.#see(target.followed.key, target.name);
      else throw nothingUnseen(l10n.t("{0} has done nothing that was not looked at.", shortSession(target.name)));
      return;
    }
    const unseen = this.#unseen();
    if (unseen.length === 0) throw nothingUnseen(l10n.t("No session is done and was not looked at."));
    const now = this.world.clock.now();
    const items = unseen.map((need) => ({
      label: shown(shortSession(need.session.session_name)),
      description: shown(`${need.picture.project.name} · ${stateWords(need.session).text(now)}`),
      picked: true,
      need,
    }));
    const picked = await window.showQuickPick(items, {
      title: shown(l10n.t("Mark as Seen")),
      placeHolder: shown(l10n.t("Choose the sessions that you have seen")),
      canPickMany: true,
    });
    for (const { need } of picked ?? []) await this.#see(need.picture.key, need.session.session_name);
  }

  async markAllSeen(): Promise<void> {
    const unseen = this.#unseen();
    for (const { picture, session } of unseen) await this.#see(picture.key, session.session_name);
    const said =
      unseen.length === 1 ? l10n.t("1 session marked as seen.") : l10n.t("{0} sessions marked as seen.", unseen.length);
    window.setStatusBarMessage(shown(said), toldMs);
  }

  #unseen(): SessionNeed[] {
    return silentNeeds(this.records.pictures()).filter(({ why }) => why === "done");
  }

  async #see(key: string, name: string): Promise<void> {
    const record = this.records.get(key)?.record;
    if (record) await seeSession(record, this.world, name);
  }
}

function nothingUnseen(sentence: string): OrchestratorError {
  return new OrchestratorError("usage", sentence, nothingToDo);
}
