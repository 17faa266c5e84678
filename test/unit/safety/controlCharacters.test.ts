import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stripControlCharacters } from "../../../src/core/safety/controlCharacters";

const esc = "\u001b";
const bel = "\u0007";
const st = `${esc}\\`;

/** Every one of these is gone without a trace between `a` and `b`. */
const hostile: readonly string[] = [
  `${esc}[31m`, `${esc}[1;38;5;200m`, `${esc}[?25l`, `${esc}[2J`, `${esc}[H`, `${esc}[>c`, `${esc}[6n`, `${esc}[!p`, `${esc}[?1049h`, `${esc}[38:2::1:2:3m`, `${esc}[ q`, `${esc}[200~`, `${esc}[201~`,
  "\u009b31m", "\u009b?1049h", `${esc}]0;owned${bel}`, `${esc}]0;owned${st}`, `${esc}]2;x\u009c`, "\u009d0;title\u0007", "\u009d0;title\u009c", `${esc}]52;c;ZWNobw==${bel}`, `${esc}]8;;http://evil${st}`,
  `${esc}]133;A;k=1${st}`, `${esc}]1337;File=name=x:AAAA${bel}`, `${esc}]777;notify;t;b${bel}`, `${esc}]9;4;1;50${bel}`, `${esc}]4;1;?${bel}`, `${esc}]11;?${st}`, `${esc}Pq#0;2;0;0;0${st}`, `${esc}P$q"p${st}`,
  "\u0090q#1~~\u009c", `${esc}_Gf=24;AAAA${st}`, "\u009fGx\u009c", `${esc}^private${st}`, "\u009eprivate\u009c", `${esc}Xstring${st}`, "\u0098string\u009c", `${esc}ktitle${st}`, `${esc}(B`, `${esc}#8`, `${esc}c`, `${esc}7`,
  `${esc}8`, `${esc}=`, `${esc}>`, `${esc}M`, `${esc}%G`, `${esc} F`, bel, "\b", "\r", "\u000b", "\u000c", "\u000e", "\u000f", "\u0000", "\u007f", "\u0085", "\u009c", "\u200b", "\u200e", "\u200f", "\u202a",
  "\u202e", "\u2066", "\u2069", "\u2028", "\u2029", "\ufeff", "\u2060", "\u061c", "\u{e0041}", "\u200d", "\u200c", `${esc}Ptmux;${esc}${esc}]0;t${bel}${st}`, `${esc}[31;${esc}[32m`, `${esc}]0;cancelled\u0018`,
];

const readable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;

/** What people and terminals send: pieces that meet each other in every order. */
const pieces = fc.array(fc.oneof(fc.constantFrom(...hostile, esc, `${esc}[`, `${esc}]`, `${esc}P`, "\u009b", "\u009d", "é", "👩‍💻", "\u200d", "\ud800", "\udc01", "\udb40"), fc.string({ unit: "binary", maxLength: 8 }), fc.string({ maxLength: 8 })), { maxLength: 30 });

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
    for (const text of ["plain", "a\tb\nc", "👩‍💻 done", "👨‍👩‍👧‍👦", "می‌خواهم", "क्‍ष", "日本語", "naïve — “quotes” ‹x›", "e\u0301"]) {
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

  it.each([`${esc}]`, `${esc}P`, "\u009d", `${esc}[`, `${esc}k`, "\u009b1;", "\u200d", `${esc}]0;x\n`, esc])("takes time linear in the length: %j", (unit) => {
    const text = unit.repeat(400_000);
    const started = performance.now();
    stripControlCharacters(text);
    // A quadratic scan would take minutes.
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
