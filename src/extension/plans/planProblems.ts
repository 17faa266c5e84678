import { l10n, Position, Range, type TextDocument, type Uri, workspace } from "vscode";
import type { Disposable } from "../../core/base/lifecycle";
import { OrchestratorError } from "../../core/model/errors";
import { projectIdOf } from "../../core/model/names";
import { PlanError, type PlanProblem, problemText } from "../../core/model/planError";
import type { Clock } from "../../core/ports/machine";
import type { PlanWork } from "../../core/ports/plans";
import { shownLines } from "../shownText";
import { languages, problemAt } from "../shownWindow";
import { hasPlanName, isPlanFile } from "./planFiles";

/** A plan is checked when its text has been left alone for so long. */
const typedMs = 300;

type PlanParser = Pick<PlanWork, "parsePlan" | "planOutline">;

/** A problem with the part of the text that it is about. */
export interface MarkedProblem extends Pick<PlanProblem, "mends"> {
  readonly range: Range;
  readonly message: string;
  /** The plan runs nevertheless. */
  readonly isWarning: boolean;
}

/** Marks what is wrong with plans in editors, each where it stands. */
export class PlanProblems implements Disposable {
  readonly #problems = languages.createDiagnosticCollection("wsh-orchestrator");
  /** Plans that have to be for the project with that name. */
  readonly #names = new Map<TextDocument, string>();
  /** Files whose plan could not be run: looked at again until they are closed. */
  readonly #marked = new Set<string>();
  /** What is marked now, by file. */
  readonly #marks = new Map<string, readonly MarkedProblem[]>();
  /** Of texts that somebody changes. */
  readonly #delays = new Map<TextDocument, Disposable>();
  /** The last look at each, which the next one waits for: of several texts only the newest is read. */
  readonly #looks = new Map<TextDocument, Promise<void>>();
  readonly #disposables: Disposable[];

  constructor(
    private readonly clock: Pick<Clock, "after">,
    /** Knows the agents that a plan can name. */
    private readonly plans: PlanParser,
  ) {
    this.#disposables = [
      this.#problems,
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.#checkSoon(document);
      }),
      workspace.onDidOpenTextDocument((document) => void this.check(document)),
      workspace.onDidSaveTextDocument((document) => void this.check(document)),
      workspace.onDidCloseTextDocument((document) => {
        this.#forgetDelay(document);
        this.#take(document.uri);
        this.#marked.delete(document.uri.toString());
        this.#names.delete(document);
      }),
    ];
    for (const document of workspace.textDocuments) void this.check(document);
  }

  /** From now on the plan has to be for that project. */
  mustBeFor(document: TextDocument, name: string): void {
    this.#names.set(document, name);
  }

  mayBeForAny(document: TextDocument): void {
    this.#names.delete(document);
  }

  /** Marks what is wrong with it now, and says how many problems keep it from running. */
  async look(document: TextDocument): Promise<number> {
    const found = await this.#problemsOf(document);
    this.#mark(document.uri, found);
    return found.filter(({ isWarning }) => isWarning !== true).length;
  }

  /** What is marked there and keeps it from nothing; sentences without their full stop. */
  warnings({ uri }: Pick<TextDocument, "uri">): string[] {
    return (this.#marks.get(uri.toString()) ?? []).flatMap(({ isWarning, message }) => (isWarning ? [message] : []));
  }

  /** What is marked there. */
  at({ uri }: Pick<TextDocument, "uri">, range: Range): readonly MarkedProblem[] {
    return (this.#marks.get(uri.toString()) ?? []).filter((each) => each.range.intersection(range) !== undefined);
  }

  /** Uses the plan of a file, whose problems are marked there when it cannot be used. Throws as `work`. */
  async marking<T>(file: Uri, work: () => Promise<T>): Promise<T> {
    try {
      const done = await work();
      if (this.#marked.delete(file.toString())) this.#take(file);
      return done;
    } catch (error) {
      const invalid = error instanceof OrchestratorError && !(error instanceof PlanError) ? error.cause : error;
      if (invalid instanceof PlanError) {
        this.#marked.add(file.toString());
        this.#mark(file, invalid.problems.map(foundProblem));
      }
      throw error;
    }
  }

  dispose(): void {
    for (const each of [...this.#disposables, ...this.#delays.values()]) each.dispose();
    this.#delays.clear();
  }

  async check(document: TextDocument): Promise<void> {
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

  /** After the last of several changes. */
  #checkSoon(document: TextDocument): void {
    this.#forgetDelay(document);
    if (!this.#isFollowed(document) && !hasPlanName(document)) return;
    const check = (): void => {
      this.#delays.delete(document);
      void this.check(document);
    };
    this.#delays.set(document, this.clock.after(typedMs, check));
  }

  #forgetDelay(document: TextDocument): void {
    this.#delays.get(document)?.dispose();
    this.#delays.delete(document);
  }

  #isFollowed(document: TextDocument): boolean {
    return this.#names.has(document) || this.#marked.has(document.uri.toString());
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
    const marks = problems.map(({ line, column, length, message, mends, isWarning = false }): MarkedProblem => {
      const start = new Position(Math.max(0, line - 1), Math.max(0, column - 1));
      const word = length === undefined ? document?.getWordRangeAtPosition(start) : undefined;
      const range = word ?? new Range(start, start.translate(0, length ?? 1));
      return { range, message, isWarning, ...(mends === undefined ? {} : { mends }) };
    });
    this.#marks.set(uri.toString(), marks);
    this.#problems.set(
      uri,
      marks.map(({ range, message, isWarning }) =>
        problemAt(range, shownLines(message), isWarning ? "Warning" : "Error"),
      ),
    );
  }

  #take(uri: Uri): void {
    this.#marks.delete(uri.toString());
    this.#problems.delete(uri);
  }

  #problemsOf(document: TextDocument): Promise<Problem[]> {
    return problemsOf(document.getText(), this.#names.get(document), this.plans);
  }
}

interface Problem extends Pick<PlanProblem, "mends"> {
  readonly line: number;
  readonly column: number;
  /** Of what is marked; undefined: the word there. */
  readonly length?: number;
  readonly message: string;
  readonly isWarning?: boolean;
}

/** `name`: the project that the plan has to be for; undefined: any. */
async function problemsOf(text: string, name: string | undefined, plans: PlanParser): Promise<Problem[]> {
  const found = [...(await textProblems(text, plans)), ...(await matcherProblems(text, plans))];
  const [before, project] = /^(project:\s*["']?)([^\s"'#]+)/m.exec(text)?.slice(1) ?? [];
  if (name === undefined || before === undefined || project === undefined || isSameProject(project, name)) return found;
  const lines = text.slice(0, text.search(/^project:/m)).split("\n");
  const mends = [{ how: "replace", wrong: project, right: name }] as const;
  return [
    ...found,
    { line: lines.length, column: before.length + 1, message: l10n.t("project must be {0}", name), mends },
  ].sort((one, other) => one.line - other.line);
}

export function isSameProject(one: string, other: string): boolean {
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
    return error.problems.map(foundProblem);
  }
}

/** Most plans name none, and to read a plan takes its time. */
async function matcherProblems(text: string, plans: PlanParser): Promise<Problem[]> {
  if (!/\bproblems\b/.test(text)) return [];
  const { unknownMatchers } = await import("./problemMatchers");
  return unknownMatchers(await plans.planOutline(text)).map(({ start, end, ...rest }) => {
    const before = text.slice(0, start).split("\n");
    const column = (before.at(-1)?.length ?? 0) + 1;
    return { line: before.length, column, length: end - start, isWarning: true, ...rest };
  });
}

function foundProblem(problem: PlanProblem): Problem {
  const { line, column, mends } = problem;
  return { line, column, message: problemText(problem), ...(mends === undefined ? {} : { mends }) };
}
