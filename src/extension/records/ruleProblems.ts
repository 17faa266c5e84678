import { dirname } from "node:path";
import { Position, Range, type TextDocument, workspace } from "vscode";
import { type Disposable, DisposableStore } from "../../core/base/lifecycle";
import { messageOf } from "../../core/model/errors";
import type { RulesError } from "../../core/model/rulesError";
import type { OwnRuleFile } from "../../core/sense/ownRules";
import type { HostWorld } from "../hostWorld";
import { shownLines } from "../shownText";
import { languages, problemAt } from "../shownWindow";

/** Marks what is wrong with a file of the user's own rules, as it is on the disk, while it is open in an editor. */
export class RuleProblems implements Disposable {
  readonly #store = new DisposableStore();
  readonly #problems = this.#store.add(languages.createDiagnosticCollection("wsh-orchestrator-rules"));
  /** By the path of their file. */
  #errors: ReadonlyMap<string, RulesError> = new Map();

  constructor(private readonly world: Pick<HostWorld, "ruleFolder" | "programRules" | "logger">) {
    this.#store.add(workspace.onDidOpenTextDocument((document) => this.#opened(document)));
    this.#store.add(workspace.onDidCloseTextDocument(({ uri }) => this.#problems.delete(uri)));
    for (const document of workspace.textDocuments) this.#opened(document);
  }

  dispose(): void {
    this.#store.dispose();
  }

  /** The files were read. */
  read(files: readonly OwnRuleFile[]): void {
    this.#errors = new Map(files.flatMap(({ file, error }) => (error ? [[file, error]] : [])));
    for (const document of workspace.textDocuments) this.#mark(document);
  }

  /** Who writes rules wants to know what they are worth, also where no session asked for them yet. */
  #opened(document: TextDocument): void {
    if (!this.#isOfRules(document)) return;
    this.#mark(document);
    this.world.programRules().catch((error: unknown) => this.world.logger.warn(messageOf(error)));
  }

  #isOfRules({ uri, fileName }: TextDocument): boolean {
    return uri.scheme === "file" && dirname(fileName) === this.world.ruleFolder;
  }

  #mark(document: TextDocument): void {
    if (!this.#isOfRules(document)) return;
    const problems = this.#errors.get(document.fileName)?.problems ?? [];
    const marks = problems.map(({ line, column, place, message }) => {
      const start = document.validatePosition(new Position(line - 1, column - 1));
      const range = document.getWordRangeAtPosition(start) ?? new Range(start, document.lineAt(start.line).range.end);
      return problemAt(range, shownLines(place === "" ? message : `${place}: ${message}`));
    });
    this.#problems.set(document.uri, marks);
  }
}
