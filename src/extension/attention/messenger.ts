import { commands, l10n, window, workspace } from "vscode";
import type { Disposable } from "../../core/base/lifecycle";
import type { ContextEntry } from "../../core/model/entry";
import { messageOf } from "../../core/model/errors";
import type { Processes } from "../../core/ports/machine";
import { isToldWhole, namesOf, openQuestions, type Question, questionSentence } from "../../protocol/attentionRows";
import { EscalationLadder, type TellableQuestion, type Teller } from "../../protocol/escalationLadder";
import type { HostWorld } from "../hostWorld";
import { commandId } from "../identifiers";
import { showError } from "../messages";
import { Pacer } from "../../viewing/pacer";
import { plainMessage } from "../plainText";
import type { WorkspaceRecords } from "../../viewing/workspaceRecords";
import type { MutedProjects } from "./mutedProjects";
import { capital, type Questions } from "./questions";
import type { ShownSessions } from "../../viewing/shownSessions";

const pauseMs = 50;

/** The answer that lets something run which the policy held back: never offered beside half of a command. */
const riskyOption = "run";

/** The upper rung of the ladder: tells the person of open questions by messages, as the ladder decides. */
export class Messenger implements Disposable {
  readonly #ladder = new EscalationLadder();
  readonly #soon: Pacer;
  #wake: NodeJS.Timeout | undefined;
  #stepping = false;
  #again = false;
  #disposed = false;

  constructor(
    private readonly world: HostWorld,
    private readonly records: WorkspaceRecords,
    private readonly questions: Questions,
    private readonly muted: MutedProjects,
    private readonly shown: ShownSessions,
  ) {
    this.#soon = new Pacer(world.clock, pauseMs, () => void this.#step());
  }

  /** Something may have changed: the record, what is on the screen, who looks. */
  look(): void {
    this.#soon.soon();
  }

  dispose(): void {
    this.#disposed = true;
    this.#soon.dispose();
    clearTimeout(this.#wake);
  }

  async #step(): Promise<void> {
    this.#again = this.#stepping;
    if (this.#stepping || this.#disposed) return;
    this.#stepping = true;
    try {
      const open = openQuestions(this.records.pictures());
      const processes = await this.world.processes;
      const tellable = await Promise.all(open.map((question) => this.#tellable(question, processes)));
      const steps = this.#ladder.step(tellable, { now: this.world.clock.now(), focused: window.state.focused });
      for (const { id, attempt } of steps.claims)
        this.#claim(
          open.find((question) => question.id === id),
          attempt,
        );
      const told = open.filter(({ id }) => steps.tell.includes(id));
      if (told.length > 0) void this.#tell(told).catch((error: unknown) => showError(error, this.world.logger));
      this.#wakeAt(steps.wakeAt);
    } catch (error) {
      this.world.logger.warn(messageOf(error));
    } finally {
      this.#stepping = false;
      if (this.#again) this.look();
    }
  }

  #wakeAt(time: number | undefined): void {
    clearTimeout(this.#wake);
    if (time === undefined || this.#disposed) return;
    // What lies further ahead than a timer reaches is looked at again before.
    this.#wake = setTimeout(() => this.look(), Math.min(Math.max(0, time - this.world.clock.now()), 0x7fffffff));
  }

  #claim(question: Question | undefined, attempt: number): void {
    if (!question) return;
    this.questions.claim(question, attempt).catch((error: unknown) => {
      this.world.logger.warn(messageOf(error));
      this.#ladder.claimFailed(question.id);
      this.look();
    });
  }

  async #tellable({ id, key, session }: Question, processes: Processes): Promise<TellableQuestion> {
    const escalation = this.records.get(key)?.record.state.escalations.get(id);
    const { told, seen } = escalation ?? {};
    return {
      id,
      key,
      teller: told && (await tellerOf(told, processes)),
      seen: seen && { id: seen.id, until: seen.event === "snoozed" ? timeOf(seen.expires_at) : undefined },
      // A stranger's record is shown; nothing of it asks by itself, and nothing is written to it.
      hushed:
        !workspace.isTrusted ||
        this.muted.has(key) ||
        this.world.settings(this.records.get(key)?.folder.path).notifications === "off",
      visible: session !== undefined && this.shown.isVisible({ key, name: session }),
    };
  }

  async #tell(questions: readonly Question[]): Promise<void> {
    const [only] = questions;
    if (!only) return;
    const [review, snooze] = [l10n.t("Review"), l10n.t("Snooze")];
    const single = questions.length === 1;
    const options = single ? only.options.filter((option) => option !== riskyOption || isToldWhole(only)) : [];
    const sentence = single
      ? questionSentence(only, this.world.clock.now())
      : l10n.t("{0} sessions need you: {1}.", questions.length, namesOf(questions));
    const chosen = await window.showWarningMessage(plainMessage(sentence), ...options.map(capital), review, snooze);
    const option = options.find((each) => capital(each) === chosen);
    if (option !== undefined) await this.questions.answer(only, option);
    else if (chosen === snooze) await this.questions.snooze(questions);
    else if (chosen === undefined) await this.questions.seen(questions);
    else if (single) await this.questions.review(only);
    else {
      await this.questions.seen(questions);
      await commands.executeCommand(commandId("showAttention"));
    }
  }
}

async function tellerOf({ attempt, host, pid, started_at, ts }: ContextEntry, processes: Processes): Promise<Teller> {
  const process = { host: host ?? "", pid: pid ?? 0, started_at: started_at ?? "" };
  const own =
    process.pid === processes.pid && process.host === processes.host && process.started_at === processes.started_at;
  const alive = own || (await processes.isAlive(process));
  return {
    attempt: attempt ?? 1,
    since: timeOf(ts) ?? 0,
    is: own ? "here" : alive === undefined ? "unknown" : alive ? "elsewhere" : "gone",
  };
}

/** Undefined for what is no time. */
function timeOf(ts: string | undefined): number | undefined {
  const time = Date.parse(ts ?? "");
  return Number.isNaN(time) ? undefined : time;
}
