import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FileLedger } from "../../../src/adapters/ledger/fileLedger";
import { RecordFollower } from "../../../src/core/record/recordFollower";
import { keepCheckpoint } from "../../../src/core/record/replay";
import { until } from "../../support/until";
import { Workspace, note } from "../../support/ledgerHarness";

let workspace: Workspace;
let ledger: FileLedger;
beforeEach(async () => {
  workspace = await Workspace.make();
  ledger = await workspace.ledger();
});
afterEach(() => workspace.dispose());

async function write(from: number, count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, index) => ledger.append(note(String(from + index)), "written")));
}

function numbers(from: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => String(from + index));
}

describe("a record that is followed", () => {
  it("has its newest entries, however many there are, and then those that come", async () => {
    await write(0, 8);
    for (const keep of [2, 3, 5, 8, 20]) {
      const follower = await RecordFollower.open(ledger, keep);
      expect(follower.recent.map(({ text }) => text)).toEqual(numbers(Math.max(0, 8 - keep), Math.min(8, keep)));
      expect(follower.state.entries).toBe(8);
      follower.close();
    }
    const follower = await RecordFollower.open(ledger, 3);
    await write(8, 2);
    await until("both came", () => follower.state.entries === 10);
    expect(follower.recent.map(({ text }) => text)).toEqual(numbers(7, 3));
    follower.close();
  });

  it("has them also where a checkpoint leaves little to be read", async () => {
    await write(0, 2000);
    await keepCheckpoint(ledger);
    await write(2000, 2);
    expect(await ledger.readCheckpoint()).toBeDefined();
    const follower = await RecordFollower.open(ledger, 4);
    expect(follower.recent.map(({ text }) => text)).toEqual(numbers(1998, 4));
    expect(follower.state.entries).toBe(2002);
    follower.close();
  });
});
