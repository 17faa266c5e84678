import { constants } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import { projectSnapshotSchema } from "../../core/model/schemas";
import type { DerivedFiles } from "../../core/ports/ledger";
import { writeFileAtomically } from "./atomicFile";
import { crc32, crcHex } from "./crc32";
import { asFilePlace, type FilePlace, filePlace } from "./filePlace";
import { openOwn, readOwnText } from "./safePaths";
import { type Sanitize, sanitizeFields } from "./sanitizeStrings";
import { segmentPath } from "./segments";

const schemaVersion = 1;
/** So many bytes of the segment before the cursor are summed: enough to notice another or a rewritten file. */
const anchorBytes = 4096;

const snapshotFile = "snapshot.json";
const sessionsFile = "sessions.json";
const markdownFile = "SNAPSHOT.md";

/** Where the events go on, and sums that tell whether the snapshot is whole and belongs to these events. */
const cursorSchema = z.object({
  schema: z.literal(schemaVersion),
  segment: z.int().check(z.gte(1)),
  offset: z.int().check(z.gte(0)),
  /** CRC-32 of the up to 4,096 bytes before the offset. */
  crc: z.string(),
  /** CRC-32 of the snapshot without its cursor, as compact JSON. */
  snapshot_crc: z.string(),
});

const snapshotFileSchema = z.extend(projectSnapshotSchema, { cursor: cursorSchema });

const machineFields = new Set(["project_id", "updated_at", "tasks"]);
const sessionMachineFields = new Set([
  "session_name",
  "project_id",
  "agent_id",
  "role",
  "state",
  "updated_at",
  "state_since",
  "wire_name",
  "server_id",
  "k",
  "task_id",
]);

/**
 * For people and other programs. Each file is whole at any time; snapshot.json goes last, so that it is never ahead of
 * the others.
 */
export async function writeDerivedFiles(folder: string, files: DerivedFiles, sanitize: Sanitize): Promise<void> {
  const snapshot = sanitizeFields(files.snapshot, machineFields, sanitize);
  Reflect.deleteProperty(snapshot, "cursor");
  const sessions = pretty(files.sessions.map((session) => sanitizeFields(session, sessionMachineFields, sanitize)));
  const upTo = asFilePlace(files.upTo);
  const crc = await anchor(folder, upTo);
  const cursor: z.infer<typeof cursorSchema> = {
    schema: schemaVersion,
    segment: upTo.segment,
    offset: upTo.offset,
    crc: crc ?? "",
    snapshot_crc: crcHex(crc32(JSON.stringify(snapshot))),
  };
  await writeFileAtomically(join(folder, sessionsFile), sessions);
  await writeFileAtomically(join(folder, markdownFile), sanitize(files.markdown));
  await writeFileAtomically(join(folder, snapshotFile), pretty({ ...snapshot, cursor }));
}

/**
 * How the events stand to what snapshot.json was made from: `fits`, `short` when some of them are gone, `changed` when
 * others are in their place, `unknown` without a whole snapshot. Call it before the events are read: they only grow.
 */
export async function snapshotStanding(folder: string): Promise<"fits" | "short" | "changed" | "unknown"> {
  const value = parse((await readOwnText(join(folder, snapshotFile)).catch(() => undefined)) ?? "");
  const found = snapshotFileSchema.safeParse(value);
  if (!found.success) return "unknown";
  const { cursor, ...snapshot } = value as z.infer<typeof snapshotFileSchema>;
  if (cursor.crc === "" || cursor.snapshot_crc !== crcHex(crc32(JSON.stringify(snapshot)))) return "unknown";
  const crc = await anchor(folder, filePlace(cursor.segment, cursor.offset));
  if (crc === undefined) return "short";
  return crc === cursor.crc ? "fits" : "changed";
}

function pretty(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * CRC-32 of what stands before a place; undefined when the place is not in the record (a future one, or the segment is
 * gone).
 */
export async function anchor(folder: string, at: FilePlace): Promise<string | undefined> {
  try {
    const file = await openOwn(segmentPath(folder, at.segment), constants.O_RDONLY);
    try {
      const bytes = Buffer.alloc(Math.min(anchorBytes, at.offset));
      if ((await file.stat()).size < at.offset) return undefined;
      const { bytesRead } = await file.read(bytes, 0, bytes.length, at.offset - bytes.length);
      return bytesRead === bytes.length ? crcHex(crc32(bytes)) : undefined;
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}
