import { plansHere } from "../../src/core/run/plansHere";
import { spawnSync } from "node:child_process";
import { type FileHandle, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { FileLedger, FileLedgerOptions } from "../../src/adapters/ledger/fileLedger";
import { FileProjectStore } from "../../src/adapters/ledger/fileProjectStore";
import { createIds } from "../../src/adapters/ledger/ids";
import { encodeLine } from "../../src/adapters/ledger/lineCodec";
import { answerQuestion } from "../../src/core/acts/answerQuestion";
import type { Processes } from "../../src/core/ports/machine";
import { ProjectRecord } from "../../src/core/record/projectRecord";
import { replay } from "../../src/core/record/replay";
import type { ContextEntry, EntryDraft } from "../../src/core/model/entry";
import { contextEntrySchema } from "../../src/core/model/schemas";
import { emptyProjectState } from "../../src/core/model/projectState";
import { storedState } from "../../src/core/model/storedState";
import type { RecordPlace } from "../../src/core/ports/ledger";
import { silentLogger, systemClock } from "../support/systemClock";
import { until } from "../support/until";
import { testConsents } from "../support/testConsents";
import { noTerminals } from "../support/noTerminals";

type Report = (line: string) => void;

const options: FileLedgerOptions = { clock: systemClock, ids: createIds(), sanitize: (text) => text };

const nobodyElse: Processes = { host: "h", pid: 1, started_at: "1", isAlive: () => Promise.resolve(false) };

/** Lines of about 315 bytes, as in the measurements that the goals come from (durability 8.1). */
const draft: EntryDraft = {
  session_name: "proj-alpha::builder::1",
  actor: "engine",
  kind: "result",
  text: "The build ended after 42 seconds with exit code 0.",
  command_id: "c-0001",
  outcome: "exited",
  exit_code: 0,
  known_by: "mark",
  duration_ms: 42_000,
};

function sampleEntry(index: number): ContextEntry {
  return { id: `01K${String(index).padStart(23, "0")}`, project_id: "alpha", ts: "2026-01-01T00:00:00.000Z", ...draft };
}

function percentile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

interface Timing {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

/** `count` calls by `callers` at once; times in milliseconds. */
async function timeCalls(count: number, callers: number, call: () => Promise<unknown>): Promise<Timing> {
  const times = new Float64Array(count);
  let next = 0;
  const caller = async (): Promise<void> => {
    while (next < count) {
      const index = next++;
      const began = performance.now();
      await call();
      times[index] = performance.now() - began;
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: callers }, caller));
  const seconds = (performance.now() - began) / 1000;
  times.sort();
  return { perSecond: count / seconds, p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
}

/** Of each figure by itself, over rounds that took turns with the raw ones: other load on the machine hits both. */
function median(timings: readonly Timing[]): Timing {
  const middle = (figures: number[]): number => figures.sort((a, b) => a - b)[Math.floor(figures.length / 2)] ?? 0;
  return {
    perSecond: middle(timings.map((timing) => timing.perSecond)),
    p50: middle(timings.map((timing) => timing.p50)),
    p99: middle(timings.map((timing) => timing.p99)),
  };
}

/** Other load on the machine only adds to a time. */
function least(figures: readonly number[]): number {
  return Math.min(...figures);
}

function verdict(good: boolean): string {
  return good ? "met" : "MISSED";
}

async function newLedger(folder: string, name: string): Promise<FileLedger> {
  const project = {
    project_id: name,
    name,
    goal: "",
    status: "running" as const,
    default_cwd: "/",
    active_branch: null,
    owner: "human:bench",
    updated_at: "2026-01-01T00:00:00.000Z",
  };
  return new FileProjectStore(folder, options).create(project);
}

async function benchAppend(folder: string, report: Report): Promise<void> {
  const line = encodeLine(sampleEntry(1));
  const raw = await open(join(folder, "raw.jsonl"), "a");
  const ledger = await newLedger(folder, "append");
  const rounds = 5;
  const raws: Timing[] = [];
  const writtens: Timing[] = [];
  for (let round = 0; round < rounds + 1; round++) {
    raws.push(await timeCalls(5000, 1, () => raw.write(line)));
    writtens.push(await timeCalls(10_000, 64, () => ledger.append(draft, "written")));
  }
  // The first round warms up.
  const rawWrite = median(raws.slice(1));
  const written = median(writtens.slice(1));
  const alone = await timeCalls(3000, 1, () => ledger.append(draft, "written"));
  const share = written.perSecond / rawWrite.perSecond;
  const p99 = least(writtens.map((timing) => timing.p99));
  report(
    `P1 written append, 64 callers: ${share.toFixed(2)}x raw write (goal >= 0.30), p99 ${p99.toFixed(2)} ms in the best round (goal < 5): ` +
      `${verdict(share >= 0.3 && p99 < 5)}; one caller ${(alone.perSecond / rawWrite.perSecond).toFixed(2)}x`,
  );
  await benchSynced(raw, ledger, line, report);
  await Promise.all([raw.close(), ledger.close()]);
}

async function benchSynced(raw: FileHandle, ledger: FileLedger, line: Buffer, report: Report): Promise<void> {
  const raws: Timing[] = [];
  const together: Timing[] = [];
  const single: Timing[] = [];
  for (let round = 0; round < 5; round++) {
    raws.push(
      await timeCalls(300, 1, async () => {
        await raw.write(line);
        await raw.datasync();
      }),
    );
    single.push(await timeCalls(300, 1, () => ledger.append(draft, "synced")));
    together.push(await timeCalls(5000, 64, () => ledger.append(draft, "synced")));
  }
  const rawSynced = median(raws);
  const gain = median(together).perSecond / rawSynced.perSecond;
  report(
    `P2 synced append, 64 callers: ${gain.toFixed(1)}x one caller with write and datasync each (goal >= 15): ${verdict(gain >= 15)}`,
  );
  const cost = median(single).p50 / rawSynced.p50;
  report(
    `P3 synced append, one caller: p50 ${cost.toFixed(2)}x write and datasync (goal <= 1.5): ${verdict(cost <= 1.5)}; raw p50 ${rawSynced.p50.toFixed(2)} ms`,
  );
}

function benchEncode(report: Report): void {
  const count = 100_000;
  const entry = sampleEntry(7);
  const encode = (): number => {
    const checked = contextEntrySchema.parse(entry);
    return encodeLine(checked).length;
  };
  let bytes = 0;
  for (let index = 0; index < 10_000; index++) bytes += encode();
  const began = performance.now();
  for (let index = 0; index < count; index++) bytes += encode();
  const micros = ((performance.now() - began) * 1000) / count;
  report(
    `P4 check and encode: ${micros.toFixed(2)} us an entry (goal <= 10) of ${Math.round(bytes / (count + 10_000))} bytes: ${verdict(micros <= 10)}`,
  );
}

/** Puts segments of a size that appending would give straight on the disk. */
async function writeRecord(ledger: FileLedger, count: number): Promise<void> {
  const perSegment = 49_000;
  for (let first = 0, segment = 1; first < count; first += perSegment, segment++) {
    const lines: Buffer[] = [];
    for (let index = first; index < Math.min(count, first + perSegment); index++)
      lines.push(encodeLine(sampleEntry(index)));
    await writeFile(join(ledger.folder, `events-${String(segment).padStart(6, "0")}.jsonl`), Buffer.concat(lines), {
      mode: 0o600,
    });
  }
}

interface Load {
  readonly ms: number;
  readonly entries: number;
  /** Longest time in milliseconds that the event loop was held up. */
  readonly stall: number;
  readonly rssMb: number;
}

async function load(ledger: FileLedger): Promise<Load> {
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  let entries = 0;
  let rss = 0;
  const began = performance.now();
  for await (const { entry } of ledger.read()) {
    if (entry.kind !== "") entries++;
    if (entries % 20_000 === 0) rss = Math.max(rss, process.memoryUsage.rss());
  }
  const ms = performance.now() - began;
  // The timer that measures a stall fires after it.
  await new Promise((resolve) => setTimeout(resolve, 5));
  delays.disable();
  return { ms, entries, stall: delays.max / 1e6, rssMb: rss / 2 ** 20 };
}

/** The floor of all reading: bytes to lines to JSON.parse, nothing checked. */
async function rawLoad(ledger: FileLedger): Promise<number> {
  const began = performance.now();
  for (const segment of [1, 2, 3]) {
    const file = await open(join(ledger.folder, `events-00000${segment}.jsonl`));
    for await (const line of file.readLines()) JSON.parse(line);
  }
  return performance.now() - began;
}

async function benchLoad(folder: string, report: Report): Promise<void> {
  const ledger = await newLedger(folder, "load");
  await writeRecord(ledger, 100_000);
  const raws: number[] = [];
  const colds: Load[] = [];
  for (let round = 0; round < 3; round++) {
    raws.push(await rawLoad(ledger));
    colds.push(await load(ledger));
  }
  const cold = least(colds.map((one) => one.ms));
  report(
    `P5 open ${colds[0]?.entries ?? 0} entries, checked: ${cold.toFixed(0)} ms (goal <= 800), ` +
      `${(cold / least(raws)).toFixed(2)}x readLines and JSON.parse: ${verdict(cold <= 800)}`,
  );
  const upTo = await positionBefore(ledger, 99_000);
  await ledger.writeCheckpoint({ state: storedState(emptyProjectState()), upTo, newest_id: sampleEntry(98_999).id });
  const began = performance.now();
  const { read } = await replay(ledger, "checkpoint");
  const warm = performance.now() - began;
  report(
    `P5 state with a checkpoint and ${read} entries after it: ${warm.toFixed(1)} ms (goal <= 30): ${verdict(read === 1000 && warm <= 30)}`,
  );
  const stall = least(colds.map((one) => one.stall));
  report(`P7 longest stall while loading, best of three: ${stall.toFixed(1)} ms (goal <= 25): ${verdict(stall <= 25)}`);
  await ledger.close();
}

async function positionBefore(ledger: FileLedger, index: number): Promise<RecordPlace> {
  let count = 0;
  for await (const { at } of ledger.read()) if (count++ === index) return at;
  throw new Error(`fewer than ${index} entries`);
}

async function benchLarge(folder: string, report: Report): Promise<void> {
  const ledger = await newLedger(folder, "large");
  await writeRecord(ledger, 1_000_000);
  const times: number[] = [];
  for (let round = 0; round < 5; round++) {
    const began = performance.now();
    const last = await ledger.last(1000);
    times.push(last.length === 1000 ? performance.now() - began : Infinity);
  }
  const last = times.sort((a, b) => a - b)[2] ?? Infinity;
  report(`P8 last 1,000 of 1,000,000 entries: ${last.toFixed(1)} ms (goal <= 20): ${verdict(last <= 20)}`);
  const large = loadInOwnProcess(folder);
  report(
    `P6 open ${large.entries} entries: ${(large.ms / 1000).toFixed(2)} s (goal <= 8), RSS ${large.rssMb.toFixed(0)} MB (goal < 200): ` +
      verdict(large.ms <= 8000 && large.rssMb < 200),
  );
  await ledger.close();
}

/** Answers that one figure is made of. */
const answers = 31;
const question: EntryDraft = {
  session_name: "proj-alpha::builder::1",
  actor: "engine",
  kind: "blocked",
  human_attention_needed: true,
  text: "What is it to be called?",
};

interface AnswerTimes {
  /** Milliseconds until a window has the record's state, and its newest entries, from the checkpoint on. */
  readonly open: number;
  /** For one answer through the record that the window follows: the median, and the longest. */
  readonly median: number;
  readonly longest: number;
  /** As much when all of the record is read for the one answer. */
  readonly anew: number;
}

/** A person answers in a window while somebody else writes the record. */
async function timeAnswers(folder: string, count: number): Promise<AnswerTimes> {
  const name = `answers-${count}`;
  const others = await newLedger(folder, name);
  await writeRecord(others, count);
  const { state, upTo, newest_id } = await replay(others, "beginning");
  await others.writeCheckpoint({ state: storedState(state), upTo, newest_id });
  const by = {
    actor: "human:bench",
    clock: systemClock,
    processes: nobodyElse,
    consents: testConsents(),
    plans: plansHere,
    insideSession: undefined,
    runsHere: false,
  };
  const answerOne = async (record: ProjectRecord, id: string): Promise<unknown> =>
    answerQuestion(record, by, { question: id, text: "alpha", resume: "no", terminals: noTerminals });
  const store = new FileProjectStore(folder, options);
  let began = performance.now();
  const record = await ProjectRecord.open(await store.open(name), silentLogger, {
    start: "checkpoint",
    pace: "unhurried",
    keep: 500,
  });
  const open = performance.now() - began;
  const times: number[] = [];
  for (let index = 0; index < answers; index++) {
    const { id } = await others.append(question, "written");
    await until("the question came", () => record.state.escalations.has(id));
    began = performance.now();
    await answerOne(record, id);
    times.push(performance.now() - began);
  }
  await record.close();
  const { id } = await others.append(question, "written");
  began = performance.now();
  const whole = await ProjectRecord.open(await store.open(name), silentLogger, { start: "beginning" });
  await answerOne(whole, id);
  await whole.close();
  const anew = performance.now() - began;
  await others.close();
  times.sort((a, b) => a - b);
  return { open, median: times[answers >> 1] ?? Infinity, longest: times.at(-1) ?? Infinity, anew };
}

async function benchAnswers(folder: string, report: Report): Promise<void> {
  const [few, many] = [await timeAnswers(folder, 1000), await timeAnswers(folder, 400_000)];
  report(
    `an answer in a window, 1,000 / 400,000 entries: ${few.median.toFixed(1)} / ${many.median.toFixed(1)} ms, ` +
      `longest of ${answers}: ${few.longest.toFixed(1)} / ${many.longest.toFixed(1)} ms (goal < 50): ${verdict(many.median < 50)}`,
  );
  report(
    `reading all of it for one answer: ${few.anew.toFixed(0)} / ${many.anew.toFixed(0)} ms; ` +
      `opening what a window follows: ${few.open.toFixed(0)} / ${many.open.toFixed(0)} ms`,
  );
}

/** Set for the process that loads the large record, so that its memory is not that of the other measurements. */
const loadVariable = "LEDGER_BENCH_LOAD";

function loadInOwnProcess(folder: string): Load {
  const env = { ...process.env, [loadVariable]: folder };
  const child = spawnSync(process.execPath, [process.argv[1] ?? "", "ledger"], {
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  return JSON.parse(child.stdout.trim().split("\n").at(-1) ?? "") as Load;
}

/**
 * Performance goals P1 to P8, as ratios to what the bare system does in the same run where that makes sense, and what
 * an answer costs. About 30 s.
 */
export async function benchLedger(report: Report): Promise<void> {
  const toLoad = process.env[loadVariable];
  if (toLoad !== undefined) {
    report(JSON.stringify(await load(await newLedger(toLoad, "large"))));
    return;
  }
  const folder = await mkdtemp(join(tmpdir(), "ledger-bench-"));
  try {
    await benchAppend(folder, report);
    benchEncode(report);
    await benchLoad(folder, report);
    await benchAnswers(folder, report);
    await benchLarge(folder, report);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
