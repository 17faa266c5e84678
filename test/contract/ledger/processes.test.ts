import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { asFilePlace } from "../../../src/adapters/ledger/filePlace";
import { listSegments } from "../../../src/adapters/ledger/segments";
import { killWriters, sayKills } from "../../support/killCampaign";
import { Workspace, note, stored, texts } from "../../support/ledgerHarness";
import { type LedgerProcess, buildLedgerProcess, startLedgerProcess } from "../../support/startLedgerProcess";

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

/** Each writer's numbers must come in its own order, without a hole. */
function expectAllInOrder(all: readonly string[], writers: number, count: number): void {
  const next = new Map<string, number>();
  for (const text of all) {
    const [writer, number] = text.split(":") as [string, string];
    expect(`${writer}:${number}`).toBe(`${writer}:${next.get(writer) ?? 0}`);
    next.set(writer, Number(number) + 1);
  }
  expect([...next.values()]).toEqual(Array.from({ length: writers }, () => count));
}

describe("several processes on one record", () => {
  it("keep 8 x 1,000 entries, each writer's in order (R7)", async () => {
    const writers = Array.from({ length: 8 }, (_, index) =>
      startLedgerProcess(program, {
        do: "append",
        count: 1000,
        inFlight: 16,
        workspace: workspace.path,
        name: `w${index}`,
        durability: "written",
      }),
    );
    expect(await Promise.all(writers.map((writer) => writer.ended))).toEqual(Array.from({ length: 8 }, () => 0));
    const ledger = await workspace.ledger();
    expectAllInOrder(await texts(ledger), 8, 1000);
    expect(await ledger.verify()).toMatchObject({
      entries: 8000,
      damaged: 0,
      duplicates: 0,
      incomplete_tail: 0,
      segments: 1,
    });
  });

  it("lose nothing when segments end all the time, and a follower sees all in the order of the record (R15)", async () => {
    const limits = { bytes: 16_000, entries: 60 };
    const follower = await workspace.ledger();
    const stop = new AbortController();
    const followed: string[] = [];
    const following = (async () => {
      for await (const { entry } of follower.follow(undefined, stop.signal)) {
        followed.push(entry.text);
        if (followed.length === 4000) stop.abort();
      }
    })();
    const writers = Array.from({ length: 4 }, (_, index) =>
      startLedgerProcess(program, {
        do: "append",
        count: 1000,
        inFlight: 8,
        workspace: workspace.path,
        name: `w${index}`,
        durability: "written",
        limits,
      }),
    );
    expect(await Promise.all(writers.map((writer) => writer.ended))).toEqual([0, 0, 0, 0]);
    await following;
    const ledger = await workspace.ledger({ limits });
    const all = await stored(ledger);
    expectAllInOrder(
      all.map((item) => item.entry.text),
      4,
      1000,
    );
    // What was seen while it was written has the very order that stands in the files: nothing appeared behind the
    // reader.
    expect(followed).toEqual(all.map((item) => item.entry.text));
    const segments = await listSegments(workspace.folder);
    expect(segments).toEqual(Array.from({ length: segments.length }, (_, index) => index + 1));
    expect(segments.length).toBeGreaterThan(60);
    const counts = await ledger.verify();
    expect(counts).toMatchObject({ entries: 4000, damaged: 0, duplicates: 0 });
    expect((await ledger.last(4000)).map((entry) => entry.text)).toEqual(followed);
    // Each of the other three may have a batch on its way when a segment is full.
    const largest = Math.max(
      ...segments.map((segment) => all.filter((item) => asFilePlace(item.at).segment === segment).length),
    );
    expect(largest).toBeLessThanOrEqual(60 + 3 * 8);
  });

  it.each([
    ["also while segments end (R1)", { kills: 24, limits: { bytes: 200_000, entries: 300 } }],
    ["with 200 KB in a line (R2)", { kills: 8, lineBytes: 200_000, most: 6 }],
    ["with 200 KB in a file beside the record", { kills: 8, textBytes: 200_000, most: 6 }],
  ])("lose nothing that was acknowledged when they are killed, %s", async (_how, campaign) => {
    const figures = await killWriters(program, workspace, { writers: 4, ...campaign });
    console.log(sayKills(figures));
    expect(figures).toMatchObject({ kills: campaign.kills, lost: [], doubled: 0, disordered: 0, unreadable: 0 });
    expect(figures.acknowledged).toBeGreaterThanOrEqual(campaign.kills);
  });
});

describe("following from another process", () => {
  it("sees 300 appends, the last one too (R16)", async () => {
    const ledger = await workspace.ledger();
    const follower: LedgerProcess = startLedgerProcess(program, {
      do: "follow",
      until: "last",
      workspace: workspace.path,
      name: "f",
      durability: "written",
    });
    await follower.said(1);
    const sent: string[] = [];
    for (let index = 0; index < 300; index++) {
      sent.push(`n${index}`);
      await ledger.append(note(`n${index}`), "written");
    }
    const began = Date.now();
    await ledger.append(note("last"), "written");
    expect(await follower.ended).toBe(0);
    const seen = follower.lines.slice(1, -1).map((line) => line.split(" ") as [string, string]);
    expect(seen.map(([text]) => text)).toEqual([...sent, "last"]);
    expect(Number(seen.at(-1)?.[1]) - began).toBeLessThan(1100);
  });
});
