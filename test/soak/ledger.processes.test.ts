import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { rounds } from "../support/seed";
import { Workspace, note, texts } from "../support/ledgerHarness";
import { buildLedgerProcess, startLedgerProcess } from "../support/startLedgerProcess";

let programs: string;
let program: string;
beforeAll(async () => {
  programs = await mkdtemp(join(tmpdir(), "ledger-program-"));
  program = await buildLedgerProcess(programs);
});
afterAll(() => rm(programs, { recursive: true, force: true }));

let workspace: Workspace;
beforeEach(async () => {
  workspace = await Workspace.make();
  await workspace.ledger();
});
afterEach(() => workspace.dispose());

it("8 writers while segments of 60 end all the time (R7, R15)", async () => {
  const limits = { bytes: 16_000, entries: 60 };
  const count = rounds(2500);
  const writers = Array.from({ length: 8 }, (_, index) =>
    startLedgerProcess(program, {
      do: "append",
      count,
      inFlight: 8,
      workspace: workspace.path,
      name: `w${index}`,
      durability: "written",
      limits,
    }),
  );
  expect(await Promise.all(writers.map((writer) => writer.ended))).toEqual(Array.from({ length: 8 }, () => 0));
  const ledger = await workspace.ledger({ limits });
  const verified = await ledger.verify();
  console.log(
    `8 writers: ${verified.entries} of ${8 * count} entries, ${verified.duplicates} doubled, ${verified.damaged} unreadable, ${verified.segments} segments`,
  );
  expect(verified).toMatchObject({ entries: 8 * count, duplicates: 0, damaged: 0, missing_segments: 0 });
  const next = new Map<string, number>();
  for (const text of await texts(ledger)) {
    const [writer = "", number] = text.split(":");
    expect(Number(number)).toBe(next.get(writer) ?? 0);
    next.set(writer, Number(number) + 1);
  }
});

it("another process sees 1,000 appends, one every 5 ms (R16)", async () => {
  const ledger = await workspace.ledger();
  const follower = startLedgerProcess(program, {
    do: "follow",
    until: "last",
    workspace: workspace.path,
    name: "f",
    durability: "written",
  });
  await follower.said(1);
  const sent = new Map<string, number>();
  const count = rounds(1000);
  for (let index = 0; index <= count; index++) {
    const text = index === count ? "last" : `n${index}`;
    sent.set(text, Date.now());
    await ledger.append(note(text), "written");
    await pause(5);
  }
  expect(await follower.ended).toBe(0);
  const seen = follower.lines.slice(1, -1).map((line) => line.split(" ") as [string, string]);
  expect(seen.map(([text]) => text)).toEqual([...sent.keys()]);
  const delays = seen.map(([text, at]) => Number(at) - (sent.get(text) ?? 0)).sort((one, other) => one - other);
  const at = (share: number): number => delays[Math.floor((delays.length - 1) * share)] ?? 0;
  console.log(
    `${delays.length} appends seen by another process: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, latest ${at(1)} ms`,
  );
});
