import { type ChildProcess, spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { WshServer } from "../../src/adapters/wsh/wshServer";
import { messageOf } from "../../src/core/model/errors";
import type { Clock } from "../../src/core/ports";
import { freePort, temporaryFolder } from "./localAddresses";
import { silentLogger, systemClock } from "./systemClock";
import { serverBundle } from "./serverBundle";
import { until } from "./until";
import { keepFishQuiet } from "./quietFish";

/** A session server of a test, in a process of its own. */
export interface RunningServer {
  readonly address: string;
  readonly token: string | undefined;
  readonly pid: number | undefined;
  /** A new client; the test closes it. */
  client(address?: string, clock?: Clock): WshServer;
  /** Ends the process as a crash does, and waits for its end. */
  crash(): Promise<void>;
  /** Starts a new process on the same address. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface ServerKind {
  readonly title: string;
  /** wsh itself, of era B2. */
  readonly isWsh: boolean;
  /** Why it cannot run here. */
  readonly missing?: string;
  readonly start: () => Promise<RunningServer>;
}

const wshBinary = process.env.WSH_BIN;
const token = "0123456789abcdef0123456789abcdef";

export const serverKinds: readonly ServerKind[] = [
  {
    title: "built-in server on a Unix socket",
    isWsh: false,
    start: async (): Promise<RunningServer> => {
      const socket = join(await temporaryFolder(), "s.sock");
      return startServer(`unix:${socket}`, undefined, await serverBundle(), ["run", "--socket", socket]);
    },
  },
  {
    title: "built-in server on TCP with a token",
    isWsh: false,
    start: async (): Promise<RunningServer> => {
      const port = await freePort();
      const file = join(await temporaryFolder(), "token");
      await writeFile(file, `${token}\n`, { mode: 0o600 });
      return startServer(`http://127.0.0.1:${port}`, token, await serverBundle(), ["run", "--port", String(port), "--token-file", file]);
    },
  },
  {
    title: `real wsh${wshBinary === undefined ? " [not run: WSH_BIN is not set]" : ""}`,
    isWsh: true,
    ...(wshBinary === undefined ? { missing: "WSH_BIN is not set" } : {}),
    start: async (): Promise<RunningServer> => {
      if (wshBinary === undefined) throw new Error("WSH_BIN is not set");
      const port = await freePort();
      return startServer(`http://127.0.0.1:${port}`, undefined, wshBinary, ["server", "--bind", `127.0.0.1:${port}`]);
    },
  },
];

async function startServer(address: string, secret: string | undefined, program: string, args: readonly string[]): Promise<RunningServer> {
  const folder = await temporaryFolder();
  let child = await launch();
  const clients: WshServer[] = [];

  async function launch(): Promise<Launched> {
    const started = launchProcess(program, args, folder);
    const probe = new WshServer({ address, token: secret, clock: systemClock, logger: silentLogger });
    try {
      await until(`the server at ${address} answers`, async () => {
        if (started.ended) throw new Error(`The server ended at its start: ${started.log()}`);
        return probe.info().catch((error: unknown) => {
          if (/cannot be reached/.test(messageOf(error))) return undefined;
          throw error;
        });
      });
    } finally {
      probe.close();
    }
    return started;
  }

  return {
    address,
    token: secret,
    get pid() {
      return child.pid;
    },
    client: (other = address, clock = systemClock) => {
      const client = new WshServer({ address: other, token: secret, clock, logger: silentLogger });
      clients.push(client);
      return client;
    },
    crash: () => child.end("SIGKILL"),
    restart: async () => {
      await child.end("SIGKILL");
      child = await launch();
    },
    stop: async () => {
      // Real wsh takes seconds to end while it has sessions; tests need not wait for that.
      const last = clients[0];
      if (last && !child.ended) {
        const sessions = await last.list().catch(() => []);
        await Promise.allSettled(sessions.map((session) => last.kill(session.name)));
      }
      for (const client of clients) client.close();
      await child.end("SIGKILL");
    },
  };
}

interface Launched {
  readonly pid: number | undefined;
  readonly ended: boolean;
  log(): string;
  end(signal: NodeJS.Signals): Promise<void>;
}

function launchProcess(program: string, args: readonly string[], folder: string): Launched {
  keepFishQuiet(folder);
  const script = program.endsWith(".js");
  const child: ChildProcess = spawn(script ? process.execPath : program, script ? [program, ...args] : [...args], {
    cwd: folder,
    // Its own runtime folder, so that it meets no server of the user; its own home, so that no start-up file of theirs has a say.
    env: { ...process.env, HOME: folder, ZDOTDIR: folder, XDG_CONFIG_HOME: folder, XDG_RUNTIME_DIR: folder, XDG_DATA_HOME: folder, TERM: "xterm-256color", SHELL: "/bin/bash" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString("utf8")).slice(-4_000);
  };
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  return {
    pid: child.pid,
    get ended() {
      return child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
    },
    log: () => output,
    end: async (signal) => {
      child.kill(signal);
      await exited;
    },
  };
}
