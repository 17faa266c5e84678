import type { Worker } from "node:worker_threads";
import type { Disposable } from "../../core/base/lifecycle";
import { PlanError } from "../../core/model/planError";
import { maxPlanLength } from "../../core/model/planLimits";
import type { Clock } from "../../core/ports/machine";
import type { PlanWork } from "../../core/ports/plans";
import type { RuleWork } from "../../core/ports/rules";
import type { TextAnswer, TextRequest } from "./textThreadMessages";

/**
 * In characters. A text of 1,800 is read in 20 ms by code that has never run, and in 10 ms later (measured, two cores):
 * a longer one is given to the thread.
 */
export const longestHere = 1500;
/** A thread takes 55 ms to begin, and ten megabytes while it is there (measured). */
const idleMs = 60_000;

export interface TextThreadOptions {
  /** Does the short plans. */
  readonly here: PlanWork;
  /** Begins a thread that runs `textThreadMain`. */
  readonly start: () => Promise<Worker>;
  readonly clock: Pick<Clock, "after">;
}

interface Asked {
  resolve(result: never): void;
  reject(error: unknown): void;
}

/**
 * Works on long plans, and on files of rules, in a thread, which begins with the first of them and ends when there has
 * been none for a minute: a legal plan takes 100 ms and more, and whoever has an event loop has other things to do.
 */
export class TextThread implements PlanWork, RuleWork, Disposable {
  readonly #asked = new Map<number, Asked>();
  #worker: Promise<Worker> | undefined;
  #idle: Disposable | undefined;
  #last = 0;
  #isDisposed = false;

  constructor(private readonly options: TextThreadOptions) {}

  parsePlan(...given: Parameters<PlanWork["parsePlan"]>): ReturnType<PlanWork["parsePlan"]> {
    return isShort(given) ? this.options.here.parsePlan(...given) : this.#ask({ name: "parsePlan", given });
  }

  parseStoredPlan(...given: Parameters<PlanWork["parseStoredPlan"]>): ReturnType<PlanWork["parseStoredPlan"]> {
    return isShort(given) ? this.options.here.parseStoredPlan(...given) : this.#ask({ name: "parseStoredPlan", given });
  }

  givenTaskIds(...given: Parameters<PlanWork["givenTaskIds"]>): ReturnType<PlanWork["givenTaskIds"]> {
    return isShort(given) ? this.options.here.givenTaskIds(...given) : this.#ask({ name: "givenTaskIds", given });
  }

  withGivenTasks(...given: Parameters<PlanWork["withGivenTasks"]>): ReturnType<PlanWork["withGivenTasks"]> {
    return isShort(given) ? this.options.here.withGivenTasks(...given) : this.#ask({ name: "withGivenTasks", given });
  }

  storablePlan(...given: Parameters<PlanWork["storablePlan"]>): ReturnType<PlanWork["storablePlan"]> {
    return isShort(given) ? this.options.here.storablePlan(...given) : this.#ask({ name: "storablePlan", given });
  }

  planOutline(...given: Parameters<PlanWork["planOutline"]>): ReturnType<PlanWork["planOutline"]> {
    return isShort(given) ? this.options.here.planOutline(...given) : this.#ask({ name: "planOutline", given });
  }

  planCompletions(...given: Parameters<PlanWork["planCompletions"]>): ReturnType<PlanWork["planCompletions"]> {
    return isShort(given) ? this.options.here.planCompletions(...given) : this.#ask({ name: "planCompletions", given });
  }

  planHover(...given: Parameters<PlanWork["planHover"]>): ReturnType<PlanWork["planHover"]> {
    return isShort(given) ? this.options.here.planHover(...given) : this.#ask({ name: "planHover", given });
  }

  /** Always in the thread: also a short file may take long. */
  checkRules(...given: Parameters<RuleWork["checkRules"]>): ReturnType<RuleWork["checkRules"]> {
    return this.#ask({ name: "checkRules", given });
  }

  /** What is asked for and not answered yet is rejected. */
  dispose(): void {
    this.#isDisposed = true;
    this.#end(new Error("The window closes."));
  }

  async #ask<T>(request: TextRequest): Promise<T> {
    if (this.#isDisposed) throw new Error("The window closes.");
    this.#idle?.dispose();
    const id = ++this.#last;
    const answer = new Promise<T>((resolve, reject) => this.#asked.set(id, { resolve, reject }));
    (this.#worker ??= this.#begin())
      .then((worker) => worker.postMessage({ id, ...request }))
      .catch((error: unknown) => this.#end(error));
    return answer;
  }

  async #begin(): Promise<Worker> {
    const worker = await this.options.start();
    if (this.#isDisposed) void worker.terminate();
    worker.on("message", (answer: TextAnswer) => this.#take(answer));
    worker.on("error", (error) => this.#end(error));
    worker.on("exit", () => this.#end(new Error("The thread that reads plans and rules ended.")));
    return worker;
  }

  #take(answer: TextAnswer): void {
    const asked = this.#asked.get(answer.id);
    this.#asked.delete(answer.id);
    if (answer.is === "done") asked?.resolve(answer.result as never);
    else asked?.reject(answer.is === "invalid" ? new PlanError(answer.problems) : answer.error);
    if (this.#asked.size > 0) return;
    this.#idle?.dispose();
    this.#idle = this.options.clock.after(idleMs, () => this.#end(undefined));
  }

  /** The next plan begins another thread. */
  #end(reason: unknown): void {
    this.#idle?.dispose();
    const worker = this.#worker;
    this.#worker = undefined;
    const asked = [...this.#asked.values()];
    this.#asked.clear();
    for (const each of asked) each.reject(reason);
    worker?.then(
      (ended) => {
        ended.removeAllListeners().on("error", () => undefined);
        return ended.terminate();
      },
      () => undefined,
    );
  }
}

/** It gets nothing of this process, and keeps it from no end. */
export async function startTextThread(program: string): Promise<Worker> {
  const { Worker } = await import("node:worker_threads");
  const worker = new Worker(program, { env: {}, execArgv: [] });
  worker.unref();
  return worker;
}

/** One that is too large is refused without being read. */
function isShort([text]: readonly [string, ...unknown[]]): boolean {
  return text.length <= longestHere || text.length > maxPlanLength;
}
