import { describe, expect, it } from "vitest";
import { textOfBytes } from "../../../src/core/model/textBytes";

const bytes = (...parts: (string | number)[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === "number" ? Buffer.of(part) : Buffer.from(part))));

describe("the text of a file", () => {
  it.each([
    ["", ""],
    ["grün 🙂 \ufffd\r\n", "grün 🙂 \ufffd\r\n"],
    ["\ufeffa", "a"],
  ])("%j is what its UTF-8 says", (text, expected) => expect(textOfBytes(bytes(text))).toBe(expected));

  it.each<[string, Uint8Array, object]>([
    [
      "Latin-1",
      bytes("a: b\nc: gr", 0xfc, "n\n"),
      { message: "the byte 0xFC is not UTF-8; save the file as UTF-8", line: 2, column: 6 },
    ],
    ["a byte behind whole characters", bytes("é🙂", 0x80), { line: 1, column: 4 }],
    ["a character that is cut off", bytes("ab", 0xe2, 0x82), { line: 1, column: 3 }],
    ["an overlong form", bytes("a", 0xc0, 0xaf), { line: 1, column: 2 }],
    ["a half of a pair", bytes("a", 0xed, 0xa0, 0x80), { line: 1, column: 2 }],
    ["beyond Unicode", bytes(0xf4, 0x90, 0x80, 0x80), { line: 1, column: 1 }],
    [
      "a NUL",
      bytes("a\nb", 0, "c"),
      { message: "a NUL character stands here; the file must be text", line: 2, column: 2 },
    ],
    [
      "UTF-16 with a mark",
      Buffer.from("\ufeffa: b", "utf16le"),
      { message: "the file is UTF-16; save the file as UTF-8" },
    ],
    ["UTF-16 with the other mark", Buffer.from("\ufeffa: b", "utf16le").swap16(), { message: /UTF-16/ }],
    ["UTF-16 without a mark", Buffer.from("project: a", "utf16le"), { message: /UTF-16/ }],
    ["UTF-32", bytes(0xff, 0xfe, 0, 0, "a", 0, 0, 0), { message: /UTF-32/ }],
  ])("that is %s is refused at its place", (_, given, expected) => {
    const { message, ...place } = expected as { message?: string | RegExp };
    const fault = textOfBytes(given);
    expect(fault).toMatchObject(place);
    if (message !== undefined) expect((fault as { message: string }).message).toMatch(message);
  });

  it("is refused in a moment, however long it is", () => {
    const started = performance.now();
    expect(textOfBytes(bytes("é".repeat(500_000), 0xfc))).toMatchObject({ column: 500_001 });
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
