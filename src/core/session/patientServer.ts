import { abortable, deferred, onAbort } from "../base/async";
import { DisposableStore } from "../base/lifecycle";
import { hasCode } from "../model/errors";
import type { Clock } from "../ports/machine";
import type { SessionServer } from "../ports/sessions";
import { awayMs } from "./serverWatch";

/** A client asks a server that is away with one probe at a time, so asking it often costs nothing. */
const againMs = 250;

/**
 * What may be asked again without changing anything. Input is not among it: whoever types has to know whether it left.
 */
const repeatable = [
  "info",
  "list",
  "get",
  "create",
  "tag",
  "kill",
  "detach",
  "screen",
  "scrollback",
  "waitIdle",
  "resize",
  "endOf",
] as const satisfies readonly (keyof SessionServer)[];

/**
 * The same server for those who would rather wait: a request that finds it away, or too busy to answer, is asked again,
 * for as long as a server may be away before it is taken to be gone, until `over` is aborted, or until its own signal
 * is. Input is sent once, as ever.
 */
export function patientServer(server: SessionServer, clock: Clock, over: AbortSignal): SessionServer {
  const patient = <Args extends unknown[], T>(ask: (...args: Args) => Promise<T>): ((...args: Args) => Promise<T>) => {
    return (...args) =>
      askAgain(
        () => ask(...args),
        clock,
        over,
        args.find((argument) => argument instanceof AbortSignal),
      );
  };
  const own: Partial<Record<string | symbol, unknown>> = Object.fromEntries(
    repeatable.map((name) => [name, patient((server[name] as (...args: unknown[]) => Promise<unknown>).bind(server))]),
  );
  return new Proxy(server, {
    get: (original, key) => {
      const value: unknown = own[key] ?? Reflect.get(original, key);
      return typeof value === "function" && !(key in own) ? (value.bind(original) as unknown) : value;
    },
  });
}

async function askAgain<T>(
  ask: () => Promise<T>,
  clock: Clock,
  over: AbortSignal,
  signal: AbortSignal | undefined,
): Promise<T> {
  let since: number | undefined;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      since ??= clock.monotonic();
      if (!hasCode(error, "server_unreachable", "server_error") || over.aborted || clock.monotonic() - since >= awayMs)
        throw error;
    }
    await pause(clock, over, signal);
  }
}

async function pause(clock: Clock, over: AbortSignal, signal: AbortSignal | undefined): Promise<void> {
  const store = new DisposableStore();
  const passed = deferred<undefined>();
  store.add(clock.after(againMs, () => passed.resolve(undefined)));
  store.add(onAbort(over, () => passed.resolve(undefined)));
  try {
    await abortable(passed.promise, signal);
  } finally {
    store.dispose();
  }
}
