import { EventEmitter, l10n, type TextDocumentContentProvider, Uri, workspace } from "vscode";
import type { Question } from "../../protocol/attentionRows";
import { questionText } from "../../protocol/questionText";
import { questionScheme } from "../identifiers";
import type { WorkspaceRecords } from "../../viewing/workspaceRecords";

/** `id` is that of the question's entry, `key` its project's. */
export function questionUri({ id, key, who }: Pick<Question, "id" | "key" | "who">): Uri {
  return Uri.from({ scheme: questionScheme, path: `/${who.replace(/[^\w.:-]/g, "_")}.txt`, query: key, fragment: id });
}

/** Whole questions as pages that can be read, searched and read out, kept up with what becomes of them. */
export class QuestionPage implements TextDocumentContentProvider {
  readonly #changes = new EventEmitter<Uri>();
  readonly onDidChange = this.#changes.event;

  constructor(
    private readonly records: WorkspaceRecords,
    private readonly now: () => number,
  ) {}

  /** Pages that are open are read again. */
  refresh(): void {
    for (const { uri } of workspace.textDocuments) if (uri.scheme === questionScheme) this.#changes.fire(uri);
  }

  provideTextDocumentContent({ query, fragment }: Uri): string {
    const followed = this.records.get(query);
    const escalation = followed?.record.state.escalations.get(fragment);
    return followed && escalation
      ? questionText(this.records.picture(followed), escalation, this.now())
      : l10n.t("This question is no longer in the log.");
  }
}
