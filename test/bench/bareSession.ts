import { Agent, request } from "node:http";
import { spawn } from "@lydell/node-pty";
import WebSocket from "ws";
import { integratedSession } from "../../src/core/sense/shellIntegration";

const key = "be9c4a11";
const line = "\x1b[200~ true\x1b[201~\r";
const promptRead = Buffer.from("]133;B;");
const commandEnded = Buffer.from("]133;D;");

/** The least that a command can cost: the same shell and marks, found with a byte search, nothing written down. */
export interface BareSession {
  /** Types `true` at the prompt; resolves at the next prompt. */
  run(): Promise<void>;
  close(): void;
}

class Marks {
  #want: { mark: Buffer; resolve: () => void } | undefined;
  #rest = Buffer.alloc(0);

  feed(bytes: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    this.#look();
  }

  next(mark: Buffer): Promise<void> {
    return new Promise((resolve) => {
      this.#want = { mark, resolve };
      this.#look();
    });
  }

  #look(): void {
    if (!this.#want) return;
    const at = this.#rest.indexOf(this.#want.mark);
    if (at < 0) return;
    this.#rest = this.#rest.subarray(at + this.#want.mark.length);
    const { resolve } = this.#want;
    this.#want = undefined;
    resolve();
  }
}

/** A bash on a PTY of this process. */
export async function barePty(): Promise<BareSession> {
  const { command, env } = integratedSession({ key, shell: "bash" });
  const pty = spawn("/bin/sh", ["-c", command], {
    cols: 200,
    rows: 50,
    env: { ...process.env, HOME: "/nonexistent", ...env },
    encoding: null,
  });
  const marks = new Marks();
  const first = marks.next(promptRead);
  pty.onData((data) => marks.feed(Buffer.from(data)));
  await first;
  return {
    run: async () => {
      pty.write(line);
      await marks.next(commandEnded);
      await marks.next(promptRead);
    },
    close: () => pty.kill("SIGKILL"),
  };
}

/** A bash on a session server, over its sockets: input by POST, output from the raw stream. */
export async function bareSockets(address: string): Promise<BareSession> {
  const socketPath = address.startsWith("unix:") ? address.slice("unix:".length) : undefined;
  const base = socketPath === undefined ? new URL(address) : new URL("http://localhost");
  const agent = new Agent({ keepAlive: true });
  const name = `bare-${process.pid}-${Math.random().toString(36).slice(2, 8)}`;
  const { command, env } = integratedSession({ key, shell: "bash" });
  const call = (method: string, path: string, body?: string, type = "application/json"): Promise<void> =>
    new Promise((resolve, reject) => {
      const sent = request(
        {
          method,
          path,
          agent,
          ...(socketPath === undefined ? { host: base.hostname, port: base.port } : { socketPath }),
          headers: body === undefined ? {} : { "content-type": type, "content-length": Buffer.byteLength(body) },
        },
        (response) => {
          response.resume();
          response.on("end", resolve);
        },
      );
      sent.on("error", reject);
      sent.end(body);
    });
  await call("POST", "/sessions", JSON.stringify({ name, command, env, rows: 50, cols: 200 }));
  const marks = new Marks();
  const raw = new WebSocket(
    socketPath === undefined
      ? `ws://${base.host}/sessions/${name}/ws/raw`
      : `ws+unix:${socketPath}:/sessions/${name}/ws/raw`,
    { perMessageDeflate: false },
  );
  raw.on("message", (data: Buffer) => marks.feed(data));
  await new Promise<void>((resolve, reject) => raw.once("open", resolve).once("error", reject));
  // An Enter at the prompt makes one more, in case the first was printed before the socket was open.
  const prompt = marks.next(promptRead);
  await call("POST", `/sessions/${name}/input`, "\r", "application/octet-stream");
  await prompt;
  await new Promise((resolve) => setTimeout(resolve, 200));
  return {
    run: async () => {
      await call("POST", `/sessions/${name}/input`, line, "application/octet-stream");
      await marks.next(commandEnded);
      await marks.next(promptRead);
    },
    close: () => {
      raw.close();
      void call("DELETE", `/sessions/${name}`).finally(() => agent.destroy());
    },
  };
}
