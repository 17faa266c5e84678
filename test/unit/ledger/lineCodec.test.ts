import { describe, expect, it } from "vitest";
import { crc32, tableCrc32 } from "../../../src/adapters/ledger/crc32";
import { type LinePart, decodeLine, encodeLine } from "../../../src/adapters/ledger/lineCodec";
import { SegmentReader } from "../../../src/adapters/ledger/segmentReader";
import type { ContextEntry } from "../../../src/core/model/entry";

function entry(id: string, text: string): ContextEntry {
  return {
    id,
    project_id: "alpha",
    session_name: "proj-alpha::builder::1",
    actor: "engine",
    kind: "note",
    ts: "2026-01-01T00:00:00.000Z",
    text,
  };
}

async function partsOf(bytes: Buffer, bufferBytes?: number): Promise<LinePart[]> {
  const file = {
    read: (target: Buffer, at: number, length: number, position: number) =>
      Promise.resolve({
        bytesRead: bytes.copy(target, at, position, Math.min(bytes.length, position + length)),
        buffer: target,
      }),
  };
  const reader = new SegmentReader(file as unknown as ConstructorParameters<typeof SegmentReader>[0], 0, bufferBytes);
  const parts: LinePart[] = [];
  while (await reader.fill()) parts.push(...reader.take(Infinity));
  return parts;
}

const entriesIn = (parts: readonly LinePart[]): ContextEntry[] =>
  parts.flatMap((part) => (part.type === "entry" ? [part.entry] : []));

function decodeOne(line: string): LinePart[] {
  const bytes = Buffer.from(line);
  return decodeLine(bytes, 0, bytes.length);
}

/** A line with a right checksum around any fields. */
function lineOf(fields: object): string {
  const body = JSON.stringify(fields);
  return `${body.slice(0, -1)},"c":"${crc32(body).toString(16).padStart(8, "0")}"}`;
}

describe("the line form", () => {
  it("is JSON with v first and the checksum of the rest last", () => {
    const line = encodeLine(entry("01A", "größe „ok“ \u2028 \ud800")).toString();
    expect(line).toMatch(/^\{"v":1,"id":"01A",.*,"c":"[0-9a-f]{8}"\}\n$/s);
    const { c, ...rest } = JSON.parse(line) as { c: string };
    expect(crc32(JSON.stringify(rest)).toString(16).padStart(8, "0")).toBe(c);
  });

  it("has the same checksum by table as by the system's function, in pieces as in one", () => {
    expect(tableCrc32("123456789")).toBe(0xcbf43926);
    expect(crc32("123456789")).toBe(0xcbf43926);
    expect(tableCrc32("6789", tableCrc32("12345"))).toBe(0xcbf43926);
  });

  it("gives back what was put in", async () => {
    const all = [
      entry("01A", ""),
      entry("01B", 'with {"v":1,"id":"x","c":"00000000"} inside\nand\r\n\u0000 more'),
      { ...entry("01C", "x"), later: { deep: [1, null] } },
    ];
    for (const bufferBytes of [1, 7, 64, 4096]) {
      expect(entriesIn(await partsOf(Buffer.concat(all.map(encodeLine)), bufferBytes))).toEqual(all);
    }
  });

  it("finds every single flipped bit of a middle record, and both neighbours (R4)", async () => {
    const all = [entry("01A", "first"), entry("01B", "The build is done: 14 warnings."), entry("01C", "last")];
    const lines = all.map(encodeLine);
    const file = Buffer.concat(lines);
    const start = (lines[0] as Buffer).length;
    const end = start + (lines[1] as Buffer).length;
    let flips = 0;
    let recovered = 0;
    for (let at = start; at < end; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const flipped = Buffer.from(file);
        flipped[at] = (flipped[at] as number) ^ (1 << bit);
        const found = entriesIn(await partsOf(flipped, 4096));
        const middle = found.filter((one) => one.id !== "01A" && one.id !== "01C");
        expect(found.filter((one) => !middle.includes(one))).toEqual([all[0], all[2]]);
        // Only its newline can be hit without harm to the entry.
        if (middle.length > 0) expect([middle, at]).toEqual([[all[1]], end - 1]);
        recovered += middle.length;
        flips++;
      }
    }
    expect(flips).toBe((end - start) * 8);
    expect(recovered).toBe(8);
  });

  it("refuses a line without a checksum or with one more character", () => {
    const line = encodeLine(entry("01A", "x")).toString().trimEnd();
    expect(decodeOne(line.replace(/,"c":"\w+"/, ""))).toMatchObject([{ type: "damage" }]);
    expect(decodeOne(`${line}x`)).toMatchObject([
      { type: "entry" },
      { type: "damage", start: line.length, end: line.length + 1 },
    ]);
  });

  it("keeps unknown kinds and fields, and lines of a newer version", () => {
    const future = {
      v: 7,
      id: "01Z",
      project_id: "alpha",
      session_name: null,
      actor: "x",
      kind: "dream",
      ts: "t",
      text: "hello",
      novel: { deep: [1] },
    };
    expect(decodeOne(lineOf(future))).toMatchObject([{ type: "entry", entry: future }]);
    const strange = { v: 7, id: "01Z", kind: "dream", text: ["no", "string"], outcome: "evaporated" };
    expect(decodeOne(lineOf(strange))).toMatchObject([
      {
        type: "entry",
        entry: {
          v: 7,
          id: "01Z",
          kind: "dream",
          session_name: null,
          unread: { text: ["no", "string"], outcome: "evaporated" },
        },
      },
    ]);
    expect(decodeOne(lineOf({ v: 1, ...entry("01A", "x"), outcome: "evaporated" }))).toMatchObject([
      { type: "entry", entry: { id: "01A", text: "x", unread: { outcome: "evaporated" } } },
    ]);
    expect(decodeOne(lineOf({ v: 7, kind: "without an id" }))).toMatchObject([{ type: "damage" }]);
  });

  it("does not let a line change the prototype of objects", () => {
    const line = lineOf(JSON.parse('{"v":1,"__proto__":{"polluted":true},"id":"01A"}') as object);
    decodeOne(line);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it("does not spend long on a hostile line", () => {
    const hostile = '{"v":1,"c":"00000000"}'.repeat(50_000);
    const began = performance.now();
    const parts = decodeOne(hostile);
    expect(parts).toMatchObject([{ type: "damage" }]);
    expect(performance.now() - began).toBeLessThan(2000);
  });
});
