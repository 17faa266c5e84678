import { problemText } from "./problemText";
import { l10n } from "vscode";
import { type Disposable, DisposableStore } from "../../core/base/lifecycle";
import type { Clock } from "../../core/ports/machine";
import { type ActivityFilter, type ActivityRow, filterWords } from "../../protocol/activityRows";
import { openQuestions } from "../../protocol/attentionRows";
import { type NeedRow } from "../../protocol/needRows";
import { needsOf, silentNeeds } from "../../protocol/needs";
import { worstNeed } from "../../protocol/needText";
import { asksCount, type Row } from "../../protocol/projectRows";
import { StatusBar } from "../attention/statusBar";
import { setContextKey } from "../contextKeyState";
import { viewIds } from "../identifiers";
import { FigureTooltips } from "../records/figureTooltips";
import { shown, shownLines } from "../shownText";
import { type ShownView, window } from "../shownWindow";
import type { AgeTimer } from "../../viewing/ageTimer";
import type { ChangedProjects, WorkspaceRecords } from "../../viewing/workspaceRecords";
import { type ActivityItem, ActivityTree, isEntryRow } from "./activityTree";
import { AttentionTree } from "./attentionTree";
import type { KeptChoices } from "./keptChoices";
import { ProjectsTree } from "./projectsTree";

/** The views of the side bar and the item of the status bar. A hidden view is sent nothing until it is shown. */
export class SideViews implements Disposable {
  readonly trees: {
    readonly projects: ProjectsTree;
    readonly attention: AttentionTree;
    readonly activity: ActivityTree;
  };
  readonly views: {
    readonly projects: ShownView<Row>;
    readonly attention: ShownView<NeedRow>;
    readonly activity: ShownView<ActivityItem>;
  };
  readonly statusBar: StatusBar;
  readonly #store = new DisposableStore();
  /** Ages in the views are of this time, so that no row changes for its age alone in between. */
  #agesAt: number;
  #aging: Disposable | undefined;
  #waiting = "0 0 ";
  #chosenIn: "projects" | "attention" | undefined;
  #problems = "";

  constructor(
    private readonly records: WorkspaceRecords,
    private readonly clock: Clock,
    private readonly ages: AgeTimer,
    { expanded, filter, order }: KeptChoices,
  ) {
    this.#agesAt = clock.now();
    const now = (): number => this.#agesAt;
    this.statusBar = this.#store.add(new StatusBar(records, clock, ages));
    const trees = (this.trees = {
      projects: new ProjectsTree(records, now, clock, new FigureTooltips(clock), expanded, filter),
      attention: new AttentionTree(records, now, clock),
      activity: this.#store.add(new ActivityTree(records, clock, expanded, order)),
    });
    const views = (this.views = {
      projects: window.createTreeView(viewIds.projects, {
        treeDataProvider: trees.projects,
        dragAndDropController: trees.projects,
        showCollapseAll: true,
        canSelectMany: true,
      }),
      attention: window.createTreeView(viewIds.attention, { treeDataProvider: trees.attention, canSelectMany: true }),
      activity: window.createTreeView(viewIds.activity, { treeDataProvider: trees.activity, showCollapseAll: true }),
    });
    for (const view of [views.projects, views.activity]) {
      this.#store.add(
        view.onDidExpandElement(({ element }: { element: { id: string } }) => expanded.set(element, true)),
      );
      this.#store.add(
        view.onDidCollapseElement(({ element }: { element: { id: string } }) => expanded.set(element, false)),
      );
    }
    for (const name of ["projects", "attention"] as const)
      this.#store.add(views[name].onDidChangeSelection(() => (this.#chosenIn = name)));
    this.#store.add(filter.onChange(() => trees.projects.refresh("all")));
    for (const view of Object.values(views)) {
      this.#store.add(view);
      this.#store.add(view.onDidChangeVisibility(({ visible }) => visible && this.records.lookSoon()));
    }
    for (const view of [views.projects, views.attention])
      this.#store.add(view.onDidChangeVisibility(() => this.#age()));
    this.#store.add(views.activity.onDidChangeVisibility(({ visible }) => visible && trees.activity.refresh()));
    this.#store.add(trees.activity.onFilter((filter) => this.#nameFilter(filter)));
    this.#age();
  }

  /** How many of them are visible. */
  get visible(): number {
    return Object.values(this.views).filter((view) => view.visible).length;
  }

  /** The one row that is chosen in the view that has the focus, or had it last. */
  chosen(): Row | NeedRow | undefined {
    const view = this.#chosenIn;
    const rows = view ? this.views[view].selection : [];
    return rows.length === 1 ? rows[0] : undefined;
  }

  /** The row that is chosen in Activity. */
  chosenEntry(): ActivityRow | undefined {
    return this.views.activity.selection.find(isEntryRow);
  }

  refresh(changed: ChangedProjects): void {
    const pictures = this.records.pictures();
    const questions = openQuestions(pictures).length;
    const silent = silentNeeds(pictures);
    const asking = silent.filter(({ why }) => why === "waits").length;
    setContextKey("hasProject", pictures.length > 0);
    setContextKey("hasQuestion", questions > 0);
    setContextKey(
      "hasUnseen",
      silent.some(({ why }) => why === "done"),
    );
    const { trees, views } = this;
    if (views.projects.visible) trees.projects.refresh(changed);
    if (views.attention.visible) trees.attention.refresh();
    if (views.activity.visible) trees.activity.refresh();
    this.statusBar.refresh();
    const worst = worstNeed(needsOf(pictures), this.#agesAt);
    const waiting = `${questions} ${asking} ${worst}`;
    if (waiting !== this.#waiting) this.#badge(questions, asking, worst);
    this.#waiting = waiting;
    const problems = this.records.problems.map((problem) => shown(problemText(problem))).join("\n");
    if (problems !== this.#problems) views.projects.message = problems === "" ? undefined : shownLines(problems);
    this.#problems = problems;
  }

  #nameFilter(filter: ActivityFilter): void {
    const words = filterWords(filter, this.records.get(filter.key ?? "")?.project.name ?? "");
    this.views.activity.description = words === "" ? undefined : shown(words);
    setContextKey("isFiltered", words !== "");
  }

  dispose(): void {
    this.#aging?.dispose();
    this.#store.dispose();
  }

  #badge(questions: number, asking: number, worst: string): void {
    const words = [
      questions === 0
        ? ""
        : questions === 1
          ? l10n.t("1 question needs your answer")
          : l10n.t("{0} questions need your answer", questions),
      asking === 0 ? "" : asksCount(asking),
    ].filter((part) => part !== "");
    this.views.attention.badge =
      words.length === 0
        ? undefined
        : { value: questions + asking, tooltip: shown(l10n.t("{0}: {1}", words.join(", "), worst)) };
  }

  /** What is shown again has old ages; what is hidden needs none. */
  #age(): void {
    const visible = this.views.projects.visible || this.views.attention.visible;
    if (visible) this.#refreshAges();
    if (visible === (this.#aging !== undefined)) return;
    this.#aging?.dispose();
    this.#aging = visible ? this.ages.watch(() => this.#refreshAges()) : undefined;
  }

  #refreshAges(): void {
    this.#agesAt = this.clock.now();
    if (this.views.projects.visible) this.trees.projects.refreshAges();
    if (this.views.attention.visible) this.trees.attention.refresh();
  }
}
