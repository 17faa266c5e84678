import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FileLedger } from "../../../src/adapters/ledger/fileLedger";
import { FakeClock } from "../../support/fakeClock";
import { failingSegments } from "./failingSegment";
import { Workspace, note, project, rejection, texts } from "../../support/ledgerHarness";

let workspace: Workspace;
beforeEach(async () => {
  workspace = await Workspace.make();
});
afterEach(() => workspace.dispose());

describe("a process that must leave (R19)", () => {
  /** A disk that does not answer to one kind of call. */
  async function stuck(call: string): Promise<{ clock: FakeClock; ledger: FileLedger }> {
    const clock = new FakeClock();
    const ledger = await workspace.ledger({
      clock,
      openSegment: failingSegments((made) => (made === call ? new Promise(() => undefined) : undefined)),
    });
    return { clock, ledger };
  }

  it("has everything written that was queued", async () => {
    const clock = new FakeClock();
    const ledger = await workspace.ledger({ clock });
    const pending = Array.from({ length: 500 }, (_, index) =>
      ledger.append(note(`n${index}`), index % 2 === 0 ? "synced" : "written"),
    );
    await ledger.close(500);
    await Promise.all(pending);
    expect(clock.pending).toBe(0);
    expect(await texts(await workspace.ledger())).toHaveLength(500);
  });

  it("is told what could not be written in time, and so is who wanted it", async () => {
    const { clock, ledger } = await stuck("write");
    const pending = ["synced", "written", "written"].map((durability, index) =>
      rejection(ledger.append(note(`n${index}`), durability as "synced")),
    );
    const closing = rejection(ledger.close(500));
    let closed = false;
    void closing.then(() => (closed = true));
    await clock.advanceAsync(499);
    expect(closed).toBe(false);
    await clock.advanceAsync(1);
    expect(await closing).toMatchObject({
      code: "ledger_unwritable",
      message: "3 events could not be written in time.",
    });
    expect(await Promise.all(pending)).toMatchObject(Array.from({ length: 3 }, () => ({ code: "ledger_unwritable" })));
    expect(await rejection(ledger.append(note("late"), "written"))).toMatchObject({ code: "ledger_unwritable" });
  });

  it("closes each record that it wrote to, and knows no others", async () => {
    const store = workspace.store();
    const [a, b] = await Promise.all([store.create(project("a")), store.create(project("b"))]);
    const pending = [a.append(note("in a"), "written"), b.append(note("in b"), "synced")];
    await store.close(500);
    await Promise.all(pending);
    for (const ledger of [a, b])
      expect(await rejection(ledger.append(note("late"), "written"))).toMatchObject({ code: "ledger_unwritable" });
    await store.close(500);
  });

  it("need not wait for a disk that has only what the system took already", async () => {
    const { clock, ledger } = await stuck("datasync");
    await ledger.append(note("a"), "written");
    const closing = ledger.close(500);
    await clock.advanceAsync(500);
    await closing;
    expect(await texts(await workspace.ledger())).toEqual(["a"]);
  });
});
