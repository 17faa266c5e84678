import type { ContextEntry } from "../model/entry";
import { hasCode } from "../model/errors";
import { applyEntry, emptyProjectState, type ProjectState } from "../model/projectState";
import { restoredState, storedState } from "../model/storedState";
import type { Checkpoint, Ledger, RecordPlace } from "../ports/ledger";

/** So many entries are read in some 30 ms (durability P5); a shorter tail is not worth a new checkpoint. */
export const checkpointEvery = 2000;

/**
 * `checkpoint`: for who only looks, from the last checkpoint on where there is one that holds; it gives the state that
 * reading everything gives. `beginning`: for who runs a project, so that no checkpoint decides what is typed.
 */
export type ReplayStart = "beginning" | "checkpoint";

export interface Replay {
  readonly state: ProjectState;
  /** Up to where the record is in it. */
  readonly upTo: RecordPlace;
  readonly newest_id: string;
  /** Entries that had to be read. */
  readonly read: number;
}

type Seen = (entry: ContextEntry) => void;

/**
 * The state of a project as its record has it now. `reading` is called when reading begins, and once more where only
 * all of the record gives the state after its tail was read; what it returns gets each entry. Throws what reading
 * throws.
 */
export async function replay(
  ledger: Ledger,
  start: ReplayStart,
  reading: () => Seen = () => () => undefined,
): Promise<Replay> {
  const checkpoint = start === "checkpoint" ? await ledger.readCheckpoint() : undefined;
  return (checkpoint && (await replayTail(ledger, checkpoint, reading()))) ?? replayAll(ledger, reading());
}

/** Leaves a checkpoint when the last one is far behind. */
export async function keepCheckpoint(ledger: Ledger): Promise<void> {
  const { state, upTo, newest_id, read } = await replay(ledger, "checkpoint");
  if (read >= checkpointEvery) await ledger.writeCheckpoint({ state: storedState(state), upTo, newest_id });
}

async function replayAll(ledger: Ledger, seen: Seen): Promise<Replay> {
  const start = { state: emptyProjectState(), upTo: ledger.beginning, newest_id: "", read: 0 };
  return (await extend(ledger, start, undefined, seen)) as Replay;
}

/** Undefined when only all of the record tells the state. */
async function replayTail(
  ledger: Ledger,
  { state, upTo, newest_id }: Checkpoint,
  seen: Seen,
): Promise<Replay | undefined> {
  try {
    return await extend(ledger, { state: restoredState(state), upTo, newest_id, read: 0 }, newest_id, seen);
  } catch (error) {
    // The place is gone since the checkpoint was read.
    if (hasCode(error, "ledger_corrupt")) return undefined;
    throw error;
  }
}

/**
 * Ends with undefined at an entry that is not newer than `all`: it may be one that was read before, as after a careless
 * merge.
 */
async function extend(ledger: Ledger, from: Replay, all: string | undefined, seen: Seen): Promise<Replay | undefined> {
  let { upTo, newest_id, read } = from;
  for await (const { entry, next } of ledger.read(from.upTo)) {
    if (all !== undefined && entry.id <= all) return undefined;
    applyEntry(from.state, entry);
    seen(entry);
    if (entry.id > newest_id) newest_id = entry.id;
    upTo = next;
    read++;
  }
  return { state: from.state, upTo, newest_id, read };
}
