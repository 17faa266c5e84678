import { type Disposable, toDisposable } from "./lifecycle";

/** A promise with its handles, for a result that arrives by an event. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(error: unknown): void;
}

export function deferred<T>(): Deferred<T> {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

const hubs = new WeakMap<AbortSignal, Set<() => void>>();

/** Calls back once when the signal is aborted. Any number of waiters is one listener on the signal. */
export function onAbort(signal: AbortSignal, callback: () => void): Disposable {
  let hub = hubs.get(signal);
  if (!hub) {
    const waiters = new Set<() => void>();
    signal.addEventListener("abort", () => {
      for (const waiter of [...waiters]) waiter();
    });
    hub = waiters;
    hubs.set(signal, hub);
  }
  hub.add(callback);
  return toDisposable(() => hub.delete(callback));
}

/** Rejects with the signal's reason as soon as it is aborted; the work behind `promise` is not stopped. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  if (signal.aborted) {
    promise.catch(() => undefined);
    return Promise.reject(signal.reason as Error);
  }
  return new Promise<T>((resolve, reject) => {
    const waiting = onAbort(signal, () => reject(signal.reason as Error));
    promise.then(resolve, reject).finally(() => waiting.dispose());
  });
}

/** Runs one task at a time, in the order of the calls; a failed one does not stop the next. */
export class Sequencer {
  #tail: Promise<unknown> = Promise.resolve();

  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(task, task);
    this.#tail = result.catch(() => undefined);
    return result;
  }
}
