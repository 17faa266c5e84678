import { appendFile, readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FileProjectStore } from "../../../src/adapters/ledger/fileProjectStore";
import type { FileLedger, FileLedgerOptions } from "../../../src/adapters/ledger/fileLedger";
import { listSegments } from "../../../src/adapters/ledger/segments";
import { replay } from "../../../src/core/record/replay";
import { OrchestratorError } from "../../../src/core/model/errors";
import { storedState } from "../../../src/core/model/storedState";
import { noSmallDisk, SmallDisk } from "../../support/smallDisk";
import { entries, note, optionsWith, project, texts } from "../../support/ledgerHarness";

const limits = { bytes: 1_000_000, entries: 6 };
const full = { code: "disk_full" };

describe.skipIf(noSmallDisk !== "")(`on a disk of 256 KiB${noSmallDisk}`, () => {
  let disk: SmallDisk;
  let ledgers: FileLedger[];
  beforeEach(() => {
    disk = SmallDisk.make(256);
    ledgers = [];
  });
  afterEach(async () => {
    await Promise.allSettled(ledgers.map((ledger) => ledger.close()));
    disk.remove();
  });

  async function ledgerOn(options: Partial<FileLedgerOptions> = {}): Promise<FileLedger> {
    const ledger = await new FileProjectStore(disk.path, optionsWith(options)).create(project());
    ledgers.push(ledger);
    return ledger;
  }

  /** Appends until it is refused; gives what was acknowledged. */
  async function appendUntilFull(ledger: FileLedger, name: string): Promise<string[]> {
    const acknowledged: string[] = [];
    for (let index = 0; ; index++) {
      const text = `${name}${index}`;
      try {
        await ledger.append(note(text, { filler: [".".repeat(700)] }), index % 2 === 0 ? "synced" : "written");
        acknowledged.push(text);
      } catch (error) {
        expect(error).toMatchObject(full);
        return acknowledged;
      }
    }
  }

  const folderOf = (ledger: FileLedger): Promise<string[]> => readdir(ledger.folder);

  it("appending says that it is full, keeps all that was acknowledged, and goes on with space (R8)", async () => {
    const ledger = await ledgerOn();
    const acknowledged: string[] = [];
    for (const round of ["a", "b", "c"]) {
      await disk.fill(12);
      acknowledged.push(...(await appendUntilFull(ledger, round)));
      // Refused again and again, and the record is still read.
      for (let attempt = 0; attempt < 3; attempt++)
        await expect(ledger.append(note("refused"), "written")).rejects.toMatchObject(full);
      expect(await texts(ledger)).toEqual(acknowledged);
      await disk.free();
      await ledger.append(note(`space ${round}`), "synced");
      acknowledged.push(`space ${round}`);
      expect(await texts(ledger)).toEqual(acknowledged);
    }
    expect(acknowledged.length).toBeGreaterThan(20);
    expect(await ledger.verify()).toMatchObject({ duplicates: 0, incomplete_tail: 0 });
  });

  it.each([0, 4, 8, 16, 24])("segments that end with %i KiB left lose nothing", async (left) => {
    const ledger = await ledgerOn({ limits });
    await ledger.append(note("first"), "synced");
    await disk.fill(left);
    const acknowledged = ["first", ...(await appendUntilFull(ledger, "n"))];
    expect(await texts(ledger)).toEqual(acknowledged);
    await disk.free();
    for (let index = 0; index < 20; index++) await ledger.append(note(`later ${index}`), "synced");
    expect(await texts(ledger)).toEqual([
      ...acknowledged,
      ...Array.from({ length: 20 }, (_, index) => `later ${index}`),
    ]);
    const segments = await listSegments(ledger.folder);
    expect(segments).toEqual(Array.from({ length: segments.length }, (_, index) => index + 1));
  });

  it("segments go on when there was no room for one more file", async () => {
    const ledger = await ledgerOn({ limits });
    await ledger.append(note("n0"), "synced");
    await disk.fillNames();
    const acknowledged = ["n0", ...(await appendUntilFull(ledger, "more"))];
    // The segment was ended, and the next one could not be made.
    expect(acknowledged).toHaveLength(limits.entries);
    await expect(ledger.append(note("refused"), "synced")).rejects.toMatchObject(full);
    expect(await texts(ledger)).toEqual(acknowledged);
    await disk.free();
    await ledger.append(note("room"), "synced");
    expect(await texts(ledger)).toEqual([...acknowledged, "room"]);
    expect(await listSegments(ledger.folder)).toEqual([1, 2]);
  });

  it("what is derived from the events stays as it was, whole, and is written anew with space", async () => {
    const ledger = await ledgerOn();
    for (let index = 0; index < 30; index++) await ledger.append(note(`n${index}`), "synced");
    const write = async (summary: string): Promise<void> => {
      const { state, upTo, newest_id } = await replay(ledger, "checkpoint");
      await ledger.writeDerived({
        snapshot: {
          summary,
          open_blockers: [],
          next_steps: [summary.repeat(2000)],
          recent_highlights: [],
          project_id: "alpha",
        },
        sessions: [],
        markdown: `# ${summary}\n`,
        upTo,
      });
      await ledger.writeCheckpoint({ state: storedState(state), upTo, newest_id });
      await ledger.writePlan(`# ${summary}\n${"#".repeat(6000)}\n`);
      await ledger.writeProject({ ...project(), goal: summary });
    };
    await write("old");
    const names = await folderOf(ledger);
    const read = (): Promise<string[]> => Promise.all(names.map((name) => readFile(join(ledger.folder, name), "utf8")));
    const before = await read();
    await disk.fill();
    await expect(write("new")).rejects.toMatchObject(full);
    const { state, upTo, newest_id } = await replay(ledger, "checkpoint");
    await expect(ledger.writeCheckpoint({ state: storedState(state), upTo, newest_id })).rejects.toMatchObject(full);
    await expect(ledger.writePlan("x".repeat(6000))).rejects.toMatchObject(full);
    await expect(ledger.writeProject({ ...project(), goal: "g".repeat(6000) })).rejects.toMatchObject(full);
    expect(await folderOf(ledger)).toEqual(names);
    expect(await read()).toEqual(before);
    await disk.free();
    await write("new");
    expect((await ledger.readProject()).goal).toBe("new");
    expect(await ledger.verify()).toMatchObject({ damaged_files: 1, problems: [expect.stringContaining("plan.yaml")] });
  });

  it("long texts leave nothing half-written", async () => {
    const ledger = await ledgerOn();
    await disk.fill(20);
    const long = note("long", { output: "z".repeat(60_000) });
    await expect(ledger.append(long, "synced")).rejects.toMatchObject(full);
    await ledger.append(note("short"), "synced");
    expect(await readdir(join(ledger.folder, "blobs"))).toEqual([]);
    await disk.free();
    const entry = await ledger.append(long, "synced");
    expect(await ledger.readBlob(entry.output_blob as string)).toBe(long.output);
    expect(await texts(ledger)).toEqual(["short", "long"]);
  });

  it("damage is read around although it cannot be noted, and noted with space", async () => {
    const ledger = await ledgerOn();
    await ledger.append(note("a"), "synced");
    await appendFile(join(ledger.folder, "events-000001.jsonl"), "<<<<<<< HEAD\n");
    await ledger.append(note("b"), "synced");
    await disk.fill();
    expect(await texts(ledger)).toEqual(["a", "b"]);
    expect(await ledger.verify()).toMatchObject({ damaged: 1, quarantined: 0 });
    await disk.free();
    expect(await texts(ledger)).toEqual(["a", "b"]);
    expect(await ledger.verify()).toMatchObject({ damaged: 1, quarantined: 1 });
  });

  it("read-only: everything is read, each write says so, with nothing unhandled, and goes on afterwards (R9)", async () => {
    const unhandled: unknown[] = [];
    const notice = (error: unknown): void => void unhandled.push(error);
    process.on("unhandledRejection", notice);
    const before = await ledgerOn();
    await before.append(note("a"), "synced");
    await before.append(note("d", { output: "z".repeat(40_000) }), "synced");
    await before.append(note("b"), "written");
    const known = await replay(before, "checkpoint");
    await before.close();
    await appendFile(join(before.folder, "events-000001.jsonl"), "<<<<<<< HEAD\n");
    disk.readOnly(true);
    const ledger = await new FileProjectStore(disk.path, optionsWith()).open("alpha");
    ledgers.push(ledger);
    expect(await texts(ledger)).toEqual(["a", "d", "b"]);
    expect((await replay(ledger, "checkpoint")).state).toStrictEqual(known.state);
    expect(await ledger.last(1)).toMatchObject([{ text: "b" }]);
    expect(await ledger.readProject()).toEqual(project());
    expect(await ledger.verify()).toMatchObject({ damaged: 1, quarantined: 0, entries: 3 });
    const [first] = await entries(ledger);
    const writes: (() => Promise<unknown>)[] = [
      () => ledger.append(note("x"), "written"),
      () => ledger.append(note("x"), "synced"),
      () => ledger.append(note("x", { output: "y".repeat(40_000) }), "synced"),
      () => ledger.writePlan("x"),
      () => ledger.writeProject(project()),
      () =>
        ledger.writeDerived({
          snapshot: { summary: "", open_blockers: [], next_steps: [], recent_highlights: [] },
          sessions: [],
          markdown: "",
          upTo: known.upTo,
        }),
      () => ledger.writeCheckpoint({ state: storedState(known.state), upTo: known.upTo, newest_id: first?.id ?? "" }),
      () => new FileProjectStore(disk.path, optionsWith()).create(project("beta")),
    ];
    for (const write of writes) {
      const refused: unknown = await write().catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(OrchestratorError);
      expect(refused).toMatchObject({
        code: "ledger_unwritable",
        message: expect.stringContaining("its disk is read-only") as string,
      });
    }
    disk.readOnly(false);
    await ledger.append(note("c"), "synced");
    expect(await texts(ledger)).toEqual(["a", "d", "b", "c"]);
    process.off("unhandledRejection", notice);
    expect(unhandled).toEqual([]);
  });
});
