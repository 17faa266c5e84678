import { type Event, EventEmitter, type TreeDataProvider } from "vscode";
import type { Disposable } from "../../core/base/lifecycle";
import type { Clock } from "../../core/ports/machine";
import { type ActivityFilter, type ActivityRow, activityRows } from "../../protocol/activityRows";
import { commandId } from "../identifiers";
import { Pacer } from "../../viewing/pacer";
import type { WorkspaceRecords } from "../../viewing/workspaceRecords";
import { shown, shownLines } from "../shownText";
import { type ShownTreeItem, treeItem } from "../shownWindow";
import { themeIcon } from "./projectsTree";

const mostRows = 500;
const redrawMs = 1000;

/** The log of all projects, newest first; it follows what happens. */
export class ActivityTree implements TreeDataProvider<ActivityRow>, Disposable {
  readonly #changes = new EventEmitter<undefined>();
  readonly onDidChangeTreeData: Event<undefined> = this.#changes.event;
  readonly #filters = new EventEmitter<ActivityFilter>();
  readonly onFilter: Event<ActivityFilter> = this.#filters.event;
  readonly #redraw: Pacer;
  #filter: ActivityFilter = {};

  constructor(
    private readonly records: WorkspaceRecords,
    clock: Clock,
  ) {
    this.#redraw = new Pacer(clock, redrawMs, () => this.#changes.fire(undefined));
  }

  get filter(): ActivityFilter {
    return this.#filter;
  }

  setFilter(filter: ActivityFilter): void {
    this.#filter = filter;
    this.#changes.fire(undefined);
    this.#filters.fire(filter);
  }

  /** Each entry moves all rows, so what comes together is shown together, once a second at most. */
  refresh(): void {
    this.#redraw.soon();
  }

  dispose(): void {
    this.#redraw.dispose();
  }

  getChildren(parent?: ActivityRow): ActivityRow[] {
    if (parent) return [];
    const sources = this.records
      .all()
      .map((followed) => ({ picture: this.records.picture(followed), recent: followed.record.recent }));
    return activityRows(sources, this.#filter, mostRows);
  }

  getTreeItem(row: ActivityRow): ShownTreeItem {
    return treeItem({
      id: row.id,
      label: shown(row.label),
      description: shown(row.description),
      spoken: shown(row.spoken),
      icon: themeIcon(row),
      context: "entry",
      command: { command: commandId("openEntry"), arguments: [row, { look: true }] },
    });
  }

  /** Only what somebody points at needs its tooltip. */
  resolveTreeItem(item: ShownTreeItem, row: ActivityRow): ShownTreeItem {
    item.tooltip = shownLines(row.tooltip);
    return item;
  }
}
