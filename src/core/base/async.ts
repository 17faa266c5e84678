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

interface AbortHub {
  readonly waiters: Set<() => void>;
  readonly listener: () => void;
}

const hubs = new WeakMap<AbortSignal, AbortHub>();

/**
 * Calls back once when the signal is aborted. Any number of waiters is one listener on the signal, and none once all
 * are disposed of: a signal that is made of others is kept as long as somebody listens to it.
 */
export function onAbort(signal: AbortSignal, callback: () => void): Disposable {
  const hub = hubs.get(signal) ?? newHub(signal);
  const waiter = (): void => callback();
  hub.waiters.add(waiter);
  return toDisposable(() => {
    hub.waiters.delete(waiter);
    if (hub.waiters.size > 0 || hubs.get(signal) !== hub) return;
    hubs.delete(signal);
    signal.removeEventListener("abort", hub.listener);
  });
}

function newHub(signal: AbortSignal): AbortHub {
  const waiters = new Set<() => void>();
  const listener = (): void => {
    for (const waiter of [...waiters]) waiter();
  };
  const hub = { waiters, listener };
  hubs.set(signal, hub);
  signal.addEventListener("abort", listener, { once: true });
  return hub;
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

/** Does the work for each, in order, for at most so many at a time. Rejects with the first that fails. */
export async function forEachOf<T>(items: readonly T[], most: number, work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  await Promise.all(
    Array.from({ length: most }, async () => {
      for (const item of rest) await work(item);
    }),
  );
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

/** Aborted with the first of them; undefined where there is neither. */
export function eitherOf(one: AbortSignal | undefined, other: AbortSignal | undefined): AbortSignal | undefined {
  return one && other ? AbortSignal.any([one, other]) : (one ?? other);
}
