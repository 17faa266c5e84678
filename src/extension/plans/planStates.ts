import {
  EventEmitter,
  l10n,
  Range,
  type TextDocument,
  type TextEditor,
  type TextEditorDecorationType,
  Uri,
} from "vscode";
import type { Disposable } from "../../core/base/lifecycle";
import { projectIdOf } from "../../core/model/names";
import type { Clock } from "../../core/ports/machine";
import { statusLook } from "../../protocol/projectRows";
import type { StateLook } from "../../protocol/stateLook";
import { taskRows } from "../../protocol/taskRows";
import type { FollowedProject, WorkspaceRecords } from "../../viewing/workspaceRecords";
import { commandId } from "../identifiers";
import { shown } from "../shownText";
import { codeLens, languages, lineIcon, window } from "../shownWindow";
import { folderOf, isPlanFile, isRecordedPlan, planFilter } from "./planFiles";
import { type PlanOutlines, rangeOf } from "./planOutlines";
import { stateIcon } from "./stateIcons";

/** Above a plan and its tasks: to run them, and what became of them; beside the tasks a sign of it. */
export class PlanStates implements Disposable {
  readonly #changes = new EventEmitter<void>();
  readonly #icons = new Map<string, TextEditorDecorationType>();
  readonly #disposables: Disposable[];

  constructor(
    private readonly records: WorkspaceRecords,
    readonly outlines: PlanOutlines,
    private readonly clock: Clock,
  ) {
    this.#disposables = [
      this.#changes,
      languages.registerCodeLensProvider(planFilter, {
        onDidChangeCodeLenses: this.#changes.event,
        provideCodeLenses: (document) => this.#lenses(document),
      }),
      window.onDidChangeVisibleTextEditors(() => this.#draw()),
      records.onChange(() => {
        // Nobody looks at a plan in most windows.
        if (!window.visibleTextEditors.some(({ document }) => isPlanFile(document))) return;
        this.#changes.fire();
        this.#draw();
      }),
    ];
    this.#draw();
  }

  dispose(): void {
    for (const each of [...this.#disposables, ...this.#icons.values()]) each.dispose();
  }

  /** The project that the plan is for, where there is one. */
  async project(document: TextDocument): Promise<FollowedProject | undefined> {
    const { project } = await this.outlines.of(document);
    const folder = folderOf(document);
    if (!project || folder === undefined) return undefined;
    try {
      return this.records.find(folder, projectIdOf(project.name));
    } catch {
      return undefined;
    }
  }

  async #lenses(document: TextDocument): Promise<ReturnType<typeof codeLens>[]> {
    if (!isPlanFile(document)) return [];
    const outline = await this.outlines.of(document);
    const project = await this.project(document);
    const top = outline.project ? rangeOf(document, outline.project.at) : new Range(0, 0, 0, 0);
    const lenses = [
      codeLens(top, shown(l10n.t("Run")), "play", { command: commandId("runPlan"), arguments: [document.uri] }),
    ];
    if (project) {
      const { word, icon } = statusLook(this.records.picture(project));
      lenses.push(codeLens(top, shown(word), icon));
      if (!isRecordedPlan(document) && (await differs(document, project)))
        lenses.push(
          codeLens(top, shown(l10n.t("Changed since it was run: Compare with Saved Plan")), "diff", {
            command: commandId("comparePlan"),
            arguments: [document.uri],
          }),
        );
    }
    const looks = project ? this.#looks(project) : new Map<string, StateLook>();
    for (const { name, nameAt } of outline.tasks) {
      const at = rangeOf(document, nameAt);
      const target = { file: document.uri, task: name };
      lenses.push(
        codeLens(at, shown(l10n.t("Run Task")), "play", { command: commandId("runTask"), arguments: [target] }),
      );
      const look = looks.get(name);
      if (look) lenses.push(codeLens(at, shown(look.word), look.icon));
    }
    return lenses;
  }

  #looks(project: FollowedProject): Map<string, StateLook> {
    const rows = taskRows(this.records.picture(project), this.clock.now());
    return new Map(rows.map(({ name, look }) => [name, look]));
  }

  #draw(): void {
    for (const editor of window.visibleTextEditors) if (isPlanFile(editor.document)) void this.#drawIn(editor);
  }

  async #drawIn(editor: TextEditor): Promise<void> {
    const { document } = editor;
    const { version } = document;
    const [outline, project] = [await this.outlines.of(document), await this.project(document)];
    if (document.isClosed || document.version !== version) return;
    const looks = project ? this.#looks(project) : new Map<string, StateLook>();
    const places = new Map<string, Range[]>();
    for (const { name, nameAt } of outline.tasks) {
      const icon = looks.get(name)?.icon;
      if (icon === undefined) continue;
      const range = rangeOf(document, nameAt);
      places.set(icon, [...(places.get(icon) ?? []), range]);
      if (!this.#icons.has(icon)) this.#icons.set(icon, lineIcon(stateIcon(icon)));
    }
    for (const [icon, type] of this.#icons) editor.setDecorations(type, places.get(icon) ?? []);
  }
}

/** Where the log has another text than the file. A plan whose secrets were taken out is another text anyway. */
async function differs(document: TextDocument, { ledger }: FollowedProject): Promise<boolean> {
  const own = await ledger.readPlan().catch(() => undefined);
  return own !== undefined && own !== document.getText();
}

/** `Uri` and task of a `Run Task` above a plan. */
export function isTaskOfFile(value: unknown): value is { readonly file: Uri; readonly task: string } {
  return (
    typeof value === "object" &&
    value !== null &&
    "file" in value &&
    value.file instanceof Uri &&
    "task" in value &&
    typeof value.task === "string"
  );
}
