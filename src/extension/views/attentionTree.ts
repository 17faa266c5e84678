import { type Event, EventEmitter, ThemeColor, ThemeIcon, TreeItem, type TreeDataProvider } from "vscode";
import { type AttentionRow, attentionRows } from "../../protocol/attentionRows";
import { ShownRows } from "../../protocol/shownRows";
import { commandId } from "../identifiers";
import type { WorkspaceRecords } from "../../viewing/workspaceRecords";
import { plainTooltip } from "./projectsTree";

/** Open questions, the one that blocks the oldest work first, and answers that are not applied yet. */
export class AttentionTree implements TreeDataProvider<AttentionRow> {
  readonly #changes = new EventEmitter<AttentionRow[] | undefined>();
  readonly onDidChangeTreeData: Event<AttentionRow[] | undefined> = this.#changes.event;
  readonly #rows = new ShownRows<AttentionRow>((parent) =>
    parent ? [] : attentionRows(this.records.pictures(), this.now()),
  );

  constructor(
    private readonly records: WorkspaceRecords,
    private readonly now: () => number,
  ) {}

  /** Tells the view which rows differ from what it was given. */
  refresh(): void {
    const rows = this.#rows.changes();
    if (rows === "all") this.#changes.fire(undefined);
    else if (rows.length > 0) this.#changes.fire([...rows]);
  }

  getChildren(parent?: AttentionRow): AttentionRow[] {
    return this.#rows.give(parent);
  }

  getParent(): undefined {
    return undefined;
  }

  getTreeItem(known: AttentionRow): TreeItem {
    const row = this.#rows.now(known);
    const item = new TreeItem(row.label);
    item.id = `question/${row.id}`;
    item.description = row.description;
    const open = row.context === "question";
    item.iconPath = open
      ? new ThemeIcon(row.entry.kind === "error" ? "error" : "question", new ThemeColor("list.warningForeground"))
      : new ThemeIcon("watch");
    item.contextValue = row.context;
    item.accessibilityInformation = { label: row.spoken };
    if (open) item.command = { command: commandId("reviewQuestion"), title: "", arguments: [row] };
    return item;
  }

  /** Only a row under the pointer needs its tooltip. */
  resolveTreeItem(item: TreeItem, row: AttentionRow): TreeItem {
    item.tooltip = plainTooltip(row.tooltip);
    return item;
  }
}
