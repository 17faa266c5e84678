import { EventEmitter, l10n, Range, type TextDocument, type TextDocumentContentProvider, Uri, workspace } from "vscode";
import { type Disposable, DisposableStore } from "../../core/base/lifecycle";
import type { Question } from "../../protocol/attentionRows";
import { outputHeading, questionText } from "../../protocol/questionText";
import { questionLanguage, questionScheme, setupScheme, stateTextScheme } from "../identifiers";
import { documentName } from "../shownText";
import { languages, type ShownLink } from "../shownWindow";
import { leadsToCommand } from "../records/leadsToCommand";
import type { WorkspaceRecords } from "../../viewing/workspaceRecords";

/** `id` is that of the question's entry, `key` its project's. */
export function questionUri({ id, key, who }: Pick<Question, "id" | "key" | "who">): Uri {
  return Uri.from({ scheme: questionScheme, path: `/${documentName(who)}.txt`, query: key, fragment: id });
}

/**
 * Whole questions as pages that can be read, searched and read out, kept up with what becomes of them. Their lines are
 * wrapped, whatever the editor does with other files.
 */
export class QuestionPage implements TextDocumentContentProvider, Disposable {
  readonly #changes = new EventEmitter<Uri>();
  readonly onDidChange = this.#changes.event;
  readonly #store = new DisposableStore();

  constructor(
    private readonly records: WorkspaceRecords,
    private readonly now: () => number,
  ) {
    this.#store.add(workspace.onDidOpenTextDocument(wrapPage));
    workspace.textDocuments.forEach(wrapPage);
  }

  dispose(): void {
    this.#store.dispose();
  }

  /** Pages that are open are read again. */
  refresh(): void {
    for (const { uri } of workspace.textDocuments) if (uri.scheme === questionScheme) this.#changes.fire(uri);
  }

  /** What the task printed leads to all of it. */
  provideDocumentLinks(document: TextDocument): ShownLink[] {
    const { query: key, fragment } = document.uri;
    const followed = this.records.get(key);
    const entry = followed?.record.state.escalations.get(fragment)?.entry;
    const heading = followed && entry && outputHeading(this.records.picture(followed), entry);
    const line = heading === undefined ? -1 : document.getText().split("\n").indexOf(heading);
    if (heading === undefined || line < 0) return [];
    const row = { kind: "task", key, name: entry?.task_id };
    const range = new Range(line, 0, line, heading.length);
    return [{ range, ...leadsToCommand(l10n.t("Show Output"), "showOutput", row) }];
  }

  provideTextDocumentContent({ query, fragment }: Uri): string {
    const followed = this.records.get(query);
    const escalation = followed?.record.state.escalations.get(fragment);
    if (!followed || !escalation) return l10n.t("This question is no longer in the log.");
    const text = questionText(this.records.picture(followed), escalation, this.now());
    return escalation.answer || escalation.settled ? text : `${text}\n${howToAnswer()}\n`;
  }
}

/** Stands below the question, so that whoever gets there has met all of it. */
function howToAnswer(): string {
  return l10n.t('To answer, choose "Answer Question…" in the title bar of this editor.');
}

const wrapped: ReadonlySet<string> = new Set([questionScheme, stateTextScheme, setupScheme]);

/** Sentences are wrapped, also in the explanation of a state and in the set-up check, and in a page that VS Code brings back after a reload. */
function wrapPage(document: TextDocument): void {
  const { scheme } = document.uri;
  if (wrapped.has(scheme) && document.languageId !== questionLanguage)
    void languages.setTextDocumentLanguage(document, questionLanguage);
}
