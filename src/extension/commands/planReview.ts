import { Diagnostic, DiagnosticSeverity, l10n, languages, Position, Range, type TextDocument, ViewColumn, window, workspace } from "vscode";
import type { Disposable } from "../../core/base/lifecycle";
import { setContextKey } from "../contextKeyState";

/** Shows plans in editors, with every problem marked where it stands. */
export class PlanReview implements Disposable {
  readonly #problems = languages.createDiagnosticCollection("wsh-orchestrator");
  readonly #reviewed = new Set<TextDocument>();
  readonly #waiting = new Map<TextDocument, (text: string | undefined) => void>();
  readonly #disposables: Disposable[];

  constructor() {
    this.#disposables = [
      this.#problems,
      workspace.onDidChangeTextDocument(({ document }) => void this.#check(document)),
      workspace.onDidOpenTextDocument((document) => void this.#check(document)),
      workspace.onDidCloseTextDocument((document) => {
        this.#problems.delete(document.uri);
        this.#reviewed.delete(document);
        this.#waiting.get(document)?.(undefined);
      }),
      window.onDidChangeActiveTextEditor((editor) => setContextKey("isReviewing", editor !== undefined && this.#reviewed.has(editor.document))),
    ];
    for (const document of workspace.textDocuments) void this.#check(document);
  }

  /** The plan as the person leaves it; undefined when they do not want it to run. */
  async review({ name, text }: { readonly name: string; readonly text: string }): Promise<string | undefined> {
    const document = await workspace.openTextDocument({ language: "yaml", content: text });
    this.#reviewed.add(document);
    await window.showTextDocument(document, { viewColumn: ViewColumn.Active, preview: false });
    setContextKey("isReviewing", true);
    await this.#check(document);
    const run = l10n.t("Run");
    const end = new Promise<string | undefined>((resolve) => this.#waiting.set(document, resolve));
    // A message that is closed leaves the editor's own button.
    const ask = async (): Promise<void> => {
      const chosen = await window.showInformationMessage(l10n.t("Review the plan of {0}; it runs as it stands in the editor.", name), run, l10n.t("Cancel"));
      if (chosen === undefined) return;
      if (chosen !== run) this.#waiting.get(document)?.(undefined);
      else if ((await this.accept(document)) === "invalid") await ask();
    };
    void ask();
    try {
      return await end;
    } finally {
      this.#waiting.delete(document);
      this.#reviewed.delete(document);
      setContextKey("isReviewing", false);
    }
  }

  /** What a wish to run the document means for its review: it goes on with it, not yet, or there is none. */
  async accept(document: TextDocument): Promise<"accepted" | "invalid" | "not_reviewed"> {
    const settle = this.#waiting.get(document);
    if (!settle) return "not_reviewed";
    const text = document.getText();
    if ((await problemsOf(text)).length > 0) {
      void window.showErrorMessage(l10n.t("The plan is not valid yet; see the marked places."));
      return "invalid";
    }
    settle(text);
    return "accepted";
  }

  dispose(): void {
    for (const each of this.#disposables) each.dispose();
  }

  async #check(document: TextDocument): Promise<void> {
    if (!this.#reviewed.has(document) && !isPlanFile(document)) return;
    const { version } = document;
    const problems = await problemsOf(document.getText());
    if (document.version !== version || document.isClosed) return;
    const marks = problems.map(({ line, column, message }) => {
      const start = new Position(Math.max(0, line - 1), Math.max(0, column - 1));
      const range = document.getWordRangeAtPosition(start) ?? new Range(start, start.translate(0, 1));
      const mark = new Diagnostic(range, message, DiagnosticSeverity.Error);
      mark.source = "wsh Orchestrator";
      return mark;
    });
    this.#problems.set(document.uri, marks);
  }
}

/** Plans of records, and those that are named like one and say which project they are for. */
function isPlanFile(document: TextDocument): boolean {
  const path = document.uri.path;
  if (/\/\.orchestrator\/projects\/[^/]+\/plan\.yaml$/.test(path)) return true;
  return /(^|[/.])plan\.ya?ml$/.test(path) && /^project:/m.test(document.getText()) && /^tasks:/m.test(document.getText());
}

async function problemsOf(text: string): Promise<{ line: number; column: number; message: string }[]> {
  const [{ parsePlan }, { PlanError }] = await Promise.all([import("../../core/model/plan"), import("../../core/model/planDocument")]);
  try {
    parsePlan(text);
    return [];
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    return error.problems.map(({ line, column, path, message }) => ({ line, column, message: path === "" ? message : `${path}: ${message}` }));
  }
}
