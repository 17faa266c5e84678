import { existsSync } from "node:fs";
import { appendFile, readFile, truncate, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { filePlace } from "../../../src/adapters/ledger/filePlace";
import { randomBy, seed } from "../../support/seed";
import { cutEverywhere } from "../../support/cutRecords";
import { Workspace, note, quarantined, stored, texts } from "../../support/ledgerHarness";

let workspace: Workspace;
beforeEach(async () => {
  workspace = await Workspace.make();
});
afterEach(() => workspace.dispose());

const twenty = Array.from({ length: 20 }, (_, index) => `entry ${index}`);

/** A record of twenty entries, and its bytes. */
async function record(): Promise<Buffer> {
  const ledger = await workspace.ledger();
  for (const text of twenty) await ledger.append(note(text), "written");
  await ledger.close();
  return workspace.bytes();
}

/** By this process, from any file, so far. */
async function bytesRead(): Promise<number> {
  return Number(/^rchar: (\d+)$/m.exec(await readFile("/proc/self/io", "utf8"))?.[1]);
}

async function reread(more: readonly string[] = []): Promise<string[]> {
  const ledger = await workspace.ledger();
  for (const text of more) await ledger.append(note(text), "written");
  const found = await texts(ledger);
  expect(await ledger.last(1000).then((last) => last.map((entry) => entry.text))).toEqual(found);
  await ledger.close();
  return found;
}

describe("a record that was cut off", () => {
  it("loses only what is incomplete, wherever in the last four records (R3)", async () => {
    console.log(`seed ${seed}`);
    // The soak test takes every byte.
    const every = 8;
    expect(await cutEverywhere(workspace, Math.floor(randomBy(seed)() * every), every)).toBeGreaterThan(60);
  });

  it("keeps an incomplete last line out of sight until it is complete", async () => {
    const whole = await record();
    await truncate(workspace.segment(), whole.length - 5);
    const ledger = await workspace.ledger();
    expect(await texts(ledger)).toEqual(twenty.slice(0, 19));
    expect(await ledger.last(1)).toMatchObject([{ text: "entry 18" }]);
    expect(await quarantined(workspace)).toEqual([]);
    expect(await ledger.verify()).toMatchObject({ damaged: 0, entries: 19 });
    await appendFile(workspace.segment(), whole.subarray(whole.length - 5));
    expect(await texts(ledger)).toEqual(twenty);
  });

  it("starts a new line behind a torn tail, also when another process tears while the record is open", async () => {
    const ledger = await workspace.ledger();
    await ledger.append(note("before"), "synced");
    const torn = '{"v":1,"id":"01TORN","text":"half a li';
    await appendFile(workspace.segment(), torn);
    await ledger.append(note("after"), "synced");
    expect((await workspace.bytes()).toString()).toContain(`${torn}\n{"v":1,`);
    expect(await texts(ledger)).toEqual(["before", "after"]);
    expect(await quarantined(workspace)).toMatchObject([{ segment: 1, bytes: Buffer.from(torn), why: "cut off" }]);
  });

  it("reads an entry that stands behind a torn one in the same line", async () => {
    const whole = await record();
    const lines = whole.toString().split("\n");
    const spliced = `${lines[0]}\n${(lines[1] as string).slice(0, 60)}${lines.slice(2, 20).join("\n")}\n`;
    await writeFile(workspace.segment(), spliced);
    expect(await reread()).toEqual([twenty[0], ...twenty.slice(2)]);
    expect(await quarantined(workspace)).toMatchObject([{ bytes: Buffer.from((lines[1] as string).slice(0, 60)) }]);
  });
});

describe("a record with strange bytes", () => {
  const strange: [string, Buffer][] = [
    ["4,096 zero bytes", Buffer.alloc(4096)],
    [
      "garbage",
      Buffer.from(
        Array.from({ length: 999 }, (_, index) => (index * 7919 + 13) & 0xff).filter(
          (byte) => byte !== 10 && byte !== 13,
        ),
      ),
    ],
    ["a conflict mark", Buffer.from("<<<<<<< HEAD")],
    ["a byte order mark and text", Buffer.from("\ufeffhello")],
    ["another program's JSON", Buffer.from('{"v":1,"hello":"world"}')],
  ];

  it.each(strange)("keeps all entries and the bytes of %s at its end (R5)", async (_name, bytes) => {
    const whole = await record();
    await writeFile(workspace.segment(), Buffer.concat([whole, bytes]));
    expect(await reread(["new"])).toEqual([...twenty, "new"]);
    const kept = (await quarantined(workspace)).map((place) => place.bytes);
    const expected = bytes.subarray(0, 3).equals(Buffer.from("\ufeff")) ? bytes.subarray(3) : bytes;
    expect(Buffer.concat(kept)).toEqual(expected);
    expect((await workspace.bytes()).includes(bytes)).toBe(true);
  });

  it.each(strange)("reads on behind %s when the next entry follows without a newline", async (_name, bytes) => {
    const whole = await record();
    const middle = whole.indexOf("\n", whole.length / 2) + 1;
    await writeFile(workspace.segment(), Buffer.concat([whole.subarray(0, middle), bytes, whole.subarray(middle)]));
    expect(await reread()).toEqual(twenty);
    expect(await quarantined(workspace)).toHaveLength(1);
  });

  it("notes each damaged place once, however often and by whomever it is read", async () => {
    const whole = await record();
    await writeFile(
      workspace.segment(),
      Buffer.concat([Buffer.from("<<<<<<< HEAD\n"), whole, Buffer.from("=======\n")]),
    );
    const [one, other] = [await workspace.ledger(), await workspace.ledger()];
    await Promise.all([texts(one), texts(one), texts(other)]);
    expect(await one.verify()).toMatchObject({ damaged: 2, quarantined: 2, entries: 20 });
    const places = await quarantined(workspace);
    expect(new Set(places.map((place) => place.offset))).toEqual(new Set([0, whole.length + 13]));
    expect(places[0]?.why).toBe("not an entry");
  });

  it.runIf(existsSync("/proc/self/io"))(
    "reads as much for 2,000 damaged lines as they are long, not its square",
    async () => {
      const lines = Array.from(
        { length: 2000 },
        (_, index) => `{"v":1,"id":"broken ${index} ${"x".repeat(200)}\n`,
      ).join("");
      const ledger = await workspace.ledger();
      await writeFile(workspace.segment(), lines, { mode: 0o600 });
      const before = await bytesRead();
      expect(await texts(ledger)).toEqual([]);
      expect((await bytesRead()) - before).toBeLessThan(20 * lines.length);
      const places = await quarantined(workspace);
      expect(places).toHaveLength(2000);
      expect(Buffer.concat(places.map(({ bytes }) => Buffer.concat([bytes, Buffer.from("\n")]))).toString()).toBe(
        lines,
      );
    },
  );

  it("notes what is damaged behind a line of another that was cut off while it was noted", async () => {
    const whole = await record();
    await writeFile(workspace.segment(), Buffer.concat([Buffer.from("<<<<<<< HEAD\n"), whole]));
    await writeFile(`${workspace.folder}/quarantine.jsonl`, '{"segment":1,"off', { mode: 0o600 });
    const ledger = await workspace.ledger();
    await texts(ledger);
    const notes = (await readFile(`${workspace.folder}/quarantine.jsonl`, "utf8")).split("\n");
    expect(notes.map((line) => line.slice(0, 24))).toEqual(['{"segment":1,"off', '{"segment":1,"offset":0,', ""]);
  });

  it("reads a record with CRLF line ends and with a byte order mark (R6)", async () => {
    const whole = (await record()).toString();
    await writeFile(workspace.segment(), `\ufeff${whole.replaceAll("\n", "\r\n")}`);
    expect(await reread(["new"])).toEqual([...twenty, "new"]);
    expect(await quarantined(workspace)).toEqual([]);
  });

  it("gives an entry once that is in the record twice, as after a careless merge", async () => {
    const whole = await record();
    await writeFile(workspace.segment(), Buffer.concat([whole, whole]));
    const ledger = await workspace.ledger();
    expect(await texts(ledger)).toEqual(twenty);
    expect(await ledger.verify()).toMatchObject({ entries: 20, duplicates: 20 });
  });

  it("reads on from any place that it gave, also from one inside of a damaged line", async () => {
    const whole = await record();
    const text = whole.toString().replace("\n", "").replace("\n", "junk");
    await writeFile(workspace.segment(), text);
    const ledger = await workspace.ledger();
    const all = await stored(ledger);
    expect(all.map((item) => item.entry.text)).toEqual(twenty);
    for (const [index, item] of all.entries()) {
      expect(await texts(ledger, item.next)).toEqual(twenty.slice(index + 1));
      expect(await texts(ledger, item.at)).toEqual(twenty.slice(index));
    }
  });

  it("refuses a place that is not in the record", async () => {
    const whole = await record();
    const ledger = await workspace.ledger();
    for (const offset of [1, whole.length + 1]) {
      await expect(texts(ledger, filePlace(1, offset))).rejects.toMatchObject({ code: "ledger_corrupt" });
    }
    await expect(texts(ledger, filePlace(9, 100))).rejects.toMatchObject({ code: "ledger_corrupt" });
    expect(await texts(ledger, filePlace(1, whole.length))).toEqual([]);
  });

  it("survives a record that is nothing but one line of 3 MB without an end", async () => {
    await record();
    await writeFile(workspace.segment(), Buffer.alloc(3 << 20, 0x7b));
    expect(await reread(["new"])).toEqual(["new"]);
    expect((await readFile(workspace.segment())).length).toBeGreaterThan(3 << 20);
  });
});
