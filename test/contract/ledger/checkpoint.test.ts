import { appendFile, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { filePlace } from "../../../src/adapters/ledger/filePlace";
import { checkpointEvery, keepCheckpoint, replay } from "../../../src/core/record/replay";
import type { ContextEntry } from "../../../src/core/model/entry";
import { applyEntry, emptyProjectState, type ProjectState } from "../../../src/core/model/projectState";
import {
  restoredState,
  stateVersion,
  type StoredState,
  storedState,
  storedStateSchema,
} from "../../../src/core/model/storedState";
import { crc32, crcHex } from "../../../src/adapters/ledger/crc32";
import type { FileLedger } from "../../../src/adapters/ledger/fileLedger";
import { createIds } from "../../../src/adapters/ledger/ids";
import { draftOf, histories } from "../../support/entryHistories";
import { FakeClock } from "../../support/fakeClock";
import { seed } from "../../support/seed";
import { Workspace, entries, note, stored } from "../../support/ledgerHarness";

const limits = { bytes: 1_000_000, entries: 8 };

let workspace: Workspace;
let ledger: FileLedger;
beforeEach(async () => {
  workspace = await Workspace.make();
  ledger = await workspace.ledger({ limits });
});
afterEach(() => workspace.dispose());

const checkpointPath = (): string => join(workspace.folder, "checkpoint.jsonl");

function stateOf(all: readonly ContextEntry[]): ProjectState {
  const state = emptyProjectState();
  for (const entry of all) applyEntry(state, entry);
  return state;
}

/** A checkpoint of the first `cut` entries. */
async function checkpointAt(cut: number): Promise<void> {
  const before = (await stored(ledger)).slice(0, cut);
  const newest_id =
    before
      .map(({ entry }) => entry.id)
      .sort()
      .at(-1) ?? "";
  await ledger.writeCheckpoint({
    state: storedState(stateOf(before.map(({ entry }) => entry))),
    upTo: before.at(-1)?.next ?? filePlace(1, 0),
    newest_id,
  });
}

function asJson(state: ProjectState): StoredState {
  return storedStateSchema.parse(JSON.parse(JSON.stringify(storedState(state))));
}

describe("the state of a project", () => {
  it("is the same from a checkpoint at any place and the entries after it (R14)", async () => {
    console.log(`seed ${seed}`);
    await fc.assert(
      fc.asyncProperty(histories, fc.nat(), async (steps, place) => {
        const own = await Workspace.make();
        ledger = await own.ledger({ limits });
        try {
          const ids: string[] = [];
          for (const step of steps) ids.push((await ledger.append(draftOf(step, ids), "written")).id);
          const cut = place % (steps.length + 1);
          await checkpointAt(cut);
          const { state, read } = await replay(ledger, "checkpoint");
          expect(state).toStrictEqual(stateOf(await entries(ledger)));
          expect(read).toBe(steps.length - cut);
        } finally {
          await own.dispose();
        }
      }),
      { seed, numRuns: 60 },
    );
  });

  it("is the same after being stored, at any place of a thousand histories (R14)", () => {
    console.log(`seed ${seed}`);
    fc.assert(
      fc.property(histories, fc.nat(), (steps, place) => {
        const all = historyOf(steps);
        const cut = place % (all.length + 1);
        const state = restoredState(asJson(stateOf(all.slice(0, cut))));
        for (const entry of all.slice(cut)) applyEntry(state, entry);
        expect(state).toStrictEqual(stateOf(all));
      }),
      { seed, numRuns: 1000 },
    );
  });

  it("is what it was when checkpoints of this version were written; a change of it needs another version", () => {
    const states = fc
      .sample(histories, { seed: 1, numRuns: 300 })
      .map((steps) => JSON.stringify(storedState(stateOf(historyOf(steps)))));
    expect([stateVersion, crcHex(crc32(states.join("\n")))]).toEqual([23, "efe5e359"]);
  });
});

/** As a ledger would have it, without one. */
function historyOf(steps: readonly Parameters<typeof draftOf>[0][]): ContextEntry[] {
  const ids: string[] = [];
  return steps.map((step, index) => {
    const entry = {
      ...draftOf(step, ids),
      id: `01J${String(index).padStart(23, "0")}`,
      project_id: "alpha",
      ts: new Date(index * 1000).toISOString(),
    };
    ids.push(entry.id);
    return entry;
  });
}

describe("a checkpoint", () => {
  const texts = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"];
  beforeEach(async () => {
    for (const text of texts) await ledger.append(note(text), "synced");
    await checkpointAt(10);
  });

  const expectAll = async (read: number): Promise<void> => {
    const replayed = await replay(ledger, "checkpoint");
    expect(replayed.read).toBe(read);
    expect(replayed.state).toStrictEqual(stateOf(await entries(ledger)));
  };
  const change = async (path: string, edit: (text: string) => string): Promise<void> => {
    const before = await readFile(path, "utf8");
    const after = edit(before);
    expect(after).not.toBe(before);
    await writeFile(path, after);
  };
  /** With a sum that fits again. */
  const editLines =
    (edit: (cursor: Record<string, unknown>, state: Record<string, unknown>) => void) => (text: string) => {
      const [cursor = {}, state = {}] = text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      edit(cursor, state);
      const line = JSON.stringify(state);
      return `${JSON.stringify({ ...cursor, state_crc: crcHex(crc32(line)) })}\n${line}\n`;
    };

  it("saves reading what it knows", () => expectAll(2));

  it("is not sought where there is none", async () => {
    await rm(checkpointPath());
    await expectAll(12);
  });

  const spoilt: [string, () => Promise<void>][] = [
    ["is cut", () => change(checkpointPath(), (text) => text.slice(0, -20))],
    ["is cut after its first line", () => change(checkpointPath(), (text) => text.slice(0, text.indexOf("\n") + 1))],
    ["is empty", () => change(checkpointPath(), () => "")],
    ["is none", () => change(checkpointPath(), () => "[]\n[]\n")],
    ["is changed in one character", () => change(checkpointPath(), (text) => text.replace('"text":"i"', '"text":"x"'))],
    [
      "has a newer schema",
      () =>
        change(
          checkpointPath(),
          editLines((cursor) => (cursor.schema = 2)),
        ),
    ],
    [
      "was made by other rules",
      () =>
        change(
          checkpointPath(),
          editLines((cursor) => (cursor.state_version = stateVersion + 1)),
        ),
    ],
    [
      "has a state of another form",
      () =>
        change(
          checkpointPath(),
          editLines((_, state) => (state.tasks = { build: 1 })),
        ),
    ],
    [
      "is of a future place",
      () =>
        change(
          checkpointPath(),
          editLines((cursor) => (cursor.offset = 1_000_000)),
        ),
    ],
    [
      "is of a future segment",
      () =>
        change(
          checkpointPath(),
          editLines((cursor) => (cursor.segment = 9)),
        ),
    ],
    [
      "is of a place inside an entry",
      () =>
        change(
          checkpointPath(),
          editLines((cursor) => (cursor.offset = 100)),
        ),
    ],
    ["is of another record", () => change(workspace.segment(2), (text) => text.replaceAll('"text":"i"', '"text":"I"'))],
    ["is of a record that lost a segment", () => rm(workspace.segment(1))],
    [
      "is of a record that was longer before",
      () => change(workspace.segment(1), (text) => `${text.split("\n").slice(0, 3).join("\n")}\n`),
    ],
  ];

  it.each(spoilt)("is ignored when it %s (R13)", async (_how, spoil) => {
    await spoil();
    await expectAll((await entries(ledger)).length);
    await expect(ledger.readCheckpoint()).resolves.toBeUndefined();
  });

  it("is ignored when it is a link, and writing one over a link is refused", async () => {
    const elsewhere = join(workspace.path, "elsewhere");
    await writeFile(elsewhere, await readFile(checkpointPath()));
    await rm(checkpointPath());
    await symlink(elsewhere, checkpointPath());
    await expectAll(12);
    await expect(checkpointAt(1)).rejects.toMatchObject({ code: "ledger_unsafe" });
  });

  it("counts an entry once that was merged in again behind it", async () => {
    const first = (await workspace.bytes(1)).toString().split("\n").slice(0, 2).join("\n");
    await appendFile(workspace.segment(2), `${first}\n`);
    await expectAll(12);
  });

  it("is not used for entries with older ids, by a clock that went back: they could be the same ones again", async () => {
    const clock = new FakeClock(1);
    const other = await workspace.ledger({ limits, clock, ids: createIds(() => clock.now()) });
    await other.append(note("from 1970"), "synced");
    await expectAll(13);
  });

  it("is made when the last one is far behind, and holds with what comes after it", async () => {
    await rm(checkpointPath());
    await keepCheckpoint(ledger);
    await expect(ledger.readCheckpoint()).resolves.toBeUndefined();
    await Promise.all(
      Array.from({ length: checkpointEvery }, (_, index) => ledger.append(note(`n${index}`), "written")),
    );
    await keepCheckpoint(ledger);
    await ledger.append(note("after"), "synced");
    await expectAll(1);
    const before = await readFile(checkpointPath());
    await keepCheckpoint(ledger);
    expect(await readFile(checkpointPath())).toEqual(before);
  });
});
