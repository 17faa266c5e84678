import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stripControlCharacters, visibleText } from "../../../src/core/safety/controlCharacters";
import { hostile } from "../../support/escapeCorpus";

const esc = "\u001b";
const st = `${esc}\\`;

const readable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;

/** What people and terminals send: pieces that meet each other in every order. */
const pieces = fc.array(
  fc.oneof(
    fc.constantFrom(
      ...hostile,
      esc,
      `${esc}[`,
      `${esc}]`,
      `${esc}P`,
      "\u009b",
      "\u009d",
      "é",
      "👩‍💻",
      "\u200d",
      "\ud800",
      "\udc01",
      "\udb40",
    ),
    fc.string({ unit: "binary", maxLength: 8 }),
    fc.string({ maxLength: 8 }),
  ),
  { maxLength: 30 },
);

describe("visibleText", () => {
  it.each([
    ["r\u0085m -rf x", "r<U+0085>m -rf x"],
    ["a\x1b[31mb\0\x7f", "a<U+001B>[31mb<U+0000><U+007F>"],
    ["a\u202eb\u2066c\u200bd\ufeffe\u00adf", "a<U+202E>b<U+2066>c<U+200B>d<U+FEFF>e<U+00AD>f"],
    ["a\u00a0b\u2003c\u2028d", "a<U+00A0>b<U+2003>c<U+2028>d"],
    ["\ue072\ufdd0\u{e0072}\ud800\uffff", "<U+E072><U+FDD0><U+E0072><U+D800><U+FFFF>"],
    ["a\r\nb\rc\td\n", "a\nb<U+000D>c\td\n"],
    ["grün 😀 👩‍💻 ❤️ שלום é", "grün 😀 👩‍💻 ❤️ שלום é"],
    ["r\u200dm\ufe0f", "r<U+200D>m<U+FE0F>"],
  ])("of %j is %j", (text, visible) => {
    expect(visibleText(text)).toBe(visible);
    expect(visibleText(visible)).toBe(visible);
    expect(stripControlCharacters(visible)).toBe(visible);
  });
});

describe("stripControlCharacters", () => {
  it("knows at least sixty hostile sequences", () => {
    expect(hostile.length).toBeGreaterThanOrEqual(60);
  });

  it.each(hostile.map((sequence) => [JSON.stringify(sequence), sequence]))("removes %s whole", (_name, sequence) => {
    expect(stripControlCharacters(`a${sequence}b`)).toBe("ab");
    expect(stripControlCharacters(`one\n${sequence}two`)).toBe("one\ntwo");
  });

  it.each([
    [`${esc}]0;cut off`, "osc"],
    [`${esc}Pcut off`, "dcs"],
    ["\u009dcut off", "osc, 8 bits"],
    [`${esc}[12;3`, "csi"],
    ["\u009b12", "csi, 8 bits"],
    [`${esc}(`, "character set"],
  ])("removes what was cut off up to the end of its line: %j", (sequence) => {
    expect(stripControlCharacters(`kept${sequence}`)).toBe("kept");
    expect(stripControlCharacters(`kept${sequence}\nnext line`)).toBe("kept\nnext line");
  });

  it("removes a string that goes over lines, as a terminal would not show it", () => {
    expect(stripControlCharacters(`a${esc}P1\n2\n3${st}b`)).toBe("ab");
  });

  it("keeps text, newlines, tabs, emoji with joiners, and scripts that need them", () => {
    for (const text of [
      "plain",
      "a\tb\nc",
      "👩‍💻 done",
      "👨‍👩‍👧‍👦",
      "می‌خواهم",
      "क्‍ष",
      "日本語",
      "naïve — “quotes” ‹x›",
      "e\u0301",
    ]) {
      expect(stripControlCharacters(text)).toBe(text);
    }
  });

  it("leaves no joiner that splits a word", () => {
    expect(stripControlCharacters("AK\u200dIA \u200cx")).toBe("AKIA x");
  });

  it("makes one line of a name", () => {
    expect(stripControlCharacters("a\nb\tc\r\n", { keepNewlines: false })).toBe("a b c ");
  });

  it("replaces what cannot be written as UTF-8, so that two halves never join into something hidden", () => {
    expect(stripControlCharacters("\udb40\u200b\udc01")).toBe("\ufffd\ufffd");
  });

  it("is idempotent and leaves nothing behind, for any text", () => {
    fc.assert(
      fc.property(pieces, (parts) => {
        const once = stripControlCharacters(parts.join(""));
        expect(once).not.toMatch(readable);
        expect(stripControlCharacters(once)).toBe(once);
      }),
      { numRuns: 3000 },
    );
  });

  it.each([`${esc}]`, `${esc}P`, "\u009d", `${esc}[`, `${esc}k`, "\u009b1;", "\u200d", `${esc}]0;x\n`, esc])(
    "takes time linear in the length: %j",
    (unit) => {
      const text = unit.repeat(400_000);
      const started = performance.now();
      stripControlCharacters(text);
      // A quadratic scan would take minutes.
      expect(performance.now() - started).toBeLessThan(5000);
    },
  );
});
