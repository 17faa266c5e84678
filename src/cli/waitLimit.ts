import type { Disposable } from "../core/base/lifecycle";
import { hasCode, OrchestratorError } from "../core/model/errors";
import { nothingToDo } from "../core/model/remedy";
import type { Container } from "./container";
import { type ExitCode, exitCode } from "../protocol/exitCodes";

/** Longest time that a timer of node takes; nobody waits for longer than 24 days. */
const longestMs = 2 ** 31 - 1;

export interface LimitOptions {
  readonly wait?: boolean;
  /** Milliseconds. */
  readonly timeout?: number;
  readonly interrupt?: boolean;
}

/**
 * How long a command is waited for: until a signal comes or the time is up. The command goes on, unless `interrupt` says
 * that it is to be interrupted then.
 */
export class WaitLimit implements Disposable {
  readonly #over = new AbortController();
  readonly #timer: Disposable | undefined;
  readonly #onSignal: () => void;
  readonly #interrupts: AbortSignal;
  readonly #options: LimitOptions;

  constructor({ interrupts, clock }: Pick<Container, "interrupts" | "clock">, options: LimitOptions) {
    this.#options = options;
    this.#interrupts = interrupts.signal;
    const end = (code: "timeout" | "interrupted", message: string): void =>
      this.#over.abort(new OrchestratorError(code, message, nothingToDo));
    this.#onSignal = () => end("interrupted", "The command was interrupted before anything was sent.");
    this.#interrupts.addEventListener("abort", this.#onSignal, { once: true });
    this.#timer =
      options.timeout === undefined
        ? undefined
        : clock.after(Math.min(options.timeout, longestMs), () =>
            end("timeout", "The time was up before anything was sent."),
          );
  }

  /** For `SendRequest`. */
  get signals(): { readonly signal?: AbortSignal; readonly leave?: AbortSignal } {
    const { wait, interrupt } = this.#options;
    return wait === true && interrupt !== true ? { leave: this.#over.signal } : { signal: this.#over.signal };
  }

  /** Why nobody waits any more; undefined: the command ended before. */
  get why(): "timeout" | "interrupted" | undefined {
    if (!this.#over.signal.aborted) return undefined;
    return hasCode(this.#over.signal.reason, "timeout") ? "timeout" : "interrupted";
  }

  /** The exit code, where the end of the command alone would give `code`. */
  codeOf(code: ExitCode): ExitCode {
    if (this.why === undefined) return code;
    return this.why === "timeout" ? exitCode.needsPerson : exitCode.interrupted;
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#interrupts.removeEventListener("abort", this.#onSignal);
  }
}
