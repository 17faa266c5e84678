import { join } from "node:path";
import type { infer as Shape } from "zod/mini";
import { checkedState, stateVersion } from "../../core/model/storedState";
import type { Checkpoint } from "../../core/ports/ledger";
import { writeFileAtomically } from "./atomicFile";
import { cursorSchema } from "./checkpointCursor";
import { crc32, crcHex } from "./crc32";
import { anchor } from "./derivedFiles";
import { asFilePlace, filePlace } from "./filePlace";
import { readOwnText } from "./safePaths";
import { shareTurn } from "./sharedTurn";
import { listSegments, segmentSize } from "./segments";

/** Two lines: where the events go on, and the state up to there. */
const checkpointFile = "checkpoint.jsonl";

/**
 * All of it comes from entries, which had their secrets removed. Throws `disk_full`, `ledger_unwritable` or
 * `ledger_unsafe`.
 */
export async function writeCheckpointFile(folder: string, { state, upTo, newest_id }: Checkpoint): Promise<void> {
  const text = JSON.stringify(state);
  const place = asFilePlace(upTo);
  const cursor: Shape<typeof cursorSchema> = {
    schema: 1,
    state_version: stateVersion,
    segment: place.segment,
    offset: place.offset,
    crc: (await anchor(folder, place)) ?? "",
    before: await bytesBefore(folder, place.segment),
    newest_id,
    state_crc: crcHex(crc32(text)),
  };
  await writeFileAtomically(join(folder, checkpointFile), `${JSON.stringify(cursor)}\n${text}\n`);
}

/** Undefined unless it is whole, of this version and in step with the events. */
export async function readCheckpointFile(folder: string): Promise<Checkpoint | undefined> {
  try {
    const text = await readOwnText(join(folder, checkpointFile));
    if (text === undefined) return undefined;
    const [first = "", second = ""] = text.split("\n");
    const { segment, offset, crc, before, newest_id, state_crc } = cursorSchema.parse(JSON.parse(first));
    const upTo = filePlace(segment, offset);
    if (state_crc !== crcHex(crc32(second))) return undefined;
    if (crc !== (await anchor(folder, upTo)) || before !== (await bytesBefore(folder, segment))) return undefined;
    await shareTurn();
    const value: unknown = JSON.parse(second);
    return { state: await checkedState(value, shareTurn), upTo, newest_id };
  } catch {
    return undefined;
  }
}

async function bytesBefore(folder: string, segment: number): Promise<number> {
  let bytes = 0;
  for (const earlier of await listSegments(folder))
    if (earlier < segment) bytes += (await segmentSize(folder, earlier)) ?? 0;
  return bytes;
}
