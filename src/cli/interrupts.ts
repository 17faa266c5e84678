import { OrchestratorError } from "../core/model/errors";
import { exitCode } from "../protocol/exitCodes";
import { nothingToDo } from "../core/model/remedy";

/** Ctrl-C and its relatives: the first asks everything to stop and save, the second leaves at once. */
export class Interrupts {
  readonly #controller = new AbortController();
  #count = 0;
  /** Something runs that must be stopped with care. */
  busy = false;
  /** Saves what can be saved in a moment, before the process ends at once. */
  leaving: (() => Promise<void>) | undefined;
  #left = false;

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Listens to the system's signals; SIGHUP comes when the terminal is closed. */
  listen(): void {
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => this.raise());
  }

  /** What does not stop by itself ends at once, also at the first one. */
  raise(): void {
    this.#count++;
    if (this.#count === 1 && this.busy)
      this.#controller.abort(new OrchestratorError("interrupted", "The command was interrupted.", nothingToDo));
    else this.#leave();
  }

  #leave(): void {
    const leave = (): never => process.exit(exitCode.interrupted);
    if (this.#left || !this.leaving) leave();
    this.#left = true;
    void this.leaving?.().finally(leave);
  }
}
