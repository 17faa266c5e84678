import { type Event, EventEmitter, ThemeColor, ThemeIcon, TreeItem, type TreeDataProvider } from "vscode";
import { attentionRow, openQuestions, type Question } from "../../protocol/attentionRows";
import type { RowContext } from "../../protocol/projectRows";
import { commandId } from "../identifiers";
import type { WorkspaceRecords } from "../records/workspaceRecords";
import { plainTooltip } from "./projectsTree";

/** Open questions, the one that blocks the oldest work first. */
export class AttentionTree implements TreeDataProvider<Question> {
  readonly #changes = new EventEmitter<undefined>();
  readonly onDidChangeTreeData: Event<undefined> = this.#changes.event;

  constructor(
    private readonly records: WorkspaceRecords,
    private readonly now: () => number,
  ) {}

  refresh(): void {
    this.#changes.fire(undefined);
  }

  questions(): Question[] {
    return openQuestions(this.records.pictures());
  }

  getChildren(parent?: Question): Question[] {
    return parent ? [] : this.questions();
  }

  getParent(): undefined {
    return undefined;
  }

  getTreeItem(question: Question): TreeItem {
    const row = attentionRow(question, this.now());
    const item = new TreeItem(row.label);
    item.id = `question/${question.id}`;
    item.description = row.description;
    item.iconPath = new ThemeIcon(question.entry.kind === "error" ? "error" : "question", new ThemeColor("list.warningForeground"));
    item.contextValue = "question" satisfies RowContext;
    item.accessibilityInformation = { label: row.spoken };
    item.tooltip = plainTooltip(row.tooltip);
    item.command = { command: commandId("answer"), title: "", arguments: [question] };
    return item;
  }
}
