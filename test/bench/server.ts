import { readFile } from "node:fs/promises";
import { spawn } from "@lydell/node-pty";
import WebSocket from "ws";
import type { WshServer } from "../../src/adapters/wsh/wshServer";
import { type RunningServer, serverKinds } from "../support/servers";
import { until } from "../support/until";
import { type Measured, measure, row, verdict } from "./measures";

const megabyte = 1024 * 1024;
const floodBytes = 50 * megabyte;
/** Prints 50 MB of short lines when Enter is typed, then a mark that its text does not hold. */
const flood = `read -r _; yes 0123456789012345678901234567890123456789012345678901234567890 | head -c ${floodBytes}; printf 'e''nd'; exec cat`;
const echo = "stty raw -echo; exec cat";

function collector(): {
  feed(bytes: Uint8Array): void;
  readonly bytes: number;
  seen(text: string): boolean;
  next(): Promise<void>;
} {
  let bytes = 0;
  let tail = "";
  let wake: (() => void) | undefined;
  return {
    feed(data) {
      bytes += data.length;
      tail = (tail + Buffer.from(data.subarray(-64)).toString("latin1")).slice(-64);
      wake?.();
      wake = undefined;
    },
    get bytes() {
      return bytes;
    },
    seen: (text) => tail.includes(text),
    next: () => new Promise((resolve) => (wake = resolve)),
  };
}

interface Figures {
  readonly echo: Measured;
  readonly create: Measured;
  readonly floodRate: number;
  /** Part of the 50 MB that arrived. */
  readonly arrived: number;
}

async function pty(): Promise<Figures> {
  const open = (script: string): { process: ReturnType<typeof spawn>; output: ReturnType<typeof collector> } => {
    const process_ = spawn("/bin/sh", ["-c", script], { cols: 80, rows: 24, encoding: null });
    const output = collector();
    process_.onData((data) => output.feed(Buffer.from(data)));
    return { process: process_, output };
  };
  const echoing = open(echo);
  await new Promise((resolve) => setTimeout(resolve, 200));
  const echoed = await measure(300, 20, async () => {
    const next = echoing.output.next();
    echoing.process.write("a");
    await next;
  });
  echoing.process.kill("SIGKILL");
  const create = await measure(30, 3, async () => {
    const { process: made, output } = open("printf x; exec cat");
    await output.next();
    made.kill("SIGKILL");
  });
  const flooding = open(flood);
  await new Promise((resolve) => setTimeout(resolve, 200));
  const begun = performance.now();
  flooding.process.write("\r");
  while (!flooding.output.seen("end")) await flooding.output.next();
  const rate = flooding.output.bytes / megabyte / ((performance.now() - begun) / 1000);
  flooding.process.kill("SIGKILL");
  return { echo: echoed, create, floodRate: rate, arrived: 1 };
}

async function server(client: WshServer): Promise<Figures> {
  await client.create({ name: "echo", command: echo });
  const echoOutput = collector();
  const echoStream = client.openRaw("echo", {
    data: (bytes) => echoOutput.feed(bytes),
    gap: () => undefined,
    ended: () => undefined,
  });
  await echoStream.opened;
  await new Promise((resolve) => setTimeout(resolve, 300));
  const echoed = await measure(300, 20, async () => {
    const next = echoOutput.next();
    await client.sendInput("echo", "a");
    await next;
  });
  echoStream.dispose();
  let made = 0;
  const create = await measure(30, 3, async () => client.create({ name: `made-${made++}`, command: "exec cat" }));
  for (let index = 0; index < made; index++) await client.kill(`made-${index}`);
  await client.create({ name: "flood", command: flood });
  const output = collector();
  const stream = client.openRaw("flood", {
    data: (bytes) => output.feed(bytes),
    gap: () => undefined,
    ended: () => undefined,
  });
  await stream.opened;
  await new Promise((resolve) => setTimeout(resolve, 300));
  const begun = performance.now();
  await client.sendInput("flood", "\r");
  while (!output.seen("end")) await output.next();
  const seconds = (performance.now() - begun) / 1000;
  stream.dispose();
  await client.kill("flood");
  // The terminal turns each newline into two bytes.
  const whole = floodBytes + floodBytes / 62;
  return {
    echo: echoed,
    create,
    floodRate: output.bytes / megabyte / seconds,
    arrived: Math.min(1, output.bytes / whole),
  };
}

async function residentMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
}

/** Memory of the server while one reader takes nothing and another takes all of 50 MB. */
async function stalledReader(
  running: RunningServer,
  client: WshServer,
  pid: number,
): Promise<{ before: number; after: number; whole: boolean }> {
  await client.create({ name: "stall", command: flood });
  const socketPath = running.address.slice("unix:".length);
  const stalled = new WebSocket(`ws+unix:${socketPath}:/sessions/stall/ws/raw`, { perMessageDeflate: false });
  await new Promise((resolve, reject) => stalled.once("open", resolve).once("error", reject));
  stalled.pause();
  const output = collector();
  const stream = client.openRaw("stall", {
    data: (bytes) => output.feed(bytes),
    gap: () => undefined,
    ended: () => undefined,
  });
  await stream.opened;
  await new Promise((resolve) => setTimeout(resolve, 300));
  const before = await residentMegabytes(pid);
  await client.sendInput("stall", "\r");
  await until("the flood ends", () => output.seen("end"), 60_000);
  const after = await residentMegabytes(pid);
  stalled.terminate();
  stream.dispose();
  return { before, after, whole: output.bytes >= floodBytes };
}

export async function benchServer(report: (line: string) => void): Promise<void> {
  report("\nSession server: key echo, new session, 50 MB of output");
  const bare = await pty();
  const print = (label: string, figures: Figures): void => {
    report(row(`${label}: key to echo`, figures.echo));
    report(row(`${label}: new session`, figures.create));
    report(
      `  ${`${label}: 50 MB of output`.padEnd(58)} ${figures.floodRate.toFixed(1)} MB/s, ${(figures.arrived * 100).toFixed(1)} % arrived`,
    );
  };
  print("bare PTY", bare);
  for (const kind of serverKinds.filter((each) => !each.title.includes("TCP"))) {
    if (kind.missing) {
      report(`  real wsh: not run, ${kind.missing}`);
      continue;
    }
    const running = await kind.start();
    const client = running.client();
    try {
      const figures = await server(client);
      print(kind.title, figures);
      report(`  ${`${kind.title}: echo / bare PTY, p50`.padEnd(58)} ${(figures.echo.p50 / bare.echo.p50).toFixed(2)}x`);
      if (kind.isWsh || running.pid === undefined) continue;
      const memory = await stalledReader(running, client, running.pid);
      report(
        verdict(
          "built-in server: memory added by a stalled reader",
          memory.after - memory.before,
          " MB",
          "< 50 MB",
          memory.after - memory.before < 50 && memory.whole,
        ),
      );
    } finally {
      await running.stop();
    }
  }
}
