import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { StreamScanner } from "../../../src/core/sense/streamScanner";
import { TerminalSignals } from "../../../src/core/sense/terminalSignals";

const folder = path.resolve("test/fixtures/screens");
const streams = readdirSync(folder).flatMap((tool) =>
  readdirSync(path.join(folder, tool))
    .filter((file) => file.endsWith(".raw"))
    .map((file) => ({ name: `${tool}/${file}`, bytes: readFileSync(path.join(folder, tool, file)) })),
);
const splits = 1000;

/** Everything that is read in these pieces: what came in its order, and what stands of it in the end. */
function read(pieces: readonly Uint8Array[]): unknown {
  const told = new TerminalSignals();
  const came: unknown[] = [];
  const scanner = new StreamScanner({
    mark: (mark) => {
      came.push(mark);
      if (mark.letter === "A") told.prompt();
    },
    mode: (mode) => {
      came.push(mode);
      told.mode(mode);
    },
    title: (text) => {
      came.push(text);
      told.title(text);
    },
    bell: () => told.bell(),
    reset: () => told.reset(),
    osc: (code, data) => {
      came.push([code, data]);
      told.osc(code, data);
    },
  });
  for (const piece of pieces) scanner.write(piece);
  return { came, facts: told.facts, notified: told.notified, reports: told.reports, changes: told.changes };
}

/** The same numbers in each run (mulberry32), from 0 to below 1. */
function numbers(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let value = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe("recorded streams, split anywhere", () => {
  it("are recorded", () => {
    expect(streams.length).toBeGreaterThanOrEqual(8);
  });

  it.each(streams)("$name says the same", { timeout: 60_000 }, ({ bytes }) => {
    const whole = read([bytes]);
    const next = numbers(bytes.length);
    const points = Array.from({ length: splits }, () => 1 + Math.floor(next() * (bytes.length - 1)));
    // Each point alone would read the whole stream a thousand times; ten at a time cut as often.
    for (let at = 0; at < splits; at += 10) {
      const cuts = [0, ...points.slice(at, at + 10).sort((one, other) => one - other), bytes.length];
      const pieces = cuts.slice(1).map((end, index) => bytes.subarray(cuts[index], end));
      expect(read(pieces)).toEqual(whole);
    }
    expect(read(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(whole);
  });
});
