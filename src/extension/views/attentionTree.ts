import { type Event, EventEmitter, type TreeDataProvider } from "vscode";
import { type AttentionRow, attentionRows } from "../../protocol/attentionRows";
import { ShownRows } from "../../protocol/shownRows";
import { commandId } from "../identifiers";
import type { WorkspaceRecords } from "../../viewing/workspaceRecords";
import { shown, shownLines } from "../shownText";
import { type ShownTreeItem, treeItem } from "../shownWindow";
import { themeIcon } from "./projectsTree";

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

  getTreeItem(known: AttentionRow): ShownTreeItem {
    const row = this.#rows.now(known);
    const open = row.context === "question";
    return treeItem({
      id: `question/${row.id}`,
      label: shown(row.label),
      description: shown(row.description),
      spoken: shown(row.spoken),
      icon: themeIcon(
        open
          ? { icon: row.entry.kind === "error" ? "error" : "question", color: "list.warningForeground" }
          : { icon: "watch" },
      ),
      context: row.context,
      ...(open ? { command: { command: commandId("reviewQuestion"), arguments: [row] } } : {}),
    });
  }

  /** Only a row under the pointer needs its tooltip. */
  resolveTreeItem(item: ShownTreeItem, row: AttentionRow): ShownTreeItem {
    item.tooltip = shownLines(row.tooltip.join("\n"));
    return item;
  }
}
