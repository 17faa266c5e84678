import { readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FileLedger } from "../../../src/adapters/ledger/fileLedger";
import type { DerivedFiles } from "../../../src/core/ports";
import { Workspace, note, stored, texts } from "./ledgerHarness";

let workspace: Workspace;
let ledger: FileLedger;
beforeEach(async () => {
  workspace = await Workspace.make();
  ledger = await workspace.ledger();
  for (const text of ["a", "b", "c"]) await ledger.append(note(text), "synced");
});
afterEach(() => workspace.dispose());

async function derived(upToEntry = 1, summary = "Two of three are done."): Promise<DerivedFiles> {
  const all = await stored(ledger);
  return {
    snapshot: { summary, open_blockers: [], next_steps: ["c"], recent_highlights: ["„a“"], project_id: "alpha", later: { x: [1] } },
    sessions: [
      { session_name: "proj-alpha::builder::1", project_id: "alpha", agent_id: null, role: "builder", state: "idle", next_action: "", last_signal: "", updated_at: "2026-01-01T00:00:00.000Z", later: 1 },
    ],
    markdown: "# alpha\n",
    upTo: all[upToEntry]?.next ?? { segment: 1, offset: 0 },
  };
}

const snapshotPath = (): string => join(workspace.folder, "snapshot.json");

describe("derived files", () => {
  it("are not there at first, and come back as they were written", async () => {
    expect(await ledger.readDerived()).toBeUndefined();
    const files = await derived();
    await ledger.writeDerived(files);
    expect(await ledger.readDerived()).toEqual(files);
    expect(await texts(ledger, files.upTo)).toEqual(["c"]);
    expect(await readFile(join(workspace.folder, "SNAPSHOT.md"), "utf8")).toBe("# alpha\n");
    const cursor = (JSON.parse(await readFile(snapshotPath(), "utf8")) as { cursor: object }).cursor;
    expect(cursor).toMatchObject({ ...files.upTo, schema: 1, crc: /^[0-9a-f]{8}$/ });
    expect((await readdir(workspace.folder)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  it("replace older ones, which may already carry a cursor", async () => {
    await ledger.writeDerived(await derived(0, "old"));
    const files = await derived(2, "new");
    const old = JSON.parse(await readFile(snapshotPath(), "utf8")) as { cursor: unknown };
    await ledger.writeDerived({ ...files, snapshot: { ...files.snapshot, cursor: old.cursor } });
    expect(await ledger.readDerived()).toEqual(files);
  });

  it("of a record without entries are valid", async () => {
    const files = { ...(await derived()), upTo: { segment: 1, offset: 0 } };
    await ledger.writeDerived(files);
    expect(await ledger.readDerived()).toEqual(files);
  });

  const change = async (path: string, edit: (text: string) => string): Promise<void> => {
    const before = await readFile(path, "utf8");
    const after = edit(before);
    expect(after).not.toBe(before);
    await writeFile(path, after);
  };
  const editCursor = (edit: (cursor: Record<string, unknown>) => void) => (text: string) => {
    const snapshot = JSON.parse(text) as { cursor: Record<string, unknown> };
    edit(snapshot.cursor);
    return JSON.stringify(snapshot);
  };

  const spoilt: [string, () => Promise<void>][] = [
    ["deleted", () => rm(snapshotPath())],
    ["cut", () => change(snapshotPath(), (text) => text.slice(0, -20))],
    ["empty", () => change(snapshotPath(), () => "")],
    ["not a snapshot", () => change(snapshotPath(), () => "[]")],
    ["changed in one character", () => change(snapshotPath(), (text) => text.replace("Two of", "Ten of"))],
    ["without a cursor", () => change(snapshotPath(), (text) => JSON.stringify({ ...(JSON.parse(text) as object), cursor: undefined }))],
    ["of a newer schema", () => change(snapshotPath(), editCursor((cursor) => (cursor.schema = 2)))],
    ["of a future offset", () => change(snapshotPath(), editCursor((cursor) => (cursor.offset = 1_000_000)))],
    ["of a future segment", () => change(snapshotPath(), editCursor((cursor) => (cursor.segment = 2)))],
    ["of another record", () => change(workspace.segment(), (text) => text.replaceAll('"text":"b"', '"text":"B"'))],
    ["of a record that is gone", () => rm(workspace.segment())],
    ["with other sessions", () => change(join(workspace.folder, "sessions.json"), (text) => text.replace("idle", "working"))],
    ["without sessions", () => rm(join(workspace.folder, "sessions.json"))],
  ];

  it.each(spoilt)("are ignored when the snapshot is %s (R13)", async (_how, spoil) => {
    await ledger.writeDerived(await derived());
    expect(await ledger.readDerived()).toBeDefined();
    await spoil();
    expect(await ledger.readDerived()).toBeUndefined();
  });

  it("are ignored after a crash between their files", async () => {
    await ledger.writeDerived(await derived(0, "old"));
    const old = await readFile(snapshotPath());
    const files = await derived(2, "new");
    await ledger.writeDerived({ ...files, sessions: [] });
    await writeFile(snapshotPath(), old);
    expect(await ledger.readDerived()).toBeUndefined();
  });
});

describe("verify looks beside the events", () => {
  const problems = async (): Promise<readonly string[]> => (await ledger.verify()).problems;

  it("finds nothing in what was just written", async () => {
    await ledger.writePlan("project: alpha\nroles: { r: {} }\ntasks: [{ id: a, role: r, run: ls }]\n");
    await ledger.writeDerived(await derived());
    expect(await ledger.verify()).toMatchObject({ damaged_files: 0, problems: [] });
  });

  it.each([
    ["emptied", (): Promise<void> => writeFile(workspace.segment(), "")],
    ["deleted", (): Promise<void> => rm(workspace.segment())],
    ["cut at a line's end", async (): Promise<void> => writeFile(workspace.segment(), `${(await readFile(workspace.segment(), "utf8")).split("\n")[0] ?? ""}\n`)],
  ])("finds events that were %s, which the snapshot still knows", async (_, spoil) => {
    await ledger.writeDerived(await derived(2));
    await spoil();
    expect(await ledger.verify()).toMatchObject({ damaged: 0, damaged_files: 1, problems: [expect.stringContaining("has lost events")] });
  });

  it("finds events that were replaced by others", async () => {
    await ledger.writeDerived(await derived(2));
    const text = await readFile(workspace.segment(), "utf8");
    await writeFile(workspace.segment(), text.split("\n").reverse().join("\n").replace(/^\n/, "") + "\n");
    expect(await problems()).toEqual([expect.stringContaining("has other events")]);
  });

  it("takes a spoilt snapshot for none", async () => {
    await ledger.writeDerived(await derived());
    await writeFile(snapshotPath(), "{");
    expect(await problems()).toEqual([]);
  });

  it("finds project.json and plan.yaml that cannot be used", async () => {
    await writeFile(join(workspace.folder, "project.json"), "{");
    await ledger.writePlan("tasks: [");
    expect(await problems()).toEqual([expect.stringMatching(/project\.json is no JSON/), expect.stringMatching(/plan\.yaml is no valid plan: line 1/)]);
    await rm(join(workspace.folder, "project.json"));
    expect((await problems())[0]).toMatch(/project\.json is missing/);
  });
});
