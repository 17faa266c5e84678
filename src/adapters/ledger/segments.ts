import { constants } from "node:fs";
import { type FileHandle, lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { isMissing } from "./ledgerErrors";
import { openOwn } from "./safePaths";

/** What is needed of an open segment; tests put a failing one in its place. */
export type SegmentFile = Pick<FileHandle, "read" | "write" | "stat" | "datasync" | "close">;

/** Opens a segment for appending, making it when there is none. */
export type OpenSegment = (path: string) => Promise<SegmentFile>;

/**
 * A segment ends before it is larger than this; both can be overrun by what other writers append at the same moment.
 */
export interface SegmentLimits {
  readonly bytes: number;
  readonly entries: number;
}

export const defaultLimits: SegmentLimits = { bytes: 16 * 1024 * 1024, entries: 50_000 };

export function segmentName(segment: number): string {
  return `events-${String(segment).padStart(6, "0")}.jsonl`;
}

export function segmentPath(folder: string, segment: number): string {
  return join(folder, segmentName(segment));
}

/** Numbers of the segments that exist, ascending. */
export async function listSegments(folder: string): Promise<number[]> {
  const numbers: number[] = [];
  for (const name of await readdir(folder)) {
    const match = /^events-(\d{6,9})\.jsonl$/.exec(name);
    if (match?.[1] && segmentName(Number(match[1])) === name) numbers.push(Number(match[1]));
  }
  return numbers.sort((a, b) => a - b);
}

/** The next segment that exists after this one. */
export async function segmentAfter(folder: string, segment: number): Promise<number | undefined> {
  return (await listSegments(folder)).find((number) => number > segment);
}

/** Bytes in a segment, undefined when there is none. */
export async function segmentSize(folder: string, segment: number): Promise<number | undefined> {
  try {
    return (await lstat(segmentPath(folder, segment))).size;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export const openForAppend: OpenSegment = (path) =>
  openOwn(path, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT);

export function openForRead(path: string): Promise<FileHandle> {
  return openOwn(path, constants.O_RDONLY);
}
