import { Consents } from "../../src/core/safety/consent";
import { testConsents } from "../support/testConsents";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { WshServer } from "../../src/adapters/wsh/wshServer";
import type { ContextEntry } from "../../src/core/model/entry";
import { shippedCatalog } from "../../src/core/sense/programs/catalog";
import type { OpenSession } from "../../src/core/session/openSession";
import { SessionWatch } from "../../src/core/session/sessionWatch";
import { ShellSession } from "../../src/core/session/shellSession";
import { BuiltinServer } from "../support/builtinServer";
import { MemoryRecord } from "../support/memoryRecord";
import { silentLogger, systemClock } from "../support/systemClock";
import { until } from "../support/until";
import { verdict } from "./measures";

const watchedMs = 20_000;
const settledMs = 10_000;
/** What was drawn at the start is looked at again after 5 s, and after a minute. */
const followedMs = 75_000;
const askedTimes = 40;
const drawsPerSecond = 10;
/** A counter that is drawn as often as spinners are, once a line was typed; rests with the next. */
const draws = String.raw`$|=1; while (<STDIN>) { $s=IO::Select->new(\*STDIN); print "\rworking ".$i++ until $s->can_read(1/${drawsPerSecond}); <STDIN>; print "\rresting" }`;
const asks = "while read -r _; do printf 'Proceed? [y/N] '; read -r _; printf '\\033[2J\\033[H'; done";

/** Milliseconds of processor time that a process has used, with those that it started and that have ended. */
async function usedMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "latin1");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // utime, stime, cutime, cstime in hundredths of a second (proc(5); USER_HZ is 100 wherever Node runs).
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) * 10;
}

async function memoryMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
}

/** Parts of a core, in percent: of who watches, and of the server with what it starts to look at terminals. */
interface Cost {
  readonly watching: number;
  readonly server: number;
}

/** Sessions of programs that draw and rest when they are told to, all watched as a run watches them. */
class ManySessions {
  readonly record = new MemoryRecord(systemClock);
  readonly sessions: OpenSession[] = [];
  readonly watch: SessionWatch;

  private constructor(
    readonly server: BuiltinServer,
    readonly client: WshServer,
  ) {
    const world = { record: this.record, server: client, clock: systemClock, logger: silentLogger };
    const watched = { sessions: this.sessions, onTaken: () => ({ dispose: () => undefined }) };
    this.watch = new SessionWatch(watched, {
      ...world,
      catalog: shippedCatalog,
      consents: new Consents(testConsents(), systemClock, { workspace: "/", project_id: "bench" }),
    });
  }

  static async start(count: number): Promise<ManySessions> {
    const server = await BuiltinServer.start("--max-sessions", String(count + 1));
    const address = `unix:${join(server.folder, "s.sock")}`;
    const client = new WshServer({ address, clock: systemClock, logger: silentLogger });
    return new ManySessions(server, client);
  }

  async open(count: number): Promise<void> {
    await this.#open("asking", asks);
    for (let at = 1; at < count; at++) await this.#open(`s${at}`, `exec perl -MIO::Select -e '${draws}'`);
  }

  async #open(name: string, command: string): Promise<void> {
    const { client, record } = this;
    await client.create({ name, command, rows: 40, cols: 120 });
    const shell = new ShellSession(client, systemClock, { name, wire: name, key: "bench", rows: 40, cols: 120 });
    await shell.open();
    const role = { name, env: {}, count: 1, program: name };
    const entry = { kind: "session", actor: "engine", session_name: name, event: "started", k: "bench" } as const;
    await record.append({ ...entry, state: "starting", text: "Started." });
    this.sessions.push({ name, role, shell, mode: "program", startedIn: undefined, busy: false });
  }

  async type(names: readonly string[]): Promise<void> {
    await Promise.all(names.map((name) => this.client.sendInput(name, "\r")));
  }

  async cost(): Promise<Cost> {
    const before = process.cpuUsage();
    const serverBefore = await usedMs(this.server.pid);
    const begun = performance.now();
    await wait(watchedMs);
    const ms = performance.now() - begun;
    const used = process.cpuUsage(before);
    return {
      watching: ((used.user + used.system) / 1000 / ms) * 100,
      server: (((await usedMs(this.server.pid)) - serverBefore) / ms) * 100,
    };
  }

  async stop(): Promise<void> {
    for (const { shell } of this.sessions) shell.dispose();
    this.client.close();
    await this.server.stop();
  }
}

/** Milliseconds from the last output before a state to its entry, when a question is asked and when it is answered. */
async function timesToEntries(many: ManySessions): Promise<{ asked: number[]; answered: number[] }> {
  const { record, sessions } = many;
  const shell = sessions[0]?.shell;
  if (!shell) throw new Error("There is no session.");
  let heard = 0;
  const listening = shell.onActivity(() => (heard = performance.now()));
  const asked: number[] = [];
  const answered: number[] = [];
  const isWaiting = (entry: ContextEntry | undefined): boolean => entry?.state === "waiting";
  let last: { entry: ContextEntry; ms: number } | undefined;
  const following = record.onEntry((entry) => {
    if (entry.session_name === "asking") last = { entry, ms: performance.now() - heard };
  });
  for (let time = 0; time < askedTimes; time++) {
    await many.type(["asking"]);
    await until("a question is told", () => isWaiting(last?.entry), 60_000);
    asked.push(last?.ms ?? Number.NaN);
    await many.type(["asking"]);
    await until("it is told to be over", () => !isWaiting(last?.entry), 60_000);
    answered.push(last?.ms ?? Number.NaN);
  }
  listening.dispose();
  following.dispose();
  return { asked, answered };
}

function percentile(samples: readonly number[], part: number): number {
  const sorted = [...samples].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

/**
 * What it costs to know what `count` sessions do, of which `active` draw ten times a second, and how long after its last
 * output a question is in the record. `percent`: the goal for both processes together, the drawing included.
 */
export async function followMany(
  { count, active, percent }: { readonly count: number; readonly active: number; readonly percent: number },
  report: (line: string) => void,
): Promise<void> {
  report(`  ${count} sessions, ${active} draw ${drawsPerSecond} times a second:`);
  const many = await ManySessions.start(count);
  const part = (label: string, { watching, server }: Cost): string =>
    `    ${label}: ${(watching + server).toFixed(2)} % of a core (this process ${watching.toFixed(2)}, server ${server.toFixed(2)})`;
  try {
    await many.open(count);
    const drawing = many.sessions.slice(1, active + 1).map(({ name }) => name);
    await many.type(drawing);
    await wait(settledMs);
    report(part("streams read, nothing sensed", await many.cost()));
    const before = process.memoryUsage.rss() / 2 ** 20;
    const watching = many.watch.start();
    await wait(followedMs);
    const used = await many.cost();
    report(part("sensed", used));
    const sum = used.watching + used.server;
    report(verdict("  both processes, % of a core", sum, "", `≤ ${percent}`, sum <= percent));
    const { asked, answered } = await timesToEntries(many);
    const p95 = percentile(asked, 0.95);
    report(verdict("  a question: ms from its last byte to its entry, p95", p95, "", "≤ 250", p95 <= 250));
    const figures = [asked, answered].map(
      (each) => `p50 ${percentile(each, 0.5).toFixed(0)}, p95 ${percentile(each, 0.95).toFixed(0)}`,
    );
    report(`    asked: ${figures[0]}; answered: ${figures[1]}`);
    await many.type(drawing);
    await wait(settledMs);
    report(part("at rest", await many.cost()));
    const [mine, server] = [process.memoryUsage.rss() / 2 ** 20, await memoryMb(many.server.pid)];
    report(
      `    memory: this process ${mine.toFixed(0)} MB (${before.toFixed(0)} before it sensed), server ${server.toFixed(0)} MB`,
    );
    watching.dispose();
  } finally {
    await many.stop();
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
