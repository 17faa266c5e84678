import { l10n, StatusBarAlignment, ThemeColor } from "vscode";
import type { Disposable } from "../../core/base/lifecycle";
import { countedTasks } from "../../core/model/taskCount";
import type { Clock } from "../../core/ports/machine";
import { needsOf } from "../../protocol/needs";
import { needSentence, worstNeed } from "../../protocol/needText";
import { asksCount, type ProjectPicture, runStatus } from "../../protocol/projectRows";
import { commandId } from "../identifiers";
import type { AgeTimer } from "../../viewing/ageTimer";
import { Pacer } from "../../viewing/pacer";
import { shown, type ShownLines, shownLines, withIcon } from "../shownText";
import { window } from "../shownWindow";
import type { WorkspaceRecords } from "../../viewing/workspaceRecords";

/** Often enough that it never says less than the rows beside it. */
const redrawMs = 100;
const mostLines = 5;

/** One item: running projects and open questions, with the progress of a project that runs alone. */
export class StatusBar implements Disposable {
  readonly #item = window.createStatusBarItem("wshOrchestrator", StatusBarAlignment.Left, 50);
  readonly #redraw: Pacer;
  #aging: Disposable | undefined;
  #text = "";
  #tooltip = "";

  constructor(
    private readonly records: WorkspaceRecords,
    private readonly clock: Clock,
    private readonly ages: AgeTimer,
  ) {
    this.#redraw = new Pacer(clock, redrawMs, () => this.#draw());
    this.#item.name = shown(l10n.t("wsh Orchestrator"));
    this.#item.command = commandId("showAttention");
  }

  /** A few times a second at most. */
  refresh(): void {
    this.#redraw.soon();
  }

  /** What it shows; "" while it is hidden. */
  get text(): string {
    return this.#text;
  }

  #draw(): void {
    const pictures = this.records.pictures();
    const running = pictures.filter((picture) => runStatus(picture) === "running");
    const needs = needsOf(pictures);
    const questions = needs.filter(({ kind }) => kind === "question").length;
    const ofSessions = (why: string): number =>
      needs.filter((need) => need.kind === "session" && need.why === why).length;
    const asking = ofSessions("waits");
    const waits = questions + asking > 0;
    const [only] = running;
    const runs =
      only === undefined
        ? ""
        : running.length === 1
          ? progressOf(only)
          : l10n.t("{0} projects running", running.length);
    const now = this.clock.now();
    this.#explain(needs.slice(0, mostLines).map((need) => needSentence(need, now)));
    if (needs.length > 0) this.#aging ??= this.ages.watch(() => this.refresh());
    else this.#stopAging();
    const counts = [
      questionCount(questions),
      asking === 0 ? "" : asksCount(asking),
      failedCount(ofSessions("failed")),
      quietCount(ofSessions("quiet")),
      unseenCount(ofSessions("done")),
    ].filter((part) => part !== "");
    const worst = worstNeed(needs, now);
    const needed = worst === "" ? counts.join(" · ") : l10n.t("{0}: {1}", counts.join(" · "), worst);
    const text = [runs, needed].filter((part) => part !== "").join(" · ");
    if (text === this.#text) return;
    this.#text = text;
    this.#item.text = withIcon(waits ? "question" : "terminal", shown(text));
    this.#item.accessibilityInformation = {
      label: shown(
        needs.length > 0
          ? l10n.t("wsh Orchestrator: {0}. Show what needs you", text)
          : l10n.t("wsh Orchestrator: {0}", text),
      ),
      role: "button",
    };
    this.#item.backgroundColor = waits ? new ThemeColor("statusBarItem.warningBackground") : undefined;
    if (text === "") this.#item.hide();
    else this.#item.show();
  }

  #explain(sentences: readonly string[]): void {
    const lines = sentences.map((line) => shown(line));
    const tooltip: ShownLines = shownLines(
      lines.length === 0 ? l10n.t("Running projects, and questions that need your answer") : lines.join("\n"),
    );
    if (tooltip === this.#tooltip) return;
    this.#tooltip = tooltip;
    this.#item.tooltip = tooltip;
  }

  #stopAging(): void {
    this.#aging?.dispose();
    this.#aging = undefined;
  }

  dispose(): void {
    this.#stopAging();
    this.#redraw.dispose();
    this.#item.dispose();
  }
}

/** "" where there is none. */
function questionCount(count: number): string {
  if (count === 0) return "";
  return count === 1 ? l10n.t("1 question") : l10n.t("{0} questions", count);
}

/** "" where there is none. */
function quietCount(count: number): string {
  if (count === 0) return "";
  return count === 1 ? l10n.t("1 quiet session") : l10n.t("{0} quiet sessions", count);
}

/** "" where there is none. */
function failedCount(count: number): string {
  if (count === 0) return "";
  return count === 1 ? l10n.t("1 session failed") : l10n.t("{0} sessions failed", count);
}

/** "" where there is none. */
function unseenCount(count: number): string {
  if (count === 0) return "";
  return count === 1 ? l10n.t("1 session not looked at") : l10n.t("{0} sessions not looked at", count);
}

function progressOf({ project, state }: ProjectPicture): string {
  const { succeeded, total } = countedTasks(state);
  return `${project.name} ${succeeded}/${total}`;
}
