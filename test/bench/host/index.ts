import { writeFile } from "node:fs/promises";
import { Session } from "node:inspector/promises";
import { connect, type Socket } from "node:net";
import { type IntervalHistogram, monitorEventLoopDelay } from "node:perf_hooks";
import { createInterface } from "node:readline";
import { commands, extensions, workspace } from "vscode";
import type { TestApi } from "../../../src/extension/main";
import { until } from "../../support/until";
import type { ActivationFigures, HostAnswer, HostCalls, HostRequest, LoopFigures } from "./calls";

const extensionId = "wsh-orchestrator.wsh-orchestrator";
/** Between two samples of the loop, in milliseconds. */
const sampleMs = 10;

/** Shares its process, and so its event loop, with the extension. */
class MeasuredHost implements HostCalls {
  readonly #profiler = new Session();
  #delays: IntervalHistogram | undefined;
  #cpu = process.cpuUsage();
  #begun = 0;

  constructor(private readonly ended: () => void) {}

  async activate(): Promise<ActivationFigures> {
    const extension = extensions.getExtension<TestApi>(extensionId);
    const begun = performance.now();
    await extension?.activate();
    return { total: performance.now() - begun, ...(await startupPerformance()) };
  }

  async command(name: string, ...args: unknown[]): Promise<unknown> {
    const result: unknown = await commands.executeCommand(name, ...args);
    return JSON.parse(JSON.stringify(result ?? null)) as unknown;
  }

  async rows(): Promise<string[]> {
    return (await api()).probe
      .rows()
      .map((row) => `${row.kind} ${row.name === "" ? row.label : row.name} ${row.look.word}`);
  }

  async running(): Promise<string[]> {
    return (await api()).probe.running();
  }

  async begin(): Promise<void> {
    this.#delays = monitorEventLoopDelay({ resolution: sampleMs });
    this.#delays.enable();
    this.#cpu = process.cpuUsage();
    this.#begun = performance.now();
    await Promise.resolve();
  }

  async end(): Promise<LoopFigures> {
    const delays = this.#delays;
    if (!delays) throw new Error("Nothing is measured.");
    delays.disable();
    const { user, system } = process.cpuUsage(this.#cpu);
    const seconds = (performance.now() - this.#begun) / 1000;
    const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - sampleMs);
    await Promise.resolve();
    return {
      p50: late(delays.percentile(50)),
      p99: late(delays.percentile(99)),
      longest: late(delays.max),
      processor: (user + system) / 1e6 / seconds,
      seconds,
    };
  }

  async beginProfile(): Promise<void> {
    this.#profiler.connect();
    await this.#profiler.post("Profiler.enable");
    await this.#profiler.post("Profiler.start");
  }

  async endProfile(file: string): Promise<void> {
    const { profile } = await this.#profiler.post("Profiler.stop");
    this.#profiler.disconnect();
    await writeFile(file, JSON.stringify(profile));
  }

  async leave(): Promise<void> {
    this.ended();
    await Promise.resolve();
  }
}

async function api(): Promise<TestApi> {
  const extension = extensions.getExtension<TestApi>(extensionId);
  if (!extension) throw new Error("The extension is not there.");
  return extension.activate();
}

/**
 * The line about the extension in VS Code's own report: `| id | eager | load code | call activate | finish activate |
 * event | by |`.
 */
async function startupPerformance(): Promise<Pick<ActivationFigures, "load" | "activate">> {
  await commands.executeCommand("perfview.show");
  const line = await until(
    "VS Code reports its figures",
    () =>
      workspace.textDocuments
        .map((document) => /^.*wsh-orchestrator\.wsh-orchestrator.*$/m.exec(document.getText())?.[0])
        .find((each) => each !== undefined),
    5000,
  ).catch(() => "");
  await commands.executeCommand("workbench.action.closeActiveEditor");
  const [load, activate] = line.split("|").flatMap((cell) => (/^\s*\d+\s*$/.test(cell) ? [Number(cell)] : []));
  return { load, activate };
}

async function answer(host: MeasuredHost, socket: Socket, line: string): Promise<void> {
  const { id, name, args } = JSON.parse(line) as HostRequest;
  const call = Reflect.get(host, name) as (this: HostCalls, ...values: readonly unknown[]) => Promise<unknown>;
  const answered = await call.apply(host, [...args]).then(
    (value): HostAnswer => ({ id, value }),
    (error: unknown): HostAnswer => ({
      id,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    }),
  );
  socket.write(`${JSON.stringify(answered)}\n`);
}

/** What the extension host calls: does what the benchmark asks over its socket, until that says that it is enough. */
export async function run(): Promise<void> {
  const socket = connect(process.env.BENCH_SOCKET ?? "");
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject).once("close", () => resolve());
    const host = new MeasuredHost(resolve);
    createInterface({ input: socket }).on("line", (line) => void answer(host, socket, line));
  });
  socket.end();
}
