import { readdir, rm, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { asFilePlace } from "../../../src/adapters/ledger/filePlace";
import { Workspace, note, stored, texts } from "../../support/ledgerHarness";
import { failingSegments } from "./failingSegment";

let workspace: Workspace;
beforeEach(async () => {
  workspace = await Workspace.make();
});
afterEach(() => workspace.dispose());

describe("segments", () => {
  it("end by size and by number of entries, and are read as one", async () => {
    const ledger = await workspace.ledger({ limits: { bytes: 2000, entries: 5 } });
    const wanted = Array.from({ length: 23 }, (_, index) => `n${index}`);
    for (const text of wanted)
      await ledger.append(note(text, text === "n7" ? { filler: "x".repeat(1500) } : {}), "written");
    const all = await stored(ledger);
    expect(all.map((item) => item.entry.text)).toEqual(wanted);
    expect((await workspace.bytes()).toString().trimEnd().split("\n").at(-1)).toContain(
      "The log continues in events-000002.jsonl.",
    );
    const perSegment = [1, 2, 3, 4, 5, 6].map(
      (segment) => all.filter((item) => asFilePlace(item.at).segment === segment).length,
    );
    expect(perSegment).toEqual([5, 2, 2, 5, 5, 4]);
    for (const [index, item] of all.entries()) expect(await texts(ledger, item.next)).toEqual(wanted.slice(index + 1));
    for (const count of [0, 1, 4, 5, 6, 11, 23, 99]) {
      expect((await ledger.last(count)).map((entry) => entry.text)).toEqual(count === 0 ? [] : wanted.slice(-count));
    }
  });

  it("count only to their first end mark: what a late writer put behind it is written again", async () => {
    const limits = { bytes: 1_000_000, entries: 3 };
    const other = await workspace.ledger({ limits });
    let interfere = false;
    const late = await workspace.ledger({
      openSegment: failingSegments(async (call) => {
        if (call !== "write" || !interfere) return undefined;
        interfere = false;
        // Between the late writer's look and its write the segment fills up and ends.
        for (const text of ["b", "c", "d"]) await other.append(note(text), "written");
        return undefined;
      }),
    });
    await late.append(note("a"), "synced");
    const places: string[] = [];
    interfere = true;
    await Promise.all([late.append(note("x"), "synced"), late.append(note("y"), "written")]);
    for (const { entry, at } of await stored(late)) places.push(`${entry.text}@${asFilePlace(at).segment}`);
    expect(places).toEqual(["a@1", "b@1", "c@1", "d@2", "x@2", "y@2"]);
    expect((await workspace.bytes(1)).toString()).toContain('"text":"x"');
    expect((await late.last(6)).map((entry) => entry.text)).toEqual(["a", "b", "c", "d", "x", "y"]);
    const counts = await late.verify();
    expect(counts).toMatchObject({ entries: 6, duplicates: 0, damaged: 0 });
    expect(counts.superseded_bytes).toBeGreaterThan(0);
  });

  it("are read to their end when the end mark itself is damaged", async () => {
    const ledger = await workspace.ledger({ limits: { bytes: 1_000_000, entries: 2 } });
    for (const text of ["a", "b", "c"]) await ledger.append(note(text), "synced");
    await writeFile(workspace.segment(), (await workspace.bytes()).toString().replace("segment_end", "segment_enD"));
    expect(await texts(ledger)).toEqual(["a", "b", "c"]);
    expect(await ledger.verify()).toMatchObject({ damaged: 1, entries: 3 });
  });

  it("go on when a process died between the end mark and the next file, or after making that file", async () => {
    const ledger = await workspace.ledger({ limits: { bytes: 1_000_000, entries: 2 } });
    for (const text of ["a", "b", "c"]) await ledger.append(note(text), "synced");
    await ledger.close();
    await rm(workspace.segment(2));
    const next = await workspace.ledger();
    expect(await texts(next)).toEqual(["a", "b"]);
    await next.append(note("d"), "synced");
    expect(await texts(next)).toEqual(["a", "b", "d"]);
    expect((await workspace.bytes(2)).toString()).toContain('"text":"d"');
  });

  it("take a nested field that looks like an end mark for what it is", async () => {
    const ledger = await workspace.ledger();
    await ledger.append(note("a", { nested: { kind: "segment_end" } }), "synced");
    const other = await workspace.ledger();
    await other.append(note("b"), "synced");
    await ledger.append(note("c"), "synced");
    expect(await texts(ledger)).toEqual(["a", "b", "c"]);
    expect(await readdir(workspace.folder)).toEqual(["events-000001.jsonl", "project.json"]);
  });
});
