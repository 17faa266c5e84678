import { setTimeout as pause } from "node:timers/promises";
import type { SegmentLimits } from "../../src/adapters/ledger/segments";
import { randomBy, seed } from "./seed";
import { type Workspace, note, quarantined, texts } from "./ledgerHarness";
import { startLedgerProcess } from "./startLedgerProcess";

export interface KillCampaign {
  /** Processes that append at the same time; a killed one is followed by a new one at once. */
  readonly writers: number;
  /** In all, shared out among the writers. */
  readonly kills: number;
  /** A writer is killed after one to this many acknowledged entries; 60 unless told. */
  readonly most?: number;
  readonly limits?: SegmentLimits;
  readonly textBytes?: number;
  readonly lineBytes?: number;
}

export interface KillFigures {
  readonly kills: number;
  readonly acknowledged: number;
  /** Acknowledged, and not in the record. */
  readonly lost: readonly string[];
  /** In the record more than once. */
  readonly doubled: number;
  /** Behind a later entry of the same writer. */
  readonly disordered: number;
  /** Lines that a kill cut off; nobody was told that they are written. */
  readonly torn: number;
  /** Other places that cannot be read, and long texts that are not what was written. */
  readonly unreadable: number;
  readonly segments: number;
}

/** A killed writer dies up to this many milliseconds after its last acknowledgement was seen. */
const latestMs = 3;

/** Several processes append and are killed, again and again; then everything in the record is counted. */
export async function killWriters(program: string, workspace: Workspace, campaign: KillCampaign): Promise<KillFigures> {
  console.log(`seed ${seed}`);
  const { writers, kills, most = 60, limits, textBytes, lineBytes } = campaign;
  const random = randomBy(seed);
  const acknowledged: string[] = [];
  let begun = 0;
  const lane = async (index: number): Promise<void> => {
    for (let turn = 0; begun < kills; turn++) {
      begun++;
      const durability = index % 2 === 0 ? "synced" : "written";
      const writer = startLedgerProcess(program, {
        do: "acknowledge",
        inFlight: 4,
        workspace: workspace.path,
        name: `w${index}t${turn}`,
        durability,
        limits,
        textBytes,
        lineBytes,
      });
      await writer.said(2 + Math.floor(random() * most));
      await pause(random() * latestMs);
      writer.kill();
      if ((await writer.ended) !== "SIGKILL") throw new Error(`It ended by itself: ${writer.lines.at(-1) ?? ""}`);
      // The last line of a killed process may be cut off; a cut number was acknowledged before, being smaller.
      acknowledged.push(...writer.lines.filter((line) => /^w\d+t\d+:\d+$/.test(line)));
    }
  };
  await Promise.all(Array.from({ length: writers }, (_, index) => lane(index)));
  return count(workspace, kills, acknowledged);
}

async function count(workspace: Workspace, kills: number, acknowledged: readonly string[]): Promise<KillFigures> {
  const ledger = await workspace.ledger();
  await ledger.append(note("alive"), "synced");
  const found = await texts(ledger);
  if (found.at(-1) !== "alive") throw new Error(`The record ends with ${found.at(-1) ?? "nothing"}`);
  const there = new Set(found);
  const verified = await ledger.verify();
  const torn = (await quarantined(workspace)).filter((place) => place.why === "cut off").length;
  return {
    kills,
    acknowledged: acknowledged.length,
    lost: acknowledged.filter((text) => !there.has(text)),
    doubled: found.length - there.size + verified.duplicates,
    disordered: disordered(found),
    torn,
    unreadable: verified.damaged - torn + verified.damaged_blobs + verified.missing_segments,
    segments: verified.segments,
  };
}

function disordered(found: readonly string[]): number {
  const last = new Map<string, number>();
  let wrong = 0;
  for (const text of found) {
    const [writer = "", number] = text.split(":");
    if (number === undefined) continue;
    if (Number(number) < (last.get(writer) ?? 0)) wrong++;
    last.set(writer, Number(number));
  }
  return wrong;
}

/** The figures on one line that a person can read. */
export function sayKills(figures: KillFigures): string {
  const { kills, acknowledged, lost, doubled, disordered: wrong, unreadable, torn, segments } = figures;
  return `${kills} kills: ${acknowledged} acknowledged, ${lost.length} lost, ${doubled} doubled, ${wrong} out of order, ${unreadable} unreadable; ${torn} torn lines set aside, ${segments} segments`;
}
