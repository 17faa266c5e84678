import { appendFile, rename, rm, truncate, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FolderChanges } from "../../../src/adapters/ledger/follow";
import { deferred } from "../../../src/core/base/async";
import type { Ledger, RecordPlace } from "../../../src/core/ports/ledger";
import { FakeClock } from "../../support/fakeClock";
import { until } from "../../support/until";
import { Workspace, note, stored } from "../../support/ledgerHarness";

let workspace: Workspace;
let stop: AbortController;
beforeEach(async () => {
  workspace = await Workspace.make();
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort();
  await workspace.dispose();
});

interface Following {
  readonly seen: string[];
  /** Resolves when the loop is over, with the error that ended it. */
  readonly over: Promise<unknown>;
  has(count: number): Promise<void>;
}

function follow(ledger: Ledger, from?: RecordPlace): Following {
  const seen: string[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const over = (async () => {
    try {
      for await (const { entry } of ledger.follow(from, stop.signal)) {
        seen.push(entry.text);
        for (const one of waiting) if (seen.length >= one.count) one.resolve();
      }
      return undefined;
    } catch (error) {
      return error;
    }
  })();
  return {
    seen,
    over,
    has: async (count) => {
      if (seen.length >= count) return;
      const reached = deferred<undefined>();
      waiting.push({ count, resolve: () => reached.resolve(undefined) });
      await reached.promise;
    },
  };
}

describe("follow", () => {
  it("gives what is there, then what comes, and ends with the signal", async () => {
    const ledger = await workspace.ledger();
    await ledger.append(note("a"), "written");
    const following = follow(ledger);
    await following.has(1);
    for (const text of ["b", "c"]) await ledger.append(note(text), "written");
    await following.has(3);
    stop.abort();
    expect(await following.over).toBeUndefined();
    expect(following.seen).toEqual(["a", "b", "c"]);
  });

  it("begins where it is told, also before there is any entry", async () => {
    const ledger = await workspace.ledger();
    const fromNothing = follow(ledger);
    await ledger.append(note("a"), "written");
    await fromNothing.has(1);
    const [first] = await stored(ledger);
    const fromFirst = follow(ledger, first?.next);
    await ledger.append(note("b"), "written");
    await Promise.all([fromNothing.has(2), fromFirst.has(1)]);
    expect([fromNothing.seen, fromFirst.seen]).toEqual([["a", "b"], ["b"]]);
  });

  it("waits for a line to be complete, and for an end mark although the next segment is there", async () => {
    const other = await Workspace.make();
    const otherLedger = await other.ledger();
    await otherLedger.append(note("second"), "written");
    const second = await other.bytes();
    await other.dispose();
    const ledger = await workspace.ledger();
    await ledger.append(note("a"), "written");
    await writeFile(workspace.segment(2), "");
    const following = follow(ledger);
    await following.has(1);
    await appendFile(workspace.segment(), second.subarray(0, 40));
    await appendFile(workspace.segment(), second.subarray(40));
    await following.has(2);
    expect(following.seen).toEqual(["a", "second"]);
  });

  it("goes on into new segments", async () => {
    const ledger = await workspace.ledger({ limits: { bytes: 1_000_000, entries: 3 } });
    const following = follow(ledger);
    for (let index = 0; index < 20; index++) await ledger.append(note(`n${index}`), "written");
    await following.has(20);
    expect(following.seen).toEqual(Array.from({ length: 20 }, (_, index) => `n${index}`));
  });

  it("polls once a second where the system watches nothing", async () => {
    const clock = new FakeClock();
    const changes = new FolderChanges(`${workspace.path}/not-there`, clock, [stop.signal]);
    let woken = 0;
    const waiting = changes.wait().then((more) => {
      woken++;
      return more;
    });
    await clock.advanceAsync(999);
    expect(woken).toBe(0);
    await clock.advanceAsync(1);
    expect([woken, await waiting]).toEqual([1, true]);
    const last = changes.wait();
    stop.abort();
    expect(await last).toBe(false);
    expect(clock.pending).toBe(0);
    changes.dispose();
  });

  it("meets what was appended through the same ledger at once, also for who only looks", async () => {
    const clock = new FakeClock();
    const ledger = await workspace.ledger({ clock });
    const seen: string[] = [];
    const followed = (async () => {
      for await (const { entry } of ledger.follow(undefined, stop.signal, "unhurried")) seen.push(entry.text);
    })();
    for (const text of ["one", "two", "three"]) {
      await ledger.append(note(text), "written");
      // No time passes on this clock: neither the rest between two looks nor the second between two polls ends.
      await until(`${text} is met`, () => seen.includes(text));
    }
    stop.abort();
    await followed;
    expect(seen).toEqual(["one", "two", "three"]);
  });

  it("looks at most every tenth of a second for who only looks", async () => {
    const clock = new FakeClock();
    const changes = new FolderChanges(workspace.path, clock, [stop.signal], 100);
    const change = async (): Promise<void> => writeFile(`${workspace.path}/changed`, "");
    await change();
    expect(await changes.wait()).toBe(true);
    let woken = false;
    const second = changes.wait().then(() => (woken = true));
    await change();
    await until("the change was seen, and it rests", () => clock.untilNext === 100);
    await change();
    await clock.advanceAsync(99);
    expect(woken).toBe(false);
    await clock.advanceAsync(1);
    await second;
    // Whatever came meanwhile was seen by that look.
    const third = changes.wait();
    stop.abort();
    expect(await third).toBe(false);
    expect(clock.pending).toBe(0);
    changes.dispose();
  });

  it("sees a change at once although the clock stands still, and leaves no timer", async () => {
    const clock = new FakeClock();
    const ledger = await workspace.ledger({ clock });
    const following = follow(ledger);
    await ledger.append(note("a"), "synced");
    await following.has(1);
    stop.abort();
    expect(await following.over).toBeUndefined();
    expect(clock.pending).toBe(0);
  });

  it.each([
    ["deleted", () => rm(workspace.folder, { recursive: true }), "project_not_found"],
    ["moved away", () => rename(workspace.folder, `${workspace.folder}-elsewhere`), "project_not_found"],
    ["cut", () => truncate(workspace.segment(), 10), "ledger_corrupt"],
  ])("ends with a clear error when the record is %s", async (_how, change, code) => {
    const ledger = await workspace.ledger();
    await ledger.append(note("a"), "synced");
    const following = follow(ledger);
    await following.has(1);
    await change();
    expect(await following.over).toMatchObject({ code });
  });

  it("ends with an error when the record is deleted before it has a segment", async () => {
    const ledger = await workspace.ledger();
    const following = follow(ledger);
    await rm(workspace.folder, { recursive: true });
    expect(await following.over).toMatchObject({ code: "project_not_found" });
  });

  it("ends when the ledger is closed", async () => {
    const ledger = await workspace.ledger();
    await ledger.append(note("a"), "synced");
    const following = follow(ledger);
    await following.has(1);
    await ledger.close();
    expect(await following.over).toBeUndefined();
  });

  it("leaves no open file or watch behind", async () => {
    const ledger = await workspace.ledger();
    await ledger.append(note("a"), "synced");
    await ledger.close();
    const count = (): number => process.getActiveResourcesInfo().filter((name) => name.startsWith("FS")).length;
    const reader = await workspace.ledger();
    const before = count();
    for (let round = 0; round < 3; round++) {
      for await (const { entry } of reader.follow(undefined, stop.signal)) {
        expect(entry.text).toBe("a");
        expect(count()).toBeGreaterThan(before);
        break;
      }
    }
    await expect.poll(count).toBe(before);
  });
});
