import type { RawListener } from "../../core/ports";
import { SessionStream, type StreamContext } from "./sessionStream";

const homeAndClear = Buffer.from("\x1b[H\x1b[2J");
const clearHistory = Buffer.from("\x1b[3J");

/**
 * Whether a frame of wsh may be the picture that stands in for lost output. It begins with cursor home and clear; the `clear` command goes on
 * with clearing the history, which the picture never does. A program that clears in the same way is taken for a loss: that costs only the
 * claim that the output is complete.
 */
export function mayBeRepaint(frame: Uint8Array): boolean {
  return startsWith(frame, homeAndClear, 0) && !startsWith(frame, clearHistory, homeAndClear.length);
}

function startsWith(frame: Uint8Array, bytes: Uint8Array, offset: number): boolean {
  return frame.length >= offset + bytes.length && bytes.every((byte, index) => frame[offset + index] === byte);
}

/** A session's output as it comes; `gap` is told before the first bytes after a loss. */
export function openRawStream(context: StreamContext, name: string, listener: RawListener): SessionStream {
  let repaints = true;
  const stream = new SessionStream(context, name, "/ws/raw", {
    opened: (_connection, again) => {
      if (again) listener.gap();
      stream.ready();
    },
    message: (data, binary) => {
      if (!binary) return;
      if (repaints && mayBeRepaint(data)) listener.gap();
      listener.data(data);
    },
    ended: (end) => listener.ended(end),
  });
  // Until the server's kind is known its frames are treated with wsh's caution.
  context.isWsh().then(
    (isWsh) => {
      repaints = isWsh;
    },
    () => undefined,
  );
  return stream;
}
