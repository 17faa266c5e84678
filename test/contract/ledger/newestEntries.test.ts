import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FileLedger } from "../../../src/adapters/ledger/fileLedger";
import { ProjectRecord } from "../../../src/core/record/projectRecord";
import { keepCheckpoint } from "../../../src/core/record/replay";
import { silentLogger } from "../../support/systemClock";
import { until } from "../../support/until";
import { Workspace, note } from "../../support/ledgerHarness";

let workspace: Workspace;
let ledger: FileLedger;
const records: ProjectRecord[] = [];
beforeEach(async () => {
  workspace = await Workspace.make();
  ledger = await workspace.ledger();
});
afterEach(async () => {
  await Promise.all(records.splice(0).map((record) => record.close()));
  await workspace.dispose();
});

async function opened(keep: number): Promise<ProjectRecord> {
  const record = await ProjectRecord.open(await workspace.ledger(), silentLogger, {
    start: "checkpoint",
    pace: "unhurried",
    keep,
  });
  records.push(record);
  return record;
}

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
      const record = await opened(keep);
      expect(record.recent.map(({ text }) => text)).toEqual(numbers(Math.max(0, 8 - keep), Math.min(8, keep)));
      expect(record.state.entries).toBe(8);
    }
    const record = await opened(3);
    await write(8, 2);
    await until("both came", () => record.state.entries === 10);
    expect(record.recent.map(({ text }) => text)).toEqual(numbers(7, 3));
  });

  it("has them also where a checkpoint leaves little to be read", async () => {
    await write(0, 2000);
    await keepCheckpoint(ledger);
    await write(2000, 2);
    expect(await ledger.readCheckpoint()).toBeDefined();
    const record = await opened(4);
    expect(record.recent.map(({ text }) => text)).toEqual(numbers(1998, 4));
    expect(record.state.entries).toBe(2002);
  });
});
