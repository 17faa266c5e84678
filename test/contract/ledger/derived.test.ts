import { readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FileLedger } from "../../../src/adapters/ledger/fileLedger";
import type { DerivedFiles } from "../../../src/core/ports/ledger";
import { filePlace } from "../../../src/adapters/ledger/filePlace";
import { Workspace, note, stored, texts } from "../../support/ledgerHarness";

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
    snapshot: {
      summary,
      open_blockers: [],
      next_steps: ["c"],
      recent_highlights: ["„a“"],
      project_id: "alpha",
      later: { x: [1] },
    },
    sessions: [
      {
        session_name: "proj-alpha::builder::1",
        project_id: "alpha",
        agent_id: null,
        role: "builder",
        state: "idle",
        next_action: "",
        last_signal: "",
        updated_at: "2026-01-01T00:00:00.000Z",
        later: 1,
      },
    ],
    markdown: "# alpha\n",
    upTo: all[upToEntry]?.next ?? filePlace(1, 0),
  };
}

const snapshotPath = (): string => join(workspace.folder, "snapshot.json");

describe("derived files", () => {
  it("are whole, with the place in the record that they were made from", async () => {
    const files = await derived();
    await ledger.writeDerived(files);
    expect(await texts(ledger, files.upTo)).toEqual(["c"]);
    const read = async (name: string): Promise<unknown> =>
      JSON.parse(await readFile(join(workspace.folder, name), "utf8"));
    expect(await read("snapshot.json")).toEqual({
      ...files.snapshot,
      cursor: {
        ...files.upTo,
        schema: 1,
        crc: expect.stringMatching(/^[0-9a-f]{8}$/) as string,
        snapshot_crc: expect.stringMatching(/^[0-9a-f]{8}$/) as string,
      },
    });
    expect(await read("sessions.json")).toEqual(files.sessions);
    expect(await readFile(join(workspace.folder, "SNAPSHOT.md"), "utf8")).toBe("# alpha\n");
    expect((await readdir(workspace.folder)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  it("replace older ones, which may already carry a cursor", async () => {
    await ledger.writeDerived(await derived(0, "old"));
    const files = await derived(2, "new");
    const old = JSON.parse(await readFile(snapshotPath(), "utf8")) as { cursor: unknown };
    await ledger.writeDerived({ ...files, snapshot: { ...files.snapshot, cursor: old.cursor } });
    expect(JSON.parse(await readFile(snapshotPath(), "utf8"))).toMatchObject({ summary: "new", cursor: files.upTo });
    expect(await ledger.verify()).toMatchObject({ problems: [] });
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
    [
      "cut at a line's end",
      async (): Promise<void> =>
        writeFile(workspace.segment(), `${(await readFile(workspace.segment(), "utf8")).split("\n")[0] ?? ""}\n`),
    ],
  ])("finds events that were %s, which the snapshot still knows", async (_, spoil) => {
    await ledger.writeDerived(await derived(2));
    await spoil();
    expect(await ledger.verify()).toMatchObject({
      damaged: 0,
      damaged_files: 1,
      problems: [expect.stringContaining("Events are missing in ")],
    });
  });

  it("finds events that were replaced by others", async () => {
    await ledger.writeDerived(await derived(2));
    const text = await readFile(workspace.segment(), "utf8");
    await writeFile(workspace.segment(), text.split("\n").reverse().join("\n").replace(/^\n/, "") + "\n");
    expect(await problems()).toEqual([expect.stringContaining("were changed after its snapshot.json was made")]);
  });

  it("takes a spoilt snapshot for none", async () => {
    await ledger.writeDerived(await derived());
    await writeFile(snapshotPath(), "{");
    expect(await problems()).toEqual([]);
  });

  it("finds project.json and plan.yaml that cannot be used", async () => {
    await writeFile(join(workspace.folder, "project.json"), "{");
    await ledger.writePlan("tasks: [");
    expect(await problems()).toEqual([
      expect.stringMatching(/project\.json is not valid JSON/),
      expect.stringMatching(/plan\.yaml is not a valid plan: line 1/),
    ]);
    await rm(join(workspace.folder, "project.json"));
    expect((await problems())[0]).toMatch(/project\.json is missing/);
  });
});
