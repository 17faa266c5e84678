import { Diagnostic, DiagnosticSeverity, l10n, languages, Position, Range, type TextDocument, ViewColumn, window, workspace } from "vscode";
import type { Disposable } from "../../core/base/lifecycle";
import { parsePlan } from "../../core/model/plan";
import { PlanError } from "../../core/model/planDocument";
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
      workspace.onDidChangeTextDocument(({ document }) => this.#check(document)),
      workspace.onDidOpenTextDocument((document) => this.#check(document)),
      workspace.onDidCloseTextDocument((document) => {
        this.#problems.delete(document.uri);
        this.#reviewed.delete(document);
        this.#waiting.get(document)?.(undefined);
      }),
      window.onDidChangeActiveTextEditor((editor) => setContextKey("isReviewing", editor !== undefined && this.#reviewed.has(editor.document))),
    ];
    for (const document of workspace.textDocuments) this.#check(document);
  }

  /** The plan as the person leaves it; undefined when they do not want it to run. */
  async review({ name, text }: { readonly name: string; readonly text: string }): Promise<string | undefined> {
    const document = await workspace.openTextDocument({ language: "yaml", content: text });
    this.#reviewed.add(document);
    await window.showTextDocument(document, { viewColumn: ViewColumn.Active, preview: false });
    setContextKey("isReviewing", true);
    this.#check(document);
    const run = l10n.t("Run");
    const end = new Promise<string | undefined>((resolve) => this.#waiting.set(document, resolve));
    // A message that is closed leaves the editor's own button.
    const ask = (): void =>
      void window.showInformationMessage(l10n.t("Review the plan of {0}; it runs as it stands in the editor.", name), run, l10n.t("Cancel")).then((chosen) => {
        if (chosen === run) {
          this.accept(document);
          if (problemsOf(document.getText()).length > 0) ask();
        } else if (chosen !== undefined) this.#waiting.get(document)?.(undefined);
      });
    ask();
    try {
      return await end;
    } finally {
      this.#waiting.delete(document);
      this.#reviewed.delete(document);
      setContextKey("isReviewing", false);
    }
  }

  /** True when the document is under review: it goes on there. */
  accept(document: TextDocument): boolean {
    const settle = this.#waiting.get(document);
    if (!settle) return false;
    if (problemsOf(document.getText()).length === 0) settle(document.getText());
    else void window.showErrorMessage(l10n.t("The plan is not valid yet; see the marked places."));
    return true;
  }

  dispose(): void {
    for (const each of this.#disposables) each.dispose();
  }

  #check(document: TextDocument): void {
    if (!this.#reviewed.has(document) && !isPlanFile(document)) return;
    const marks = problemsOf(document.getText()).map(({ line, column, message }) => {
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

function problemsOf(text: string): { line: number; column: number; message: string }[] {
  try {
    parsePlan(text);
    return [];
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    return error.problems.map(({ line, column, path, message }) => ({ line, column, message: path === "" ? message : `${path}: ${message}` }));
  }
}
