import { readBlob } from "./blobs";
import { IdSet } from "./idSet";
import type { Quarantine } from "./quarantine";
import { RecordWalk } from "./recordWalk";
import { listSegments } from "./segments";

/** What a look at every byte of a record found. All zero but the first four, and no problems: in order. */
export interface Verification {
  readonly project_id: string;
  readonly segments: number;
  /** Readable entries, each id once. */
  readonly entries: number;
  readonly bytes: number;
  /** Places that could not be read. */
  readonly damaged: number;
  /** Entries whose id was there before. */
  readonly duplicates: number;
  /** Places noted in quarantine.jsonl, of any time. */
  readonly quarantined: number;
  /** Bytes of a last line without a newline: being written now, or cut off by a crash. */
  readonly incomplete_tail: number;
  /**
   * Entries with an older id than one before them: usual where several processes write, the place in the file is what
   * counts.
   */
  readonly out_of_order: number;
  /** Entries of a form that this version does not understand; kept as they are. */
  readonly opaque: number;
  /** Numbers missing between the first and the last segment. */
  readonly missing_segments: number;
  /** Bytes behind a segment's end mark, written again in the next one. */
  readonly superseded_bytes: number;
  /** Long texts named by entries that are missing or not what was written. */
  readonly damaged_blobs: number;
  /** Files beside the events that are missing or spoilt, and events that the snapshot knows of and that are gone. */
  readonly damaged_files: number;
  /** A sentence for each of `damaged_files`. */
  readonly problems: readonly string[];
}

/** Of a record that cannot be looked into at all. */
export function unreadableRecord(project_id: string, problem: string): Verification {
  const none = {
    segments: 0,
    entries: 0,
    bytes: 0,
    damaged: 0,
    duplicates: 0,
    quarantined: 0,
    incomplete_tail: 0,
    out_of_order: 0,
    opaque: 0,
    missing_segments: 0,
    superseded_bytes: 0,
    damaged_blobs: 0,
  };
  return { project_id, ...none, damaged_files: 1, problems: [problem] };
}

/** `problems`: what was found beside the events. */
export async function verifyRecord(
  project_id: string,
  folder: string,
  quarantine: Quarantine,
  problems: readonly string[],
): Promise<Verification> {
  const counts = {
    entries: 0,
    bytes: 0,
    damaged: 0,
    duplicates: 0,
    incomplete_tail: 0,
    out_of_order: 0,
    opaque: 0,
    superseded_bytes: 0,
  };
  const ids = new IdSet();
  const blobs = new Set<string>();
  let newestId = "";
  for await (const items of new RecordWalk(folder).pieces(undefined)) {
    await quarantine.add(items.filter((item) => item.type === "damage"));
    for (const item of items) {
      if (item.type === "damage") counts.damaged++;
      else if (item.type === "segment") {
        counts.bytes += item.bytes;
        counts.superseded_bytes += item.afterEnd;
        counts.incomplete_tail += item.incomplete;
      } else {
        const { entry } = item.stored;
        if (!ids.add(entry.id)) {
          counts.duplicates++;
          continue;
        }
        counts.entries++;
        if (entry.id < newestId) counts.out_of_order++;
        else newestId = entry.id;
        if ("unread" in entry || "v" in entry) counts.opaque++;
        for (const [field, value] of Object.entries(entry))
          if (field.endsWith("_blob") && typeof value === "string") blobs.add(value);
      }
    }
  }
  const numbers = await listSegments(folder);
  const span = numbers.length === 0 ? 0 : (numbers.at(-1) as number) - (numbers[0] as number) + 1;
  return {
    project_id,
    segments: numbers.length,
    ...counts,
    quarantined: await quarantine.count(),
    missing_segments: span - numbers.length,
    damaged_blobs: await countDamagedBlobs(folder, blobs),
    damaged_files: problems.length,
    problems,
  };
}

async function countDamagedBlobs(folder: string, hashes: ReadonlySet<string>): Promise<number> {
  let count = 0;
  for (const hash of hashes) {
    try {
      await readBlob(folder, hash);
    } catch {
      count++;
    }
  }
  return count;
}
