import { l10n, Position, Range, type TextDocument, type Uri, ViewColumn, workspace } from "vscode";
import type { Disposable } from "../../core/base/lifecycle";
import { PlanError, type PlanProblem, problemText } from "../../core/model/planError";
import { OrchestratorError } from "../../core/model/errors";
import { projectIdOf } from "../../core/model/names";
import type { Clock, Logger } from "../../core/ports/machine";
import type { PlanWork } from "../../core/ports/plans";
import { setContextKey } from "../contextKeyState";
import { showError } from "../messages";
import { shown, shownLines } from "../shownText";
import { languages, problemAt, window } from "../shownWindow";

/** A plan is checked when its text has been left alone for so long. */
const typedMs = 300;

type PlanParser = Pick<PlanWork, "parsePlan">;

/** Shows plans in editors, with every problem marked where it stands. */
export class PlanReview implements Disposable {
  readonly #problems = languages.createDiagnosticCollection("wsh-orchestrator");
  /**
   * With the name of the project that they are for; a plan that did not start may be mended and run again until it is
   * closed.
   */
  readonly #reviewed = new Map<TextDocument, string>();
  /** Files whose plan could not be run: looked at again until they are closed. */
  readonly #marked = new Set<string>();
  readonly #waiting = new Map<TextDocument, (text: string | undefined) => void>();
  /** Of texts that somebody changes. */
  readonly #delays = new Map<TextDocument, Disposable>();
  /** The last look at each, which the next one waits for: of several texts only the newest is read. */
  readonly #looks = new Map<TextDocument, Promise<void>>();
  readonly #disposables: Disposable[];

  constructor(
    private readonly clock: Pick<Clock, "after">,
    /** Knows the agents that a plan can name. */
    private readonly plans: PlanParser,
    private readonly logger: Logger,
  ) {
    this.#disposables = [
      this.#problems,
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.#checkSoon(document);
      }),
      workspace.onDidOpenTextDocument((document) => void this.#check(document)),
      workspace.onDidSaveTextDocument((document) => void this.#check(document)),
      workspace.onDidCloseTextDocument((document) => {
        this.#forgetDelay(document);
        this.#problems.delete(document.uri);
        this.#marked.delete(document.uri.toString());
        this.#reviewed.delete(document);
        this.#waiting.get(document)?.(undefined);
      }),
      window.onDidChangeActiveTextEditor((editor) =>
        setContextKey("isReviewing", editor !== undefined && this.#reviewed.has(editor.document)),
      ),
    ];
    for (const document of workspace.textDocuments) void this.#check(document);
  }

  /** The plan as the person leaves it; undefined when they do not want it to run. */
  async review({ name, text }: { readonly name: string; readonly text: string }): Promise<string | undefined> {
    const document = await workspace.openTextDocument({ language: "yaml", content: text });
    this.#reviewed.set(document, name);
    // Waits before the document is seen: whoever runs it at once means this review.
    const end = new Promise<string | undefined>((resolve) => {
      this.#waiting.set(document, (wanted) => {
        this.#waiting.delete(document);
        resolve(wanted);
      });
    });
    try {
      await this.#show(document, name);
      return await end;
    } finally {
      this.#waiting.delete(document);
    }
  }

  async #show(document: TextDocument, name: string): Promise<void> {
    await window.showTextDocument(document, { viewColumn: ViewColumn.Active, preview: false });
    setContextKey("isReviewing", true);
    await this.#check(document);
    if (!this.#waiting.has(document)) return;
    const [look, run] = [{ title: shown(l10n.t("Review")) }, { title: shown(l10n.t("Run")) }];
    // A message that is closed leaves the editor's own button.
    const ask = async (): Promise<void> => {
      const chosen = await window.showInformationMessage(
        shown(l10n.t("Review the plan of {0} in the editor, then run it.", name)),
        look,
        run,
        { title: shown(l10n.t("Cancel")) },
      );
      if (chosen === undefined) return;
      if (chosen === look) await window.showTextDocument(document, { preview: false }).then(ask);
      else if (chosen !== run) this.#waiting.get(document)?.(undefined);
      else if ((await this.accept(document)) === "invalid") await ask();
    };
    void ask();
  }

  /** What a wish to run the document means for its review: accepted, not yet, or there is no review. */
  async accept(document: TextDocument): Promise<"accepted" | "invalid" | "not_reviewed"> {
    const settle = this.#waiting.get(document);
    if (!settle) return "not_reviewed";
    const text = document.getText();
    const found = await this.#problemsOf(document);
    this.#mark(document.uri, found);
    const problems = found.length;
    if (problems > 0) {
      const invalid = new OrchestratorError("plan_invalid", l10n.t("The plan is not valid."), {
        kind: "correct_plan",
        problems,
      });
      showError(invalid, this.logger);
      return "invalid";
    }
    settle(text);
    return "accepted";
  }

  /** Uses the plan of a file, whose problems are marked there when it cannot be used. Throws as `work`. */
  async marking<T>(file: Uri, work: () => Promise<T>): Promise<T> {
    try {
      const done = await work();
      if (this.#marked.delete(file.toString())) this.#problems.delete(file);
      return done;
    } catch (error) {
      const invalid = error instanceof OrchestratorError && !(error instanceof PlanError) ? error.cause : error;
      if (invalid instanceof PlanError) {
        this.#marked.add(file.toString());
        this.#mark(file, invalid.problems.map(markedProblem));
      }
      throw error;
    }
  }

  dispose(): void {
    for (const each of [...this.#disposables, ...this.#delays.values()]) each.dispose();
    this.#delays.clear();
  }

  /** After the last of several changes. */
  #checkSoon(document: TextDocument): void {
    this.#forgetDelay(document);
    if (!this.#isFollowed(document) && !hasPlanName(document)) return;
    const check = (): void => {
      this.#delays.delete(document);
      void this.#check(document);
    };
    this.#delays.set(document, this.clock.after(typedMs, check));
  }

  #forgetDelay(document: TextDocument): void {
    this.#delays.get(document)?.dispose();
    this.#delays.delete(document);
  }

  #isFollowed(document: TextDocument): boolean {
    return this.#reviewed.has(document) || this.#marked.has(document.uri.toString());
  }

  async #check(document: TextDocument): Promise<void> {
    this.#forgetDelay(document);
    if (!this.#isFollowed(document) && !isPlanFile(document)) return;
    const look = this.#look(document, this.#looks.get(document));
    this.#looks.set(document, look);
    try {
      await look;
    } finally {
      if (this.#looks.get(document) === look) this.#looks.delete(document);
    }
  }

  async #look(document: TextDocument, before: Promise<void> | undefined): Promise<void> {
    const { uri, version } = document;
    const isStale = (): boolean => document.version !== version || document.isClosed;
    await before?.catch(() => undefined);
    if (isStale()) return;
    const problems = await this.#problemsOf(document);
    if (!isStale()) this.#mark(uri, problems);
  }

  /** A file need not be open. */
  #mark(uri: Uri, problems: readonly Problem[]): void {
    const document = workspace.textDocuments.find((each) => each.uri.toString() === uri.toString());
    const marks = problems.map(({ line, column, message }) => {
      const start = new Position(Math.max(0, line - 1), Math.max(0, column - 1));
      const range = document?.getWordRangeAtPosition(start) ?? new Range(start, start.translate(0, 1));
      return problemAt(range, shownLines(message));
    });
    this.#problems.set(uri, marks);
  }

  #problemsOf(document: TextDocument): Promise<Problem[]> {
    return problemsOf(document.getText(), this.#reviewed.get(document), this.plans);
  }
}

interface Problem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Of records. */
const recordedPlan = /\/\.orchestrator\/projects\/[^/]+\/plan\.yaml$/;

function hasPlanName({ uri }: TextDocument): boolean {
  return /(^|[/.])plan\.ya?ml$/.test(uri.path);
}

/** Plans of records, and those that are named like one and say which project they are for. */
function isPlanFile(document: TextDocument): boolean {
  if (recordedPlan.test(document.uri.path)) return true;
  if (!hasPlanName(document)) return false;
  const text = document.getText();
  return /^project:/m.test(text) && /^tasks:/m.test(text);
}

/** `name`: the project that the plan has to be for; undefined: any. */
async function problemsOf(text: string, name: string | undefined, plans: PlanParser): Promise<Problem[]> {
  const found = await textProblems(text, plans);
  const [before, project] = /^(project:\s*["']?)([^\s"'#]+)/m.exec(text)?.slice(1) ?? [];
  if (name === undefined || before === undefined || project === undefined || isSameProject(project, name)) return found;
  const lines = text.slice(0, text.search(/^project:/m)).split("\n");
  return [
    ...found,
    { line: lines.length, column: before.length + 1, message: l10n.t("project must be {0}", name) },
  ].sort((one, other) => one.line - other.line);
}

function isSameProject(one: string, other: string): boolean {
  try {
    return projectIdOf(one) === projectIdOf(other);
  } catch {
    // A name that cannot be used is marked as such.
    return true;
  }
}

async function textProblems(text: string, plans: PlanParser): Promise<Problem[]> {
  try {
    await plans.parsePlan(text);
    return [];
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    return error.problems.map(markedProblem);
  }
}

function markedProblem(problem: PlanProblem): Problem {
  return { line: problem.line, column: problem.column, message: problemText(problem) };
}
