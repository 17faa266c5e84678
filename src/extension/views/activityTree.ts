import { type Event, EventEmitter, type TreeDataProvider, TreeItemCollapsibleState } from "vscode";
import type { Disposable } from "../../core/base/lifecycle";
import type { Clock } from "../../core/ports/machine";
import { type ActivityGroup, activityGroups, groupedRows } from "../../protocol/activityGroups";
import { type ActivityFilter, type ActivityRow, activityRows, type ActivitySource } from "../../protocol/activityRows";
import { commandId } from "../identifiers";
import { Pacer } from "../../viewing/pacer";
import type { FollowedProject, WorkspaceRecords } from "../../viewing/workspaceRecords";
import { shown, shownLines } from "../shownText";
import { type ShownTreeItem, treeItem } from "../shownWindow";
import type { ActivityOrder } from "./activityOrder";
import type { ExpandedRows } from "./expandedRows";
import { themeIcon } from "./projectsTree";

const mostRows = 500;
const redrawMs = 1000;

export type ActivityItem = ActivityRow | ActivityGroup;

export function isEntryRow(item: ActivityItem): item is ActivityRow {
  return "entry" in item;
}

/** The log of all projects, newest first, by task or by time; it follows what happens. */
export class ActivityTree implements TreeDataProvider<ActivityItem>, Disposable {
  readonly #changes = new EventEmitter<undefined>();
  readonly onDidChangeTreeData: Event<undefined> = this.#changes.event;
  readonly #filters = new EventEmitter<ActivityFilter>();
  readonly onFilter: Event<ActivityFilter> = this.#filters.event;
  readonly #redraw: Pacer;
  #filter: ActivityFilter = {};

  constructor(
    private readonly records: WorkspaceRecords,
    clock: Clock,
    private readonly expanded: Pick<ExpandedRows, "isExpanded">,
    private readonly order: ActivityOrder,
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

  /** Else its entries are grouped by task. */
  async listByTime(byTime: boolean): Promise<void> {
    await this.order.setByTime(byTime);
    this.#changes.fire(undefined);
  }

  /** Each entry moves all rows, so what comes together is shown together, once a second at most. */
  refresh(): void {
    this.#redraw.soon();
  }

  dispose(): void {
    this.#redraw.dispose();
  }

  getChildren(parent?: ActivityItem): ActivityItem[] {
    if (!parent) {
      const sources = this.records.all().map((followed) => this.#source(followed));
      const rows = this.order.isByTime ? activityRows : activityGroups;
      return rows(sources, this.#filter, mostRows);
    }
    const followed = isEntryRow(parent) ? undefined : this.records.get(parent.key);
    return followed && !isEntryRow(parent) ? groupedRows(this.#source(followed), this.#filter, parent) : [];
  }

  getTreeItem(row: ActivityItem): ShownTreeItem {
    const item = {
      id: row.id,
      label: shown(row.label),
      description: shown(row.description),
      spoken: shown(row.spoken),
      icon: themeIcon(row),
    };
    if (isEntryRow(row)) {
      const command = { command: commandId("openEntry"), arguments: [row, { look: true }] };
      return treeItem({ ...item, context: "entry", command });
    }
    const isOpen = this.expanded.isExpanded({ id: row.id, expanded: false });
    const state = isOpen ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.Collapsed;
    return treeItem({ ...item, context: `entries+${row.kind}`, state });
  }

  /** Only what somebody points at needs its tooltip. */
  resolveTreeItem(item: ShownTreeItem, row: ActivityItem): ShownTreeItem {
    item.tooltip = shownLines(row.tooltip);
    return item;
  }

  #source(followed: FollowedProject): ActivitySource {
    return { picture: this.records.picture(followed), recent: followed.record.recent };
  }
}
