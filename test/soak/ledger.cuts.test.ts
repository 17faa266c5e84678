import { expect, it } from "vitest";
import { cutEverywhere } from "../support/cutRecords";
import { Workspace } from "../support/ledgerHarness";

it("a record that is cut off at every byte of its last four entries (R3)", async () => {
  const workspace = await Workspace.make();
  try {
    const cuts = await cutEverywhere(workspace, 0, 1);
    console.log(`${cuts} cuts: every complete entry and the next one were readable`);
    expect(cuts).toBeGreaterThan(500);
  } finally {
    await workspace.dispose();
  }
});
