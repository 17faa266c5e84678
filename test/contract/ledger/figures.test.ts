import { afterEach, beforeEach, expect, test } from "vitest";
import type { FileLedger } from "../../../src/adapters/ledger/fileLedger";
import { FiguresOfRecord } from "../../../src/viewing/figuresOfRecord";
import { Workspace } from "../../support/ledgerHarness";
import { systemClock } from "../../support/systemClock";

let workspace: Workspace;
beforeEach(async () => {
  workspace = await Workspace.make();
});
afterEach(() => workspace.dispose());

const session_name = "proj-alpha::coder::1";

let now = Date.UTC(2026, 10, 30);
const clock = { ...systemClock, now: () => now };

/** A second of each state in each round. */
async function work(ledger: FileLedger, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++)
    for (const state of ["working", "waiting"]) {
      now += 1000;
      await ledger.append(
        { kind: "state", actor: "engine", session_name, state, event: "sensed", text: state, generation: 1 },
        "written",
      );
    }
}

test("are of all files of a log, and read on from where they were read to", async () => {
  const ledger = await workspace.ledger({ clock, limits: { bytes: 1_000_000, entries: 7 } });
  const holder = "human:ann";
  await ledger.append(
    { kind: "lease", event: "claimed", actor: holder, holder, session_name: null, text: "", generation: 1 },
    "synced",
  );
  await ledger.append(
    { kind: "session", event: "created", actor: "engine", session_name, role: "coder", state: "idle", text: "" },
    "written",
  );
  const figures = new FiguresOfRecord(ledger, systemClock);
  await work(ledger, 10);
  const half = await figures.read(() => false);
  expect([half.total.working_ms, half.total.waiting_ms]).toEqual([10_000, 9_000]);
  await work(ledger, 10);
  const [whole, again] = await Promise.all([figures.read(() => false), figures.read(() => false)]);
  expect([whole.total.working_ms, whole.total.waiting_ms]).toEqual([20_000, 19_000]);
  expect(again).toEqual(whole);
  expect(await new FiguresOfRecord(ledger, systemClock).read(() => false)).toEqual(whole);
});

test("give way to others every few milliseconds, however long the log is", async () => {
  const ledger = await workspace.ledger();
  await work(ledger, 200);
  let ms = 0;
  let rests = 0;
  const slowClock = {
    ...systemClock,
    // Each look at the clock is a millisecond later.
    monotonic: () => ms++,
    after: (...given: Parameters<typeof systemClock.after>) => {
      rests++;
      return systemClock.after(...given);
    },
  };
  await new FiguresOfRecord(ledger, slowClock).read(() => false);
  expect(rests).toBeGreaterThan(50);
});
