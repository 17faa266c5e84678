import { EventEmitter, l10n, type Pseudoterminal } from "vscode";
import { type Disposable, DisposableStore } from "../../core/base/lifecycle";
import type { ContextEntry } from "../../core/model/entry";
import { hasCode, messageOf, OrchestratorError } from "../../core/model/errors";
import { nothingToDo } from "../../core/model/remedy";
import type { Plan } from "../../core/model/plan";
import type { Clock } from "../../core/ports/machine";
import type { RunResult } from "../../core/run/projectRun";
import { exitCode, exitCodeOf, exitOf } from "../../protocol/exitCodes";
import { isLate, progressLines } from "../../protocol/logLines";
import { type Piece, toneStyles } from "../../protocol/piece";
import { countWords } from "../../protocol/projectRows";
import { projectLook } from "../../protocol/stateLook";
import { remedyHere } from "../remedies";
import type { WindowRun } from "../running/windowRuns";
import type { ElsewhereRun } from "./elsewhereRun";

/** A window that closes ends its terminals as well, and within this time it has said so: its projects are handed over. */
const closingMs = 500;
/** SGR (ECMA-48, 8.3.117). */
const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;
const interruptKey = "\x03";

/** What a task of VS Code's runs, and what a person calls it. */
export interface ProjectTaskWork {
  /** The run of it that there is already in this window. */
  readonly running: () => WindowRun | undefined;
  /** Whether that run is all that is wanted; else it is waited for. */
  readonly isCovered: boolean;
  /** The run of it that another process has. */
  readonly elsewhere: () => ElsewhereRun | undefined;
  /** What that run may have done in place of this task; undefined: this task repeats it. */
  readonly plan: () => Promise<Plan | undefined>;
  /** Throws as `WindowRuns.start`. */
  readonly start: () => Promise<WindowRun>;
}

/**
 * The terminal of a task of VS Code's that runs a project: what `do` prints, line by line, and its exit code. Who ends the
 * task stops the project that it started, and one that was running already only is no longer followed.
 */
export class ProjectTaskTerminal implements Pseudoterminal, Disposable {
  readonly #writes = new EventEmitter<string>();
  readonly onDidWrite = this.#writes.event;
  readonly #closes = new EventEmitter<number>();
  readonly onDidClose = this.#closes.event;
  readonly #store = new DisposableStore();
  #own: WindowRun | undefined;
  #isOver = false;
  #closing: Disposable | undefined;
  /** Nobody looks at this terminal any more. */
  readonly #left = new AbortController();

  constructor(
    private readonly work: ProjectTaskWork,
    private readonly clock: Pick<Clock, "after">,
  ) {}

  open(): void {
    void this.#run().then(
      (code) => this.#end(code),
      (error: unknown) => this.#fail(error),
    );
  }

  handleInput(data: string): void {
    if (data.includes(interruptKey)) this.#leave();
  }

  /** VS Code: Terminate Task, or the terminal was closed. */
  close(): void {
    if (!this.#isOver) this.#closing = this.clock.after(closingMs, () => this.#leave());
  }

  /** The window closes: what runs is handed over, not stopped. */
  dispose(): void {
    this.#closing?.dispose();
    this.#store.dispose();
    this.#isOver = true;
    this.#left.abort(
      new OrchestratorError("interrupted", l10n.t("The task no longer follows the project."), nothingToDo),
    );
  }

  async #run(): Promise<number> {
    const there = this.work.running();
    if (there) {
      this.#say(
        this.work.isCovered
          ? l10n.t("{0} is already running in this window. Ctrl+C or Terminate Task stops following.", there.name)
          : l10n.t("{0} is already running in this window. This task begins when that run has ended.", there.name),
        "strong",
      );
      const result = await this.#follow(there.record, there.ended);
      if (this.work.isCovered || this.#isOver) return exitOf(result);
    }
    const elsewhere = this.work.elsewhere();
    if (elsewhere) {
      const result = await this.#followElsewhere(elsewhere);
      if (result) return this.#ended(elsewhere.name, result);
    }
    const run = (this.#own = await this.work.start());
    // It was left while the project began.
    if (this.#isOver) run.stop();
    this.#say(
      l10n.t("{0} runs. Ctrl+C or Terminate Task stops the project; its sessions stay open.", run.name),
      "strong",
    );
    return this.#ended(run.name, await this.#follow(run.record, run.ended));
  }

  /** Undefined: what this task wants is still to do. */
  async #followElsewhere({ name, record, runner, untilOver }: ElsewhereRun): Promise<RunResult | undefined> {
    const plan = await this.work.plan();
    this.#say(
      plan
        ? l10n.t("{0} is already running in {1}. Ctrl+C or Terminate Task stops following.", name, runner)
        : l10n.t("{0} is already running in {1}. This task begins when that run has ended.", name, runner),
      "strong",
    );
    return this.#follow(record, untilOver(plan, this.#left.signal));
  }

  #ended(name: string, result: RunResult): number {
    this.#say(l10n.t("{0}: {1}, {2}.", name, projectLook(result.status).word, countWords(result.count)), "strong");
    if (result.problem) this.#explain(result.problem);
    return exitOf(result);
  }

  /** Entries from the beginning of the run. */
  async #follow<T>(record: WindowRun["record"], ended: Promise<T>): Promise<T> {
    const generation = record.state.lease?.generation;
    const printed = new Set<string>();
    const print = (entry: ContextEntry): void => {
      if (printed.has(entry.id)) return;
      printed.add(entry.id);
      for (const line of progressLines(entry, isLate(record.state, entry)) ?? []) this.#line(line);
    };
    for (const entry of record.recent) if (entry.generation === generation) print(entry);
    const heard = this.#store.add(record.onEntry(print));
    try {
      return await ended;
    } finally {
      heard.dispose();
    }
  }

  #leave(): void {
    if (this.#isOver) return;
    if (this.#own) {
      this.#say(l10n.t("Stopping {0}…", this.#own.name), "attention");
      this.#own.stop();
    } else this.#end(exitCode.interrupted);
  }

  #fail(error: unknown): void {
    this.#explain(error);
    this.#end(error instanceof OrchestratorError ? exitCodeOf(error.code) : exitCode.failed);
  }

  #explain(error: unknown): void {
    if (hasCode(error, "interrupted")) return;
    const next = error instanceof OrchestratorError ? remedyHere(error.remedy).text : "";
    this.#say(`${messageOf(error)} ${next}`.trimEnd(), "bad");
  }

  #end(code: number): void {
    if (this.#isOver) return;
    this.dispose();
    this.#closes.fire(code);
  }

  #say(text: string, tone: Piece["tone"]): void {
    for (const line of text.split("\n")) this.#line([{ text: line, ...(tone === undefined ? {} : { tone }) }]);
  }

  #line(pieces: readonly Piece[]): void {
    const painted = pieces.map(({ text, tone = "plain" }) => {
      const style = toneStyles[tone];
      return style === undefined ? text : `\x1b[${codes[style]}m${text}\x1b[0m`;
    });
    this.#writes.fire(`${painted.join("")}\r\n`);
  }
}
