import { setImmediate as immediate } from "node:timers/promises";
import {
  DataTransferItem,
  type DataTransfer,
  type Event,
  ThemeColor,
  ThemeIcon,
  TreeItemCollapsibleState,
  type TreeDataProvider,
  type TreeDragAndDropController,
} from "vscode";
import type { Clock } from "../../core/ports/machine";
import { neediestFirst } from "../../protocol/needs";
import { rowAbove, rowsBelow } from "../../protocol/groupRows";
import { type ProjectPicture, projectRow, type Row, shownStatus } from "../../protocol/projectRows";
import { ShownRows } from "../../protocol/shownRows";
import type { StateLook } from "../../protocol/stateLook";
import { commandId } from "../identifiers";
import type { FigureTooltips } from "../records/figureTooltips";
import type { ChangedProjects, WorkspaceRecords } from "../../viewing/workspaceRecords";
import { shown, shownLines } from "../shownText";
import { type ShownRow, type ShownTreeItem, treeItem } from "../shownWindow";
import { mirrorUri } from "../mirrors/droppedSessions";
import { sessionTextUri } from "../terminals/sessionText";
import type { ExpandedRows } from "./expandedRows";
import { RowNews } from "./rowNews";
import type { TreeFilter } from "./treeFilter";

/** So many projects are looked at in one turn of the host's event loop. */
const projectsInTurn = 4;

/** Projects, their tasks, their roles and sessions, from the record. */
export class ProjectsTree implements TreeDataProvider<Row>, TreeDragAndDropController<Row> {
  readonly #news: RowNews<Row>;
  readonly onDidChangeTreeData: Event<Row[] | undefined>;
  readonly #rows = new ShownRows<Row>((parent) => this.#below(parent));
  /** Keys of projects that are to be looked at once that is over which goes on. */
  #changed = new Set<string>();
  #withAges = false;
  #looking = false;
  readonly dropMimeTypes: readonly string[] = [];
  readonly dragMimeTypes = ["text/uri-list"];

  constructor(
    private readonly records: WorkspaceRecords,
    private readonly now: () => number,
    clock: Pick<Clock, "monotonic" | "after">,
    private readonly figures: Pick<FigureTooltips, "lines">,
    private readonly expanded: Pick<ExpandedRows, "isExpanded">,
    private readonly filter: Pick<TreeFilter, "isShown" | "part">,
  ) {
    this.#news = new RowNews(clock);
    this.onDidChangeTreeData = this.#news.event;
  }

  /** Tells the view which rows differ from what it was given, those of all projects together. */
  refresh(changed: ChangedProjects): void {
    for (const key of changed === "all" ? this.records.all().map((each) => each.key) : changed) this.#changed.add(key);
    if (!this.#looking) void this.#look();
  }

  /** Also where nothing but time has passed. */
  refreshAges(): void {
    this.#withAges = true;
    this.refresh("all");
  }

  async #look(): Promise<void> {
    this.#looking = true;
    try {
      while (this.#changed.size > 0) await this.#lookOnce();
    } finally {
      this.#looking = false;
    }
  }

  async #lookOnce(): Promise<void> {
    const [some, words] = [this.#changed, this.#withAges ? undefined : withoutAge];
    this.#changed = new Set();
    this.#withAges = false;
    const projects = this.#rows.changes((row) => some.has(row.key), words);
    const changed: Row[] = [];
    let looked = 0;
    for (const rows of projects === "all" ? [] : projects) {
      changed.push(...rows);
      if (++looked % projectsInTurn === 0) await immediate();
    }
    this.#news.add(projects === "all" ? "all" : changed);
  }

  getChildren(parent?: Row): Row[] {
    return this.#rows.give(parent);
  }

  #below(parent: Row | undefined): Row[] {
    if (!parent)
      return neediestFirst(
        this.records.pictures().filter((picture) => this.filter.isShown(picture)),
        shownStatus,
      ).map((picture) => projectRow(picture, this.now()));
    const picture = this.#picture(parent);
    return picture ? rowsBelow(picture, parent, this.now()) : [];
  }

  getParent(row: Row): Row | undefined {
    const picture = this.#picture(row);
    const parent = picture && rowAbove(picture, row, this.now());
    return parent && this.#rows.known(parent);
  }

  #picture({ key }: Row): ProjectPicture | undefined {
    const followed = this.records.get(key);
    return followed && this.filter.part(this.records.picture(followed));
  }

  getTreeItem(known: Row): ShownTreeItem {
    const row = this.#rows.now(known);
    const state = !row.children
      ? TreeItemCollapsibleState.None
      : this.expanded.isExpanded(row)
        ? TreeItemCollapsibleState.Expanded
        : TreeItemCollapsibleState.Collapsed;
    return treeItem({
      id: row.id,
      label: shown(row.label),
      description: shown(row.age === "" ? row.description : `${row.description} · ${row.age}`),
      spoken: shown(row.spoken),
      icon: themeIcon(row.look),
      context: row.context,
      state,
      ...commandOf(row),
    });
  }

  /** Only a row under the pointer needs its tooltip. */
  async resolveTreeItem(item: ShownTreeItem, known: Row): Promise<ShownTreeItem> {
    const { tooltip, kind, key } = this.#rows.now(known);
    const followed = kind === "project" ? this.records.get(key) : undefined;
    const lines = [...tooltip, ...(followed ? await this.figures.lines(followed) : [])];
    if (lines.length > 0) item.tooltip = shownLines(lines.join("\n"));
    return item;
  }

  /** A session that is dropped on editors opens there, one that is over as text. */
  handleDrag(rows: readonly Row[], transfer: DataTransfer): void {
    const uris = rows
      .filter((row) => row.kind === "session")
      .map(({ name, key, context }) => (context === "session+over" ? sessionTextUri : mirrorUri)(name, key).toString());
    if (uris.length > 0) transfer.set("text/uri-list", new DataTransferItem(uris.join("\r\n")));
  }
}

/** What a click shows, with the focus where it is. */
function commandOf(row: Row): Pick<ShownRow, "command"> {
  if (row.kind === "session") return { command: { command: commandId("showSession"), arguments: [row] } };
  if (row.kind === "task") return { command: { command: commandId("showOutput"), arguments: [row, { look: true }] } };
  return {};
}

/**
 * The editor forgets all rows below one that is drawn again until it has asked for them again; a menu that is open on
 * one of them then has no row. So a row with others below it is not drawn for each entry.
 */
function withoutAge(row: Row): unknown {
  return row.children ? { ...row, age: "", tooltip: [] } : row;
}

export function themeIcon({ icon, color }: Pick<StateLook, "icon" | "color">): ThemeIcon {
  return color === undefined ? new ThemeIcon(icon) : new ThemeIcon(icon, new ThemeColor(color));
}
