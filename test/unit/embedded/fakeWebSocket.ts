import { EventEmitter } from "node:events";
import type { WebSocket } from "ws";

/** A WebSocket whose peer reads when the test says so. */
export class FakeWebSocket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  readonly sent: (string | Buffer)[] = [];
  readonly #callbacks: (() => void)[] = [];
  pings = 0;
  /** Whether it answers pings. */
  answers = false;
  closing: [number, string] | undefined;
  terminated = false;

  get socket(): WebSocket {
    return this as unknown as WebSocket;
  }

  send(data: string | Buffer, callback: () => void): void {
    this.sent.push(data);
    this.#callbacks.push(callback);
  }

  /** The peer has read the next message. */
  read(): void {
    this.#callbacks.shift()?.();
  }

  readAll(): void {
    while (this.#callbacks.length > 0) this.read();
  }

  ping(): void {
    this.pings++;
    if (this.answers) this.emit("pong");
  }

  close(code: number, reason: string): void {
    this.closing = [code, reason];
  }

  terminate(): void {
    this.terminated = true;
    this.readyState = 3;
    this.emit("close");
  }
}
