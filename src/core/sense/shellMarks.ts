import { type Event, EventEmitter } from "../base/event";
import { CommandOutput } from "./commandOutput";
import type { ScanSink, ShellMark } from "./streamScanner";

export type IntegratedShell = "bash" | "zsh" | "fish";

/** Prompt number to exit status. */
export type Results = ReadonlyMap<number, number>;

export type ShellEvent =
  /** Prompt `n` reads input, for the first time. */
  | { readonly type: "ready"; readonly n: number; readonly results: Results }
  /** Prompt `n` was drawn again (answer to a probe, Ctrl-C, an empty line, a rejected line). `running`: although its command runs, so its end was missed or its output holds a prompt. */
  | { readonly type: "promptAgain"; readonly n: number; readonly results: Results; readonly running: boolean }
  | { readonly type: "started"; readonly n: number }
  /** `by`: the end mark itself, or the list of last results in a later prompt. `output` is what came from C to D, if its start was seen. */
  | { readonly type: "ended"; readonly n: number; readonly status: number; readonly by: "mark" | "list"; readonly output: CommandOutput | undefined }
  /** The shell wants more lines. */
  | { readonly type: "continuation" }
  /** The shell itself ends. */
  | { readonly type: "shellExit"; readonly status: number };

/** What the marks of one session say. Feed it from a StreamScanner; marks without the session's key are ignored. */
export class ShellMarks implements ScanSink {
  readonly key: string;
  readonly #events = new EventEmitter<ShellEvent>();
  readonly onEvent: Event<ShellEvent> = this.#events.event;

  constructor(key: string) {
    this.key = key;
  }

  /** Number of the newest prompt; 0 before the first. */
  get n(): number {
    return 0;
  }

  /** A prompt reads input now. */
  get ready(): boolean {
    return false;
  }

  /** Nobody has typed at this prompt. */
  get clean(): boolean {
    return false;
  }

  /** The command of prompt `n` runs. */
  get running(): boolean {
    return false;
  }

  /** The line is not finished: the shell asked for more. */
  get continuation(): boolean {
    return false;
  }

  get shell(): IntegratedShell | undefined {
    return undefined;
  }

  /** Last results, as the newest prompts told them. */
  get lastResults(): Results {
    return new Map();
  }

  /** Status of the shell's own end. */
  get exited(): { readonly status: number } | undefined {
    return undefined;
  }

  /** Output so far of the command that runs. */
  get runningOutput(): CommandOutput | undefined {
    return undefined;
  }

  mark(_mark: ShellMark): void {
    // Filled in below.
  }

  printable(): void {
    // Filled in below.
  }

  output(_bytes: Uint8Array): void {
    // Filled in below.
  }

  /** Bytes were lost: the running output is incomplete, and nothing is ready until a prompt says so. */
  gap(): void {
    // Filled in below.
  }
}
