import { readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeClock } from "../../support/fakeClock";
import { errno } from "../../support/faultyFiles";
import { randomBy, seed } from "../../support/seed";
import { Workspace, note, rejection, texts } from "../../support/ledgerHarness";
import { failingSegments } from "./failingSegment";

let workspace: Workspace;
beforeEach(async () => {
  workspace = await Workspace.make();
});
afterEach(() => workspace.dispose());

describe("when writing fails", () => {
  it("refuses the whole batch after a short write, and the next append starts a new line", async () => {
    let short: number | undefined;
    const ledger = await workspace.ledger({
      openSegment: failingSegments((call) => (call === "write" ? short : undefined)),
    });
    await ledger.append(note("before"), "synced");
    short = 100;
    const batch = [ledger.append(note("x"), "written"), ledger.append(note("y"), "synced")];
    expect(await Promise.all(batch.map(rejection))).toMatchObject([{ code: "disk_full" }, { code: "disk_full" }]);
    short = undefined;
    await ledger.append(note("after"), "synced");
    expect(await texts(ledger)).toEqual(["before", "after"]);
    expect(await ledger.verify()).toMatchObject({ damaged: 1, entries: 2 });
  });

  it.each([
    ["ENOSPC", "disk_full"],
    ["EDQUOT", "disk_full"],
    ["EROFS", "ledger_unwritable"],
    ["EACCES", "ledger_unwritable"],
    ["EIO", "ledger_unwritable"],
  ])("says %s as %s and goes on when it is over", async (code, expected) => {
    let failing = true;
    const fault = (call: string): undefined => {
      if (failing && (call === "write" || call === "open")) throw errno(code);
    };
    const ledger = await workspace.ledger({ openSegment: failingSegments(fault) });
    expect(await rejection(ledger.append(note("x"), "synced"))).toMatchObject({ code: expected });
    failing = false;
    await ledger.append(note("y"), "synced");
    expect(await texts(ledger)).toEqual(["y"]);
  });

  it("ends each fault at the Nth call in a clean refusal, with nothing acknowledged lost (R12)", async () => {
    const limits = { bytes: 1_000_000, entries: 4 };
    for (let failAt = 1; ; failAt++) {
      const place = await Workspace.make();
      let calls = 0;
      const fault = (): undefined => {
        if (++calls === failAt) throw errno("EIO");
      };
      const clock = new FakeClock();
      const ledger = await place.ledger({ openSegment: failingSegments(fault), limits, clock });
      const kept: string[] = [];
      for (let index = 0; index < 10; index++) {
        const result = await rejection(ledger.append(note(`n${index}`), index % 2 === 0 ? "synced" : "written"));
        if (result === "resolved") kept.push(`n${index}`);
        else expect(result).toMatchObject({ code: "ledger_unwritable" });
        clock.advance(1000);
      }
      await rejection(ledger.flush());
      await ledger.flush();
      const found = await texts(ledger);
      expect([failAt, kept.filter((text) => !found.includes(text))]).toEqual([failAt, []]);
      expect(new Set(found).size).toBe(found.length);
      expect(kept.length).toBeGreaterThanOrEqual(8);
      await place.dispose();
      if (calls < failAt) break;
      expect(failAt).toBeLessThan(300);
    }
  });

  it("tells with the next flush that a delayed sync failed", async () => {
    const clock = new FakeClock();
    const warnings: string[] = [];
    let failing = true;
    const fault = (call: string): undefined => {
      if (failing && call === "datasync") throw errno("EIO");
    };
    const logger = { debug: () => undefined, warn: (message: string) => void warnings.push(message) };
    const ledger = await workspace.ledger({ clock, logger, openSegment: failingSegments(fault) });
    await ledger.append(note("a"), "written");
    clock.advance(1000);
    await expect.poll(() => warnings).toHaveLength(1);
    failing = false;
    expect(await rejection(ledger.flush())).toMatchObject({ code: "ledger_unwritable" });
    await ledger.flush();
    expect(await texts(ledger)).toEqual(["a"]);
  });

  it("loses nothing acknowledged when space runs out at random places (R8)", async () => {
    console.log(`seed ${seed}`);
    const random = randomBy(seed);
    let space = Infinity;
    const fault = (call: string, bytes?: number): number | undefined => {
      if (call !== "write" || bytes === undefined) return undefined;
      // As tmpfs does it: first a short count, then the error.
      if (space === 0) throw errno("ENOSPC");
      const taken = Math.min(bytes, space);
      space -= taken;
      return taken;
    };
    const ledger = await workspace.ledger({
      openSegment: failingSegments(fault),
      limits: { bytes: 8000, entries: 1000 },
    });
    const kept: string[] = [];
    for (let round = 0; round < 50; round++) {
      space = Math.floor(random() * 3000);
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, index) => rejection(ledger.append(note(`r${round}n${index}`), "synced"))),
      );
      results.forEach((result, index) => {
        if (result === "resolved") kept.push(`r${round}n${index}`);
        else expect(result).toMatchObject({ code: "disk_full" });
      });
      space = Infinity;
      await ledger.append(note(`r${round}`), "synced");
      kept.push(`r${round}`);
    }
    const found = new Set(await texts(ledger));
    expect(kept.filter((text) => !found.has(text))).toEqual([]);
  });

  it.each([
    ["deleted", (folder: string) => rm(folder, { recursive: true })],
    ["moved away", (folder: string) => rename(folder, `${folder}-elsewhere`)],
  ])("says so when the folder was %s, and does not make a new one", async (_how, remove) => {
    const ledger = await workspace.ledger();
    await ledger.append(note("a"), "synced");
    await remove(workspace.folder);
    for (let attempt = 0; attempt < 2; attempt++) {
      expect(await rejection(ledger.append(note("b"), "written"))).toMatchObject({
        code: "ledger_unwritable",
        message: /gone/,
      });
    }
    expect(await rejection(texts(ledger))).toMatchObject({ code: "project_not_found" });
    expect(await rejection(ledger.readProject())).toMatchObject({ code: "project_not_found" });
    expect(await readdir(join(workspace.root, "projects"))).not.toContain("alpha");
  });

  it("goes on when the folder is back", async () => {
    const ledger = await workspace.ledger();
    await ledger.append(note("a"), "synced");
    await rename(workspace.folder, `${workspace.folder}-elsewhere`);
    await rejection(ledger.append(note("b"), "written"));
    await rename(`${workspace.folder}-elsewhere`, workspace.folder);
    await ledger.append(note("c"), "written");
    expect(await texts(ledger)).toEqual(["a", "c"]);
  });
});
