import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultDetachKey, KeyReader, parseDetachKey } from "../../../src/cli/detachKey";

const bytes = (text: string): Uint8Array => Buffer.from(text, "latin1");
const read = (reader: KeyReader, text: string): { keys: string; detach: boolean } => {
  const { keys, detach } = reader.read(bytes(text));
  return { keys: Buffer.from(keys).toString("latin1"), detach };
};
const reader = (key = defaultDetachKey): KeyReader => new KeyReader(parseDetachKey(key));

describe("the detach key", () => {
  it.each([
    ["ctrl-]", "Ctrl-]", 0x1d],
    ["Ctrl-Q", "Ctrl-Q", 0x11],
    ["^q", "Ctrl-Q", 0x11],
    ["C-\\", "Ctrl-\\", 0x1c],
    ["ctrl-@", "Ctrl-@", 0],
  ])("%s", (text, title, byte) => expect(parseDetachKey(text)).toMatchObject({ title, byte }));

  it.each(["q", "ctrl-", "ctrl-qq", "alt-q", "", "ctrl-ä"])("%j is none", (text) =>
    expect(() => parseDetachKey(text)).toThrow(/cannot be the detach key/),
  );

  it.each([
    ["ctrl-m", "Enter"],
    ["ctrl-i", "Tab"],
    ["ctrl-[", "Escape"],
  ])("%s is needed", (key, name) => expect(() => parseDetachKey(key)).toThrow(new RegExp(`it is ${name}`)));
});

describe("what is typed", () => {
  it("goes on as it is; the detach key and what follows does not", () => {
    expect(read(reader(), "a\x00\xff\x1b[Aé\r")).toEqual({ keys: "a\x00\xff\x1b[Aé\r", detach: false });
    expect(read(reader(), "ab\x1dcd")).toEqual({ keys: "ab", detach: true });
    expect(read(reader("ctrl-q"), "\x1d\x11")).toEqual({ keys: "\x1d", detach: true });
  });

  it.each(["\x1b[93;5u", "\x1b[93;69u", "\x1b[93:125;133:2u", "\x1b[93;5;29u", "\x1b[27;5;93~"])(
    "may name the key by a number: %j",
    (sequence) => {
      expect(read(reader(), `x${sequence}y`)).toEqual({ keys: "x", detach: true });
    },
  );

  it.each(["\x1b[93;5:3u", "\x1b[93;6u", "\x1b[93u", "\x1b[93;1u", "\x1b[27;6;93~"])(
    "another key is none: %j",
    (sequence) => {
      expect(read(reader(), sequence)).toEqual({ keys: sequence, detach: false });
    },
  );

  it("in a paste is text, however the paste is cut", () => {
    const paste = "\x1b[200~one\x1d two\x1b[93;5u\x1b[201~";
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: paste.length }), { maxLength: 5 }), (cuts) => {
        const keys = reader();
        const places = [0, ...[...cuts].sort((one, other) => one - other), paste.length];
        const got = places.slice(1).map((end, index) => read(keys, paste.slice(places[index], end)));
        expect(got.map((each) => each.keys).join("")).toBe(paste);
        expect(got.some((each) => each.detach)).toBe(false);
        expect(read(keys, "z\x1d")).toEqual({ keys: "z", detach: true });
      }),
    );
  });
});
