import type { ContextEntry } from "../../core/model/entry";
import { isMissing } from "./ledgerErrors";
import { decodeLine, segmentEndKind } from "./lineCodec";
import { type SegmentFile, listSegments, openForRead, segmentPath } from "./segments";

const firstRegion = 32 * 1024;
const largestRegion = 256 * 1024;
const newline = 0x0a;

/**
 * The newest `count` entries, oldest first: reads backwards from the end, so the length of the record does not matter.
 */
export async function lastEntries(folder: string, count: number): Promise<ContextEntry[]> {
  const seen = new Set<string>();
  let entries: ContextEntry[] = [];
  for (const segment of (await listSegments(folder)).reverse()) {
    if (entries.length >= count) break;
    let file: SegmentFile;
    try {
      file = await openForRead(segmentPath(folder, segment));
    } catch (error) {
      if (isMissing(error)) continue;
      throw error;
    }
    try {
      entries = [...(await lastOfSegment(file, count - entries.length, seen)), ...entries];
    } finally {
      await file.close();
    }
  }
  return entries.slice(Math.max(0, entries.length - count));
}

/** At least `count` entries from the segment's end, or all of them; ids in `seen` are left out, new ones added. */
async function lastOfSegment(file: SegmentFile, count: number, seen: Set<string>): Promise<ContextEntry[]> {
  let entries: ContextEntry[] = [];
  let end = (await file.stat()).size;
  let region = firstRegion;
  let carry = Buffer.alloc(0);
  let atTail = true;
  while (end > 0 && entries.length < count) {
    const start = Math.max(0, end - region);
    const bytes = Buffer.concat([await readFully(file, start, end), carry]);
    const firstLine = start === 0 ? 0 : bytes.indexOf(newline) + 1;
    end = start;
    region = Math.min(region * 2, largestRegion);
    if (start > 0 && firstLine === 0) {
      // No newline in all of it: the line begins further back.
      carry = bytes;
      continue;
    }
    carry = Buffer.from(bytes.subarray(0, firstLine));
    // What follows the last newline of the file is not there yet.
    const { decoded, ended } = decodeRegion(bytes, firstLine, atTail ? bytes.lastIndexOf(newline) + 1 : bytes.length);
    atTail = false;
    // What stands behind the first end mark does not count (recordWalk).
    entries = [...dropSeen(decoded, seen), ...(ended ? [] : entries)];
  }
  return entries;
}

function decodeRegion(bytes: Buffer, from: number, to: number): { decoded: ContextEntry[]; ended: boolean } {
  const decoded: ContextEntry[] = [];
  for (let start = from; start < to;) {
    const newlineAt = bytes.indexOf(newline, start);
    const end = newlineAt === -1 || newlineAt >= to ? to : newlineAt;
    for (const part of decodeLine(bytes, start, end)) {
      if (part.type !== "entry") continue;
      if (part.entry.kind === segmentEndKind) return { decoded, ended: true };
      decoded.push(part.entry);
    }
    start = end + 1;
  }
  return { decoded, ended: false };
}

function dropSeen(entries: readonly ContextEntry[], seen: Set<string>): ContextEntry[] {
  return entries.filter((entry) => {
    const isNew = !seen.has(entry.id);
    seen.add(entry.id);
    return isNew;
  });
}

async function readFully(file: SegmentFile, start: number, end: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(end - start);
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, start + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}
