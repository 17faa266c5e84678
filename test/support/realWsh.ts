import { type ChildProcess, spawn } from "node:child_process";
import { endProcess } from "./builtinServer";
import { freePort, temporaryFolder } from "./localAddresses";
import { RawHttp } from "./rawHttp";
import { until } from "./until";
import { descendantsOf } from "./wireSessions";

/** A server of real wsh in a process of its own, on a TCP port of the loopback interface. */
export class RealWsh {
  readonly http: RawHttp;
  readonly #child: ChildProcess;
  readonly address: string;

  private constructor(child: ChildProcess, http: RawHttp, port: number) {
    this.#child = child;
    this.address = `http://127.0.0.1:${port}`;
    this.http = http;
  }

  /**
   * `host` is what it is told to bind. `[::ffff:127.0.0.1]` is the loopback interface to the system and a foreign one
   * to wsh, which asks for a token there. Rejects with what the program said when it ends instead of answering.
   */
  static async start(binary: string, args: readonly string[] = [], host = "127.0.0.1"): Promise<RealWsh> {
    const folder = await temporaryFolder();
    const port = await freePort();
    const child = spawn(binary, ["server", "--bind", `${host}:${port}`, ...args], {
      cwd: folder,
      // Its own runtime folder, so that it meets no server of the user; its own home, so that no start-up file of
      // theirs has a say.
      env: {
        ...process.env,
        HOME: folder,
        XDG_RUNTIME_DIR: folder,
        XDG_CONFIG_HOME: folder,
        TERM: "xterm-256color",
        SHELL: "/bin/bash",
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => (output = (output + chunk.toString("utf8")).slice(-4_000)));
    const http = new RawHttp({ host: "127.0.0.1", port });
    await until("the server answers", async () => {
      if (child.exitCode !== null || child.signalCode !== null)
        throw new Error(`exit ${String(child.exitCode)}: ${output}`);
      return http.get("/health").then(
        ({ status }) => status === 200,
        () => false,
      );
    });
    return new RealWsh(child, http, port);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** At once, as its own end takes seconds while there are sessions; with everything that it started. */
  async stop(): Promise<void> {
    this.http.close();
    const started = descendantsOf(this.pid);
    await endProcess(this.#child, "SIGKILL");
    for (const pid of started) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It ended with its terminal.
      }
    }
  }
}
