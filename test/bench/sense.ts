import { readdirSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { shippedCatalog } from "../../src/core/sense/programs/catalog";
import { sampleFactsSchema } from "../../src/core/model/sampleFacts";
import { factsOfSample } from "../../src/core/sense/sample";
import { senseTerminal } from "../../src/core/sense/senseTerminal";
import { StreamScanner } from "../../src/core/sense/streamScanner";
import { TerminalSignals } from "../../src/core/sense/terminalSignals";
import { recordings, sensed } from "../support/recordedScreens";
import { followMany } from "./manySessions";
import { row, summarize, verdict } from "./measures";

const screens = "test/fixtures/screens";
const megabyte = 1024 * 1024;

async function filesOf(end: string): Promise<string[]> {
  const tools = await readdir(screens);
  const lists = await Promise.all(
    tools.map(async (tool) => (await readdir(join(screens, tool))).map((file) => join(screens, tool, file))),
  );
  return lists.flat().filter((file) => file.endsWith(end));
}

/** What each recorded screen was, and what it is taken for. */
function compareScreens(report: (line: string) => void): void {
  const tools = readdirSync(screens);
  const all = tools.flatMap((tool) => recordings(tool));
  const waits = all.filter(({ expected }) => expected.startsWith("waiting"));
  const others = all.filter(({ expected }) => !expected.startsWith("waiting"));
  const right = all.filter(({ facts, expected }) => sensed(facts) === expected).length / all.length;
  const found = waits.filter(({ facts }) => sensed(facts).startsWith("waiting")).length / waits.length;
  const wrong = others.filter(({ facts }) => sensed(facts).startsWith("waiting")).length / others.length;
  report(verdict(`${all.length} recorded screens: right`, right * 100, " %", "≥ 95", right >= 0.95));
  report(verdict("recall of waiting", found * 100, " %", "≥ 98", found >= 0.98));
  report(verdict("false waiting", wrong * 100, " %", "≤ 0.5", wrong <= 0.005));
}

/** MB of a stream that are read in a second. */
function readingRate(bytes: Uint8Array, times: number): number {
  const told = new TerminalSignals();
  const scanner = new StreamScanner({
    title: (text) => told.title(text),
    mode: (mode) => told.mode(mode),
    osc: (code, data) => told.osc(code, data),
    bell: () => told.bell(),
    mark: () => undefined,
  });
  const begun = performance.now();
  for (let time = 0; time < times; time++)
    for (let at = 0; at < bytes.length; at += 65_536) scanner.write(bytes.subarray(at, at + 65_536));
  return (bytes.length * times) / megabyte / ((performance.now() - begun) / 1000);
}

async function readStreams(report: (line: string) => void): Promise<void> {
  const plain = Buffer.from("0123456789012345678901234567890123456789012345678901234567890\r\n".repeat(16_384));
  const rate = Math.max(readingRate(plain, 20), readingRate(plain, 20));
  report(verdict("plain text, MB/s", rate, "", "≥ 100", rate >= 100));
  const recorded = Buffer.concat(await Promise.all((await filesOf(".raw")).map((file) => readFile(file))));
  if (recorded.length === 0) return;
  const times = Math.ceil((20 * megabyte) / recorded.length);
  const drawn = Math.max(readingRate(recorded, times), readingRate(recorded, times));
  report(verdict("recorded screens of agents, MB/s", drawn, "", "≥ 30", drawn >= 30));
}

async function lookAtScreens(report: (line: string) => void): Promise<void> {
  const facts = await Promise.all(
    (await filesOf(".txt")).map(async (file) => {
      const json: unknown = JSON.parse(await readFile(file.replace(/\.txt$/, ".json"), "utf8"));
      return factsOfSample(await readFile(file, "utf8"), sampleFactsSchema.parse(json));
    }),
  );
  const samples: number[] = [];
  for (let time = 0; time < 5; time++)
    for (const each of facts) {
      const begun = performance.now();
      senseTerminal(each, shippedCatalog);
      if (time > 0) samples.push(performance.now() - begun);
    }
  report(row(`one look at a screen (${facts.length} recorded ones)`, summarize(samples)));
}

/** What it costs to know what terminals do. */
export async function benchSense(report: (line: string) => void): Promise<void> {
  report("\nsense: reading streams, looking at screens, following sessions");
  compareScreens(report);
  await readStreams(report);
  await lookAtScreens(report);
  await followMany({ count: 100, active: 10, percent: 5 }, report);
  await followMany({ count: 1000, active: 10, percent: 25 }, report);
  await followMany({ count: 1000, active: 100, percent: 25 }, report);
}
