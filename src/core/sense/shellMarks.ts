import { type Event, EventEmitter } from "../base/event";
import { CommandOutput } from "./commandOutput";
import type { CursorMove } from "./cursorMoves";
import { RightPrompt } from "./rightPrompt";
import type { ScanSink, ShellMark } from "./streamScanner";

export type IntegratedShell = "bash" | "zsh" | "fish";

/** Prompt number to exit status. */
export type Results = ReadonlyMap<number, number>;

export type ShellEvent =
  /** Prompt `n` reads input, for the first time. */
  | { readonly type: "ready"; readonly n: number; readonly results: Results }
  /**
   * Prompt `n` came again. `redrawn`: the same prompt with whatever was typed (a resize, or the line editor at work on
   * a long paste); else a new one, after Ctrl-C, an empty or a rejected line. fish says `redrawn` of all of them, but
   * draws no prompt while it takes a paste. `running`: although its command is under way, so its end was never told (or
   * its output shows a prompt).
   */
  | {
      readonly type: "promptAgain";
      readonly n: number;
      readonly results: Results;
      readonly redrawn: boolean;
      readonly running: boolean;
    }
  | { readonly type: "started"; readonly n: number }
  /**
   * `by`: the end mark itself, or the list of results in a later prompt. `output` came between C and D; undefined when
   * the start was missed. `suspended`: it only stopped, and is a job of the shell now.
   */
  | {
      readonly type: "ended";
      readonly n: number;
      readonly status: number;
      readonly by: "mark" | "list";
      readonly suspended: boolean;
      readonly output: CommandOutput | undefined;
    }
  /** The line of prompt `n` is not finished, the shell asks for more (bash, zsh); once per prompt. */
  | { readonly type: "continuation"; readonly n: number }
  /** The shell itself ends; comes after the `ended` of an `exit`. */
  | { readonly type: "shellExit"; readonly status: number };

const resultsKept = 100;

/**
 * What the marks of one session say. Feed it from a StreamScanner; marks without the session's key are ignored. A
 * `ready` of a later prompt without `ended` for an earlier one means: that status is lost (more than about eight
 * results were missed).
 */
export class ShellMarks implements ScanSink {
  readonly key: string;
  readonly #events = new EventEmitter<ShellEvent>();
  readonly onEvent: Event<ShellEvent> = this.#events.event;
  readonly #results = new Map<number, number>();
  /** The first prompt seen: what ended before it was not ours to report. */
  #first = Infinity;
  #n = 0;
  /** Count of the newest prompt, also of those with the same number. */
  #issue = 0;
  #started = 0;
  #ended = 0;
  #ready = false;
  #clean = false;
  #hadText = false;
  #continuation = false;
  /** A prompt for more lines stands where the ordinary one belongs. */
  #standIn = false;
  readonly #right = new RightPrompt();
  #shell: IntegratedShell | undefined;
  #version: number | undefined;
  #cwd: string | undefined;
  #exited: { readonly status: number } | undefined;
  #output: CommandOutput | undefined;
  /** zsh tells that a command's output is over a little before its status. */
  #outputEnded = false;

  constructor(key: string) {
    this.key = key;
  }

  /** Number of the newest prompt; 0 before the first. */
  get n(): number {
    return this.#n;
  }

  /** A prompt reads input now. */
  get ready(): boolean {
    return this.#ready;
  }

  /** Nobody has typed at this prompt, and nothing printed into it. */
  get clean(): boolean {
    return this.#ready && this.#clean;
  }

  /** Something stood on this prompt before it was drawn again: its text may still be on its way. */
  get hadText(): boolean {
    return this.#hadText;
  }

  /** The command of prompt `n` runs. */
  get running(): boolean {
    return this.#started > this.#ended;
  }

  /** The line is not finished: the shell asked for more. */
  get continuation(): boolean {
    return this.#continuation;
  }

  /** Which integration answers; undefined before the first prompt. */
  get shell(): IntegratedShell | undefined {
    return this.#shell;
  }

  /** First number of its version; told by fish only. */
  get version(): number | undefined {
    return this.#version;
  }

  /** Absolute path of the folder that the shell is in, told by the newest prompt; undefined when it was not told. */
  get cwd(): string | undefined {
    return this.#cwd;
  }

  /** All results known, as marks told them. */
  get lastResults(): Results {
    return this.#results;
  }

  /** Status of the shell's own end. */
  get exited(): { readonly status: number } | undefined {
    return this.#exited;
  }

  /** Output so far of the command that runs. */
  get runningOutput(): CommandOutput | undefined {
    return this.#output;
  }

  mark(mark: ShellMark): void {
    if (mark.fields["k"] !== this.key) return;
    const n = numberOf(mark.fields["n"]);
    if (n === undefined) return;
    this.#first = Math.min(this.#first, n);
    switch (mark.letter) {
      case "A":
        // What the prompt itself prints comes behind this mark, and is nobody's text.
        if (n === this.#n && this.#ready && !this.#clean) this.#hadText = true;
        this.#promptTold(n, mark);
        this.#cwd = mark.fields["d"] || undefined;
        break;
      case "B":
        this.#promptTold(n, mark);
        this.#promptReads(n, numberOf(mark.fields["i"]) ?? 0);
        break;
      case "P":
        this.#continue(n);
        break;
      case "R":
        this.#right.marked(mark.fields["e"] !== "1");
        break;
      case "C":
        this.#start(n);
        break;
      case "E":
        this.#outputEnds(n);
        break;
      case "D":
        if (mark.status === undefined) break;
        if (mark.fields["x"] === "1") this.#exit(n, mark.status);
        else this.#end(n, mark.status, "mark", mark.fields["z"] === "1");
        break;
    }
  }

  printable(): void {
    if (this.#right.drawn) return;
    this.#clean = false;
    this.#right.over();
  }

  cursor(move: CursorMove): void {
    this.#right.cursor(move);
  }

  output(bytes: Uint8Array): void {
    if (!this.#outputEnded) this.#output?.append(bytes);
  }

  /** Bytes were lost: the running output is incomplete, and nothing is ready until a prompt says so. */
  gap(): void {
    this.#output?.gap();
    this.#ready = false;
    this.#right.over();
  }

  #promptTold(n: number, mark: ShellMark): void {
    const shell = mark.fields["s"];
    if (shell === "bash" || shell === "zsh" || shell === "fish") this.#shell = shell;
    this.#version = numberOf(mark.fields["v"]) ?? this.#version;
    const told = readResults(mark.fields["l"]);
    for (const [number, status] of told) {
      if (number < this.#first) this.#results.set(number, status);
      else if (number < n) this.#end(number, status, "list");
    }
  }

  #promptReads(told: number, issue: number): void {
    // After a parse error inside eval, bash shows the number of the prompt before once more.
    const n = Math.max(told, this.#ended + 1);
    if (n < this.#n) return;
    const again = n === this.#n;
    const running = this.#started === n;
    const redrawn = again && issue === this.#issue;
    if (!redrawn) this.#hadText = false;
    this.#issue = issue;
    if (n > this.#n) this.#lost(n);
    this.#n = n;
    this.#ready = !running;
    this.#clean = true;
    this.#continuation = false;
    this.#standIn = false;
    this.#right.promptReads(this.#shell === "zsh");
    const results = new Map(this.#results);
    if (running || again) this.#events.fire({ type: "promptAgain", n, results, redrawn, running });
    else this.#events.fire({ type: "ready", n, results });
  }

  /** A later prompt came: what ran before is over, whether its end was seen or not. */
  #lost(n: number): void {
    if (!this.running) return;
    this.#ended = n - 1;
    this.#output = undefined;
  }

  #continue(n: number): void {
    if (this.running) return;
    // Quotes left open inside eval: bash shows the prompt for more lines, of the number before, where its ordinary
    // prompt belongs.
    if (n <= this.#ended || this.#standIn) {
      this.#promptReads(n, this.#issue);
      this.#standIn = true;
      return;
    }
    if (this.#continuation || n < this.#n) return;
    this.#n = n;
    this.#continuation = true;
    this.#clean = false;
    this.#events.fire({ type: "continuation", n });
  }

  #start(n: number): void {
    if (n < this.#n || n <= this.#ended || n === this.#started) return;
    this.#n = n;
    this.#started = n;
    this.#ready = false;
    this.#continuation = false;
    this.#right.over();
    this.#output = new CommandOutput();
    this.#outputEnded = false;
    this.#events.fire({ type: "started", n });
  }

  #outputEnds(n: number): void {
    if (n === this.#started) this.#outputEnded = true;
  }

  #end(n: number, status: number, by: "mark" | "list", suspended = false): void {
    this.#results.set(n, status);
    if (this.#results.size > resultsKept) this.#results.delete(Math.min(...this.#results.keys()));
    if (n <= this.#ended) return;
    const output = this.#started === n ? this.#output : undefined;
    if (by === "list") output?.gap();
    this.#ended = n;
    this.#output = undefined;
    this.#ready = false;
    this.#events.fire({ type: "ended", n, status, by, suspended, output });
  }

  #exit(n: number, status: number): void {
    if (this.#exited) return;
    if (this.running && n === this.#started) this.#end(n, status, "mark");
    this.#exited = { status };
    this.#ready = false;
    this.#events.fire({ type: "shellExit", status });
  }
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}

/** `17:0,16:1,…`, newest first and cut anywhere at its end, as an ascending list. */
function readResults(list: string | undefined): [number, number][] {
  const results: [number, number][] = [];
  // A last item without the comma behind it may be cut.
  for (const match of (list ?? "").matchAll(/(\d{1,9}):(\d{1,3})(?=,)/g))
    results.unshift([Number(match[1]), Number(match[2])]);
  return results;
}
