import type { ContextEntry } from "../../core/model/entry";
import { isEntry } from "../../core/model/entryCheck";
import { contextEntrySchema } from "../../core/model/schemas";
import { crc32, crcHex } from "./crc32";

/**
 * A line is `{"v":1,` + the entry's fields + `,"c":"<crc>"}` + newline; the CRC-32 is over the UTF-8 bytes of the line
 * without the `c` member. Without it, 63 % of single flipped bits would give a valid but wrong entry (durability,
 * finding 5).
 */
const version = 1;
const head = `{"v":${version},`;
const seal = Buffer.from(',"c":"');
/** `,"c":"` + 8 digits + `"}` */
const tailLength = 16;
const brace = Buffer.from("}");
const anyHead = Buffer.from('{"v":');
const quote = 0x22;
const newlineByte = 0x0a;

/** This kind ends a segment; it is the ledger's own and never given to readers (segmentWriter). */
export const segmentEndKind = "segment_end";
/** How it looks in a line. Inside of a JSON string the quotes would be escaped. */
export const segmentEndBytes = Buffer.from(`"kind":"${segmentEndKind}"`);

export function encodeLine(entry: ContextEntry): Buffer {
  const json = JSON.stringify(entry);
  const size = Buffer.byteLength(json);
  // The JSON's opening brace is overwritten by the head's comma, its closing one by the tail.
  const bodyEnd = head.length - 1 + size;
  const line = Buffer.allocUnsafe(bodyEnd - 1 + tailLength + 1);
  line.write(json, head.length - 1);
  line.write(head, 0, "latin1");
  line.write(`,"c":"${crcHex(crc32(line.subarray(0, bodyEnd)))}"}\n`, bodyEnd - 1, "latin1");
  return line;
}

/** Part of a line, with its places in the file; reading goes on after it at `next`. */
export type LinePart =
  | {
      readonly type: "entry";
      readonly entry: ContextEntry;
      readonly start: number;
      readonly end: number;
      readonly next: number;
    }
  | {
      readonly type: "damage";
      readonly why: string;
      readonly start: number;
      readonly end: number;
      readonly next: number;
    };

/**
 * Reads the line in `bytes[start, end)` (without its newline). `base` is the place of `bytes` in the file, `newline` 1
 * when one follows. Nothing for a blank line. A line that does not hold is searched for whole entries inside: a torn
 * tail and its neighbour may share one.
 */
export function decodeLine(bytes: Buffer, start: number, end: number, base = 0, newline = 0): LinePart[] {
  const next = base + end + newline;
  if (end > start && bytes[end - 1] === 0x0d) end--;
  if (bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf && end - start >= 3) start += 3;
  if (end <= start) return [];
  const entry = decodeExact(bytes, start, end);
  if (entry) return [{ type: "entry", entry, start: base + start, end: base + end, next }];
  return salvage(bytes, start, end).map((part) => ({
    ...part,
    start: base + part.start,
    end: base + part.end,
    next: part.end === end ? next : base + part.end,
  }));
}

function decodeExact(bytes: Buffer, start: number, end: number): ContextEntry | undefined {
  const bodyEnd = end - tailLength;
  if (bodyEnd <= start || bytes[end - 1] !== 0x7d || bytes[end - 2] !== quote) return undefined;
  if (bytes.compare(seal, 0, seal.length, bodyEnd, bodyEnd + seal.length) !== 0) return undefined;
  const crc = crc32(brace, crc32(bytes.subarray(start, bodyEnd)));
  if (bytes.toString("latin1", bodyEnd + seal.length, end - 2) !== crcHex(crc)) return undefined;
  try {
    return interpret(bytes.toString("utf8", start, bodyEnd));
  } catch {
    return undefined;
  }
}

/** `body` is a line up to its `c` member. */
function interpret(body: string): ContextEntry | undefined {
  if (body.startsWith(head)) {
    const fields: unknown = JSON.parse(`{${body.slice(head.length)}}`);
    if (isEntry(fields)) return fields;
    return opaque(fields as Record<string, unknown>);
  }
  const fields = JSON.parse(`${body}}`) as Record<string, unknown>;
  if (typeof fields.v !== "number") return undefined;
  return opaque(fields);
}

/**
 * A line that is whole but not understood (a newer version wrote it) is kept: fields of an unexpected type move to
 * `unread`, and the few that every entry needs get a stand-in.
 */
function opaque(fields: Record<string, unknown>): ContextEntry | undefined {
  const result = contextEntrySchema.safeParse(fields);
  if (result.success) return fields as ContextEntry;
  if (typeof fields.id !== "string" || fields.id === "") return undefined;
  const known: Record<string, unknown> = { ...fields };
  const unread: Record<string, unknown> = {};
  for (const issue of result.error.issues) {
    const field = String(issue.path[0]);
    if (field in known) unread[field] = known[field];
    Reflect.deleteProperty(known, field);
  }
  const candidate = {
    project_id: "unknown",
    session_name: null,
    actor: "unknown",
    kind: "unknown",
    ts: "",
    text: "Written by a newer version of wsh Orchestrator.",
    ...known,
    unread,
  };
  const second = contextEntrySchema.safeParse(candidate);
  return second.success ? second.data : undefined;
}

/** Bytes that failed attempts may cost per line, so that a hostile line cannot hold the process up. */
const salvageBudget = 8 * 1024 * 1024;

function salvage(bytes: Buffer, start: number, end: number): LinePart[] {
  const parts: LinePart[] = [];
  let budget = salvageBudget;
  let unexplained = start;
  const setAside = (to: number): void => {
    if (to > unexplained)
      parts.push({ type: "damage", why: whyDamaged(bytes, unexplained, to), start: unexplained, end: to, next: to });
  };
  const line = bytes.subarray(0, end);
  for (let from = line.indexOf(anyHead, start); from !== -1 && budget > 0;) {
    let found: { entry: ContextEntry; end: number } | undefined;
    for (let mark = line.indexOf(seal, from); mark !== -1 && budget > 0; mark = line.indexOf(seal, mark + 1)) {
      const entryEnd = mark + tailLength;
      if (entryEnd > end) break;
      const entry = decodeExact(bytes, from, entryEnd);
      if (entry) {
        found = { entry, end: entryEnd };
        break;
      }
      budget -= entryEnd - from;
    }
    if (found) {
      setAside(from);
      parts.push({ type: "entry", entry: found.entry, start: from, end: found.end, next: found.end });
      unexplained = found.end;
    }
    from = line.indexOf(anyHead, found ? found.end : from + 1);
  }
  setAside(end);
  return parts;
}

function whyDamaged(bytes: Buffer, start: number, end: number): string {
  const part = bytes.subarray(start, end);
  if (part.every((byte) => byte === 0)) return "zero bytes";
  if (part.indexOf(anyHead) !== 0) return "not an entry";
  return part.length > tailLength && part.indexOf(seal, part.length - tailLength) !== -1
    ? "checksum differs"
    : "cut off";
}

/** Whether reading may go on at a place: after a newline or an entry's closing brace, or where an entry begins. */
export function mayBegin(before: number | undefined, following: Buffer): boolean {
  return before === newlineByte || before === brace[0] || following.subarray(0, anyHead.length).equals(anyHead);
}
