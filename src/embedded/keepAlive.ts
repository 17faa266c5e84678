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

/** Pings every 30 s a peer that says nothing by itself; one that has not answered by the next time is dropped. */
export function keepAlive(socket: WebSocket): void {
  let answered = true;
  let spoke = false;
  const timer = setInterval(() => {
    if (!spoke && !answered) {
      closeSocket(socket);
      return;
    }
    answered = spoke;
    if (!spoke) socket.ping();
    spoke = false;
  }, pingMs);
  const speaks = (): void => {
    spoke = true;
  };
  socket.on("message", speaks);
  socket.on("ping", speaks);
  socket.on("pong", () => (answered = true));
  socket.once("close", () => clearInterval(timer));
}
