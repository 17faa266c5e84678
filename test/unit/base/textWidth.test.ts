import { describe, expect, it, vi } from "vitest";
import { createPaint, paintLine } from "../../../src/cli/paint";
import { cutToWidth, graphemesOf, padToWidth, textWidth } from "../../../src/core/base/textWidth";

describe("width of text on a terminal", () => {
  it.each([
    ["plain", 5],
    ["日本語", 6],
    ["한국어", 6],
    ["é", 1],
    ["e\u0301", 1],
    ["👍🏽", 2],
    ["👩‍👩‍👧", 2],
    ["❤️", 2],
    ["✓ ● ○ ‖", 7],
    ["", 0],
    ["ｆｕｌｌ", 8],
  ])("%s takes %i cells", (text, cells) => {
    expect(textWidth(text)).toBe(cells);
  });

  it("never cuts a wide character in half", () => {
    expect(cutToWidth("日本語", 6)).toBe("日本語");
    expect(cutToWidth("日本語", 5)).toBe("日本…");
    expect(cutToWidth("日本語", 4)).toBe("日…");
    expect(cutToWidth("日本語", 1)).toBe("…");
    expect(cutToWidth("日本語", 0)).toBe("");
    expect(cutToWidth("word", 4)).toBe("word");
    expect(cutToWidth("words", 4)).toBe("wor…");
  });

  it("cut and padded text has exactly the width", () => {
    for (const text of ["a", "日本語テキスト", "mixed 日本 text", "👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧"]) {
      for (let cells = 1; cells < 20; cells++) {
        expect(textWidth(cutToWidth(text, cells))).toBeLessThanOrEqual(cells);
        expect(textWidth(padToWidth(text, cells))).toBe(cells);
      }
    }
  });
});

describe("a painted line", () => {
  const plain = createPaint(false);

  it("fits, and shows where something is missing", () => {
    const pieces = [{ text: "one " }, { text: "two " }, { text: "three" }];
    expect(paintLine(pieces, 13, plain)).toBe("one two three");
    expect(paintLine(pieces, 12, plain)).toBe("one two thr…");
    expect(paintLine(pieces, 8, plain)).toBe("one two…");
    expect(paintLine(pieces, 3, plain)).toBe("on…");
  });

  it("closes every colour that it opens", () => {
    const line = paintLine(
      [
        { text: "good", tone: "good" },
        { text: " and much more", tone: "bad" },
      ],
      8,
      createPaint(true),
    );
    expect(line).toBe("\u001b[32mgood\u001b[39m\u001b[31m an…\u001b[39m");
  });
});

describe("the characters of a text", () => {
  const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });
  const told = (parts: ReturnType<typeof graphemesOf>): string =>
    Array.from(parts, ({ segment, index }) => `${index} ${segment}`).join("\n");

  it("are those of Unicode, whatever stands next to what", () => {
    const signs = Array.from({ length: 0x2800 }, (_, code) => String.fromCharCode(code));
    for (const other of ["a", "…", "\u0301"])
      for (const sign of signs)
        for (const text of [sign + other, other + sign]) {
          const parts = told(graphemesOf(text));
          if (parts !== told(segmenter.segment(text))) expect(parts).toBe(text);
        }
  });

  it("are told apart without the data of a language where none of them joins another", async () => {
    vi.resetModules();
    const made = vi.spyOn(Intl, "Segmenter").mockImplementation(function () {
      return segmenter;
    });
    try {
      const fresh = await import("../../../src/core/base/textWidth");
      expect(fresh.textWidth("Überall … ▸ ✓ – done")).toBe(20);
      expect(fresh.cutToWidth("▸ Überall", 5)).toBe("▸ Üb…");
      expect(made).not.toHaveBeenCalled();
      expect(fresh.textWidth("日本語")).toBe(6);
      expect(made).toHaveBeenCalledOnce();
    } finally {
      made.mockRestore();
    }
  });
});
