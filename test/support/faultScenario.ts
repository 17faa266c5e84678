import { appendFile } from "node:fs/promises";
import { expect } from "vitest";
import type { FileLedger } from "../../src/adapters/ledger/fileLedger";
import { replay } from "../../src/core/record/replay";
import type { EntryDraft } from "../../src/core/model/entry";
import { OrchestratorError } from "../../src/core/model/errors";
import { storedState } from "../../src/core/model/storedState";
import type { Durability } from "../../src/core/ports/ledger";
import { FakeClock } from "./fakeClock";
import { type FaultMode, type FaultReport, openFiles, unharmed, withFaultAt } from "./faultyFiles";
import { Workspace, entries, note, optionsWith, project, quarantined, texts } from "./ledgerHarness";
import { FileProjectStore } from "../../src/adapters/ledger/fileProjectStore";

const limits = { bytes: 1_000_000, entries: 4 };
const longText = "z".repeat(40_000);
const garbage = "<<<<<<< HEAD\n";

/** A refusal that a person can understand; whatever else is thrown is a fault of ours. */
const refusals: readonly string[] = ["disk_full", "ledger_unwritable"];

/** A life of a record in which everything is done that touches the disk, with one call of it failing. */
class Life {
  readonly #clock = new FakeClock();
  readonly #store: FileProjectStore;
  readonly acknowledged: string[] = [];
  readonly refused: string[] = [];
  #ledger: FileLedger | undefined;

  constructor(private readonly workspace: Workspace) {
    this.#store = new FileProjectStore(workspace.path, optionsWith({ clock: this.#clock, limits }));
  }

  async live(): Promise<void> {
    for (let attempt = 0; !this.#ledger; attempt++) {
      expect(attempt).toBeLessThan(2);
      this.#ledger = await this.#try(() => this.#store.create(project()));
    }
    const ledger = this.#ledger;
    await this.#append(note("a"), "synced");
    await this.#append(note("b"), "written");
    this.#clock.advance(1000);
    await Promise.all([
      this.#append(note("c"), "written"),
      this.#append(note("d", { output: longText }), "synced"),
      this.#append(note("e"), "written"),
    ]);
    await this.#try(() => ledger.flush());
    await unharmed(() => appendFile(this.workspace.segment(1), garbage).catch(() => undefined));
    await this.#append(note("f"), "synced");
    await this.#append(note("g"), "written");
    const found = await this.#try(() => entries(ledger));
    if (found) this.#expectAll(found.map((entry) => entry.text));
    await this.#looks(ledger);
    await this.#writes(ledger);
    await this.#append(note("h"), "synced");
    await this.#try(() => this.#follow(ledger));
    await this.#append(note("i"), "written");
    await this.#try(() => ledger.close());
    await this.#try(() => this.#store.list());
    await this.#try(async () => (await this.#store.open("alpha")).close());
  }

  async #looks(ledger: FileLedger): Promise<void> {
    const last = await this.#try(() => ledger.last(100));
    if (last) this.#expectAll(last.map((entry) => entry.text));
    await this.#try(() => ledger.readProject());
    await this.#try(() => ledger.verify());
    const long = last?.find((entry) => entry.text === "d");
    const blob = long && (await this.#try(() => ledger.readBlob(long.output_blob as string)));
    if (blob !== undefined) expect(blob).toBe(longText);
  }

  async #writes(ledger: FileLedger): Promise<void> {
    const replayed = await this.#try(() => replay(ledger, "checkpoint"));
    await this.#try(() => ledger.writePlan("project: alpha\n"));
    if (!replayed) return;
    const { state, upTo, newest_id } = replayed;
    const snapshot = { summary: "", open_blockers: [], next_steps: [], recent_highlights: [], project_id: "alpha" };
    await this.#try(() => ledger.writeDerived({ snapshot, sessions: [], markdown: "", upTo }));
    await this.#try(() => ledger.writeCheckpoint({ state: storedState(state), upTo, newest_id }));
    const again = await this.#try(() => replay(ledger, "checkpoint"));
    if (again) expect(again.state).toStrictEqual(state);
    await this.#try(() => ledger.writeProject(project()));
  }

  async #follow(ledger: FileLedger): Promise<void> {
    const wanted = this.acknowledged.at(-1);
    for await (const { entry } of ledger.follow(undefined, new AbortController().signal))
      if (entry.text === wanted) break;
  }

  #expectAll(found: readonly string[]): void {
    expect(this.acknowledged.filter((text) => !found.includes(text))).toEqual([]);
  }

  async #append(draft: EntryDraft, durability: Durability): Promise<void> {
    const entry = await this.#try(() => (this.#ledger as FileLedger).append(draft, durability));
    if (entry) this.acknowledged.push(entry.text);
  }

  async #try<T>(action: () => Promise<T>): Promise<T | undefined> {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof OrchestratorError) || !refusals.includes(error.code)) throw error;
      expect(error.remedy).not.toEqual({ kind: "nothing" });
      this.refused.push(error.code);
      return undefined;
    }
  }
}

/**
 * One life with a fault at its Nth call: it ends in clean refusals, nothing that was acknowledged is lost or there
 * twice, no file stays open, and afterwards the record can be read and written by anybody.
 */
export async function liveWithFault(at: number, mode: FaultMode, code: string): Promise<FaultReport> {
  const workspace = await Workspace.make();
  const before = openFiles();
  try {
    const life = new Life(workspace);
    const report = await withFaultAt(at, mode, code, () => life.live());
    expect(openFiles()).toBe(before);
    const ledger = await workspace.ledger({ limits });
    await ledger.append(note("afterwards"), "synced");
    const found = await texts(ledger);
    expect(life.acknowledged.filter((text) => !found.includes(text))).toEqual([]);
    expect(new Set(found).size).toBe(found.length);
    expect(found.at(-1)).toBe("afterwards");
    const { damaged, quarantined: noted, damaged_blobs, duplicates } = await ledger.verify();
    expect({ damaged_blobs, duplicates, noted }).toEqual({
      damaged_blobs: 0,
      duplicates: 0,
      noted: (await quarantined(workspace)).length,
    });
    expect(damaged).toBeLessThanOrEqual(mode === "short" ? 2 : 1);
    expect((await ledger.readProject()).project_id).toBe("alpha");
    // One failing call is felt at one or two places, not by all that follows.
    expect(life.refused.length).toBeLessThanOrEqual(4);
    await ledger.close();
    return report;
  } catch (error) {
    throw new Error(`with ${code} ${mode} call ${at}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  } finally {
    await workspace.dispose();
  }
}
