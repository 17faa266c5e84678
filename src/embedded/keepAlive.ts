import type { WebSocket } from "ws";

const pingMs = 30_000;
/** A peer that does not even answer the close is cut off after this. */
const closeTimeoutMs = 2_000;

export function closeSocket(socket: WebSocket): void {
  socket.close(1000, "session ended");
  const timer = setTimeout(() => socket.terminate(), closeTimeoutMs);
  timer.unref();
  socket.once("close", () => clearTimeout(timer));
}

/** Pings every 30 s; a peer that has not answered by the next one is dropped. */
export function keepAlive(socket: WebSocket): void {
  let answered = true;
  const timer = setInterval(() => {
    if (!answered) {
      closeSocket(socket);
      return;
    }
    answered = false;
    socket.ping();
  }, pingMs);
  socket.on("pong", () => (answered = true));
  socket.once("close", () => clearInterval(timer));
}
