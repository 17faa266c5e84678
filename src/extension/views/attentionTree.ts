import type { Event, TreeDataProvider } from "vscode";
import type { Clock } from "../../core/ports/machine";
import { isSessionRow, type NeedRow, needRows } from "../../protocol/needRows";
import { ShownRows } from "../../protocol/shownRows";
import { commandId } from "../identifiers";
import type { WorkspaceRecords } from "../../viewing/workspaceRecords";
import { shown, shownLines } from "../shownText";
import { type ShownTreeItem, treeItem } from "../shownWindow";
import { themeIcon } from "./projectsTree";
import { RowNews } from "./rowNews";

/** What needs a person, what has waited longest first, and answers that are not applied yet. */
export class AttentionTree implements TreeDataProvider<NeedRow> {
  readonly #news: RowNews<NeedRow>;
  readonly onDidChangeTreeData: Event<NeedRow[] | undefined>;
  readonly #rows = new ShownRows<NeedRow>((parent) => (parent ? [] : needRows(this.records.pictures(), this.now())));

  constructor(
    private readonly records: WorkspaceRecords,
    private readonly now: () => number,
    clock: Pick<Clock, "monotonic" | "after">,
  ) {
    this.#news = new RowNews(clock);
    this.onDidChangeTreeData = this.#news.event;
  }

  /** Tells the view which rows differ from what it was given. */
  refresh(): void {
    const changes = this.#rows.changes();
    this.#news.add(changes === "all" ? "all" : [...changes].flat());
  }

  getChildren(parent?: NeedRow): NeedRow[] {
    return this.#rows.give(parent);
  }

  getParent(): undefined {
    return undefined;
  }

  getTreeItem(known: NeedRow): ShownTreeItem {
    const row = this.#rows.now(known);
    const said = {
      label: shown(row.label),
      description: shown(row.description),
      spoken: shown(row.spoken),
      context: row.context,
    };
    if (isSessionRow(row))
      return treeItem({
        ...said,
        id: `session/${row.id}`,
        icon: themeIcon(row.look),
        command: { command: commandId("showSession"), arguments: [row] },
      });
    const open = row.context === "question";
    return treeItem({
      ...said,
      id: `question/${row.id}`,
      icon: themeIcon(
        open
          ? { icon: row.entry.kind === "error" ? "error" : "question", color: "list.warningForeground" }
          : { icon: "watch" },
      ),
      ...(open ? { command: { command: commandId("reviewQuestion"), arguments: [row] } } : {}),
    });
  }

  /** Only a row under the pointer needs its tooltip. */
  resolveTreeItem(item: ShownTreeItem, known: NeedRow): ShownTreeItem {
    item.tooltip = shownLines(this.#rows.now(known).tooltip.join("\n"));
    return item;
  }
}
