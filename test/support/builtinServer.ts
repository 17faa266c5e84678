import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { temporaryFolder } from "./localAddresses";
import { RawHttp } from "./rawHttp";
import { serverBundle } from "./serverBundle";

/** A built-in server of a test in a process of its own, on a Unix socket and, when asked for, on a TCP port too. */
export class BuiltinServer {
  readonly folder: string;
  readonly child: ChildProcess;
  readonly port: number;
  readonly token: string | undefined;
  /** Over the Unix socket. */
  readonly unix: RawHttp;
  /** Over TCP, with the token. */
  readonly tcp: RawHttp;
  readonly #clients: RawHttp[] = [];

  private constructor(folder: string, child: ChildProcess, port: number) {
    this.folder = folder;
    this.child = child;
    this.port = port;
    this.token = port === 0 ? undefined : readToken(join(folder, "token"));
    this.unix = this.client({ socketPath: join(folder, "s.sock") });
    this.tcp = this.client(
      { host: "127.0.0.1", port },
      this.token === undefined ? {} : { authorization: `Bearer ${this.token}` },
    );
  }

  static async start(...args: string[]): Promise<BuiltinServer> {
    const folder = await temporaryFolder();
    const child = await spawnServer(folder, [
      "run",
      "--socket",
      join(folder, "s.sock"),
      "--discovery",
      folder,
      ...args,
    ]);
    const ready = await readyLine(child);
    return new BuiltinServer(folder, child, ready.url === null ? 0 : Number(new URL(ready.url).port));
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  client(endpoint: RawHttp["endpoint"], headers: Readonly<Record<string, string>> = {}): RawHttp {
    const client = new RawHttp(endpoint, headers);
    this.#clients.push(client);
    return client;
  }

  async stop(): Promise<void> {
    for (const client of this.#clients) client.close();
    await endProcess(this.child, "SIGTERM");
    await rm(this.folder, { recursive: true, force: true });
  }
}

function readToken(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return undefined;
  }
}

export async function spawnServer(
  folder: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<ChildProcess> {
  return spawn(process.execPath, [await serverBundle(), ...args], {
    cwd: folder,
    env: { ...process.env, TERM: "xterm-256color", SHELL: "/bin/bash", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

export interface ReadyLine {
  readonly url: string | null;
  readonly socket: string | null;
  readonly pid: number;
  readonly server_id: string;
}

/** Rejects with what the server said when it ends instead of becoming ready. */
export function readyLine(child: ChildProcess): Promise<ReadyLine> {
  return new Promise((resolveReady, reject) => {
    let output = "";
    let errors = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      output += chunk.toString("utf8");
      if (output.includes("\n")) resolveReady(JSON.parse(output) as ReadyLine);
    });
    child.stderr?.on("data", (chunk: Buffer) => {
      errors += chunk.toString("utf8");
      if (process.env.SHOW_SERVER_LOG) process.stderr.write(chunk);
    });
    child.once("exit", (code) => reject(new Error(`exit ${String(code)}: ${errors}`)));
  });
}

export async function endProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolveEnd) => child.once("exit", () => resolveEnd()));
  child.kill(signal);
  await ended;
}
