import { type ChildProcess, spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { WshServer } from "../../src/adapters/wsh/wshServer";
import { messageOf } from "../../src/core/model/errors";
import type { TestContext } from "vitest";
import type { Clock } from "../../src/core/ports/machine";
import type { SessionServer } from "../../src/core/ports/sessions";
import { EraCServer } from "./eraCServer";
import { freePort, temporaryFolder } from "./localAddresses";
import { silentLogger, systemClock } from "./systemClock";
import { serverBundle } from "./serverBundle";
import { until } from "./until";
import { keepFishQuiet } from "./quietFish";
import { wshBinaries } from "./wshBinaries";

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
  /** wsh itself, of any era. */
  readonly isWsh: boolean;
  /** Why it cannot run here. */
  readonly missing?: string;
  readonly start: () => Promise<RunningServer>;
}

const binaries = wshBinaries();
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
      return startServer(`http://127.0.0.1:${port}`, token, await serverBundle(), [
        "run",
        "--port",
        String(port),
        "--token-file",
        file,
      ]);
    },
  },
  ...(binaries.length === 0 ? [undefined] : binaries).map((binary, index): ServerKind => ({
    title:
      binary === undefined
        ? "real wsh [not run: WSH_BIN is not set]"
        : binaries.length === 1
          ? "real wsh"
          : `real wsh ${index + 1} of ${binaries.length}`,
    isWsh: true,
    ...(binary === undefined ? { missing: "WSH_BIN is not set" } : {}),
    start: async (): Promise<RunningServer> => {
      if (binary === undefined) throw new Error("WSH_BIN is not set");
      const port = await freePort();
      return startServer(`http://127.0.0.1:${port}`, undefined, binary, ["server", "--bind", `127.0.0.1:${port}`]);
    },
  })),
];

/**
 * For what rests on asking the prompt again: leaves a test out, with the reason, where a server cannot resize a
 * terminal.
 */
export async function needsResize(context: TestContext, server: Pick<SessionServer, "info">): Promise<void> {
  if (!(await server.info()).capabilities.resize)
    context.skip("this version of wsh cannot resize a terminal, so the prompt cannot be asked");
}

/** Those, and a double of the era whose binaries cannot be had: for what the client itself does. */
export const clientServerKinds: readonly ServerKind[] = [
  ...serverKinds,
  {
    title: "double of wsh of era C",
    isWsh: true,
    start: async (): Promise<RunningServer> => {
      const socket = join(await temporaryFolder(), "b2.sock");
      const behind = await startServer(`unix:${socket}`, undefined, await serverBundle(), ["run", "--socket", socket]);
      const front = await EraCServer.start(behind.address);
      return {
        address: front.address,
        token: undefined,
        get pid() {
          return behind.pid;
        },
        client: (address = front.address) => behind.client(address),
        crash: async () => {
          await behind.crash();
          await front.stop();
        },
        restart: async () => {
          front.drop();
          await behind.restart();
        },
        stop: async () => {
          await behind.stop();
          await front.stop();
        },
      };
    },
  },
];

async function startServer(
  address: string,
  secret: string | undefined,
  program: string,
  args: readonly string[],
): Promise<RunningServer> {
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
    // Its own runtime folder, so that it meets no server of the user; its own home, so that no start-up file of theirs
    // has a say.
    env: {
      ...process.env,
      HOME: folder,
      ZDOTDIR: folder,
      XDG_CONFIG_HOME: folder,
      XDG_RUNTIME_DIR: folder,
      XDG_DATA_HOME: folder,
      TERM: "xterm-256color",
      SHELL: "/bin/bash",
    },
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
