import type { Clock } from "../../core/ports/machine";
import type { RawListener, RawReader } from "../../core/ports/sessions";
import type { Dialect } from "./serverDialect";
import { SessionStream, type StreamContext } from "./sessionStream";

const burstBytes = 200_000;
const burstPauseMs = 100;
const homeAndClear = Buffer.from("\x1b[H\x1b[2J");
const clearHistory = Buffer.from("\x1b[3J");

/**
 * Whether a frame of wsh may be the picture that stands in for lost output. It begins with cursor home and clear; the
 * `clear` command goes on with clearing the history, which the picture never does. A program that clears in the same
 * way is taken for a loss: that costs only the claim that the output is complete.
 */
export function mayBeRepaint(frame: Uint8Array): boolean {
  return startsWith(frame, homeAndClear, 0) && !startsWith(frame, clearHistory, homeAndClear.length);
}

function startsWith(frame: Uint8Array, bytes: Uint8Array, offset: number): boolean {
  return frame.length >= offset + bytes.length && bytes.every((byte, index) => frame[offset + index] === byte);
}

/**
 * Output without a pause that is more than the ring of a server holds for certain: 200 kB at once were never lost
 * (measured).
 */
class Burst {
  #bytes = 0;
  #at = -Infinity;

  constructor(private readonly clock: Clock) {}

  /** True when it has just become too much. */
  grows(bytes: number): boolean {
    const now = this.clock.monotonic();
    const before = now - this.#at > burstPauseMs ? 0 : this.#bytes;
    this.#at = now;
    this.#bytes = before + bytes;
    return before <= burstBytes && this.#bytes > burstBytes;
  }
}

/** A session's output as it comes; `gap` is told before the first bytes after a loss. `reader`: as `openRaw` says. */
export function openRawStream(
  context: StreamContext,
  name: string,
  listener: RawListener,
  reader: RawReader,
): SessionStream {
  // Until the server's kind is known its frames are treated with wsh's caution.
  let loss: Dialect["loss"] = "repaint";
  const burst = new Burst(context.access.clock);
  const stream = new SessionStream(context, name, "/ws/raw", {
    ...(reader === "terminal" && { query: ({ answers }) => (answers ? "?terminal=true" : "") }),
    opened: (_connection, again) => {
      if (again) listener.gap();
      stream.ready();
    },
    message: (data, binary) => {
      if (!binary) return;
      if (loss !== "none" && mayBeRepaint(data)) listener.gap();
      if (loss === "silent" && burst.grows(data.length)) listener.gap();
      listener.data(data);
    },
    ended: (end) => listener.ended(end),
  });
  context.dialect().then(
    (dialect) => {
      loss = dialect.loss;
    },
    () => undefined,
  );
  return stream;
}
