import { l10n, StatusBarAlignment, ThemeColor } from "vscode";
import type { Disposable } from "../../core/base/lifecycle";
import { countedTasks } from "../../core/model/taskCount";
import type { Clock } from "../../core/ports/machine";
import { openQuestions, questionSentence } from "../../protocol/attentionRows";
import { asksCount, type ProjectPicture, shownStatus } from "../../protocol/projectRows";
import { quietSentence, quietSessions } from "../../protocol/quietSessions";
import { waitingSentence, waitingSessions } from "../../protocol/waitingSessions";
import { commandId } from "../identifiers";
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
  #text = "";
  #tooltip = "";

  constructor(
    private readonly records: WorkspaceRecords,
    clock: Clock,
    private readonly now: () => number,
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
    const running = pictures.filter(
      (picture) => picture.state.status === "running" && shownStatus(picture) !== "not_running",
    );
    const questions = openQuestions(pictures);
    const waiting = questions.length;
    const [only] = running;
    const runs =
      only === undefined
        ? ""
        : running.length === 1
          ? progressOf(only)
          : l10n.t("{0} projects running", running.length);
    const quiet = quietSessions(pictures);
    const asking = waitingSessions(pictures);
    const needs = waiting + asking.length > 0;
    this.#explain([
      ...questions.map((question) => questionSentence(question, this.now())),
      ...asking.map((each) => waitingSentence(each, this.now())),
      ...quiet.map((each) => quietSentence(each, this.now())),
    ]);
    const text = [
      runs,
      questionCount(waiting),
      asking.length === 0 ? "" : asksCount(asking.length),
      quietCount(quiet.length),
    ]
      .filter((part) => part !== "")
      .join(" · ");
    if (text === this.#text) return;
    this.#text = text;
    this.#item.text = withIcon(needs ? "question" : "terminal", shown(text));
    this.#item.accessibilityInformation = {
      label: shown(
        waiting > 0 ? l10n.t("wsh Orchestrator: {0}. Show questions", text) : l10n.t("wsh Orchestrator: {0}", text),
      ),
      role: "button",
    };
    this.#item.backgroundColor = needs ? new ThemeColor("statusBarItem.warningBackground") : undefined;
    if (text === "") this.#item.hide();
    else this.#item.show();
  }

  #explain(sentences: readonly string[]): void {
    const lines = sentences.slice(0, mostLines).map((line) => shown(line));
    const tooltip: ShownLines = shownLines(
      lines.length === 0 ? l10n.t("Running projects, and questions that need your answer") : lines.join("\n"),
    );
    if (tooltip === this.#tooltip) return;
    this.#tooltip = tooltip;
    this.#item.tooltip = tooltip;
  }

  dispose(): void {
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

function progressOf({ project, state }: ProjectPicture): string {
  const { succeeded, total } = countedTasks(state);
  return `${project.name} ${succeeded}/${total}`;
}
