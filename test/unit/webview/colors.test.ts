import { describe, expect, it } from "vitest";
import { contrast, isSamePalette, type Palette, paintOf, parseColor } from "../../../webview-ui/shared/colors";

const grey = (value: number): { r: number; g: number; b: number } => ({ r: value, g: value, b: value });
const palette: Palette = {
  ansi: Array.from({ length: 16 }, (_, index) => grey(index)),
  foreground: grey(200),
  background: grey(20),
};
const plain = { brightBold: true, minimumContrastRatio: 1 };

describe("colours", () => {
  it("are read as themes write them", () => {
    expect(
      ["#fff", "#102030", "#10203000", "rgb(1, 2, 3)", "rgba(255, 255, 255, 0.5)", "rgb(1 2 3 / 50%)"].map((text) =>
        parseColor(text, grey(0)),
      ),
    ).toEqual([
      grey(255),
      { r: 16, g: 32, b: 48 },
      grey(0),
      { r: 1, g: 2, b: 3 },
      grey(127.5),
      { r: 0.5, g: 1, b: 1.5 },
    ]);
    expect(["", "red", "#12", "#12345", "rgb(a, b, c)", "url(x)"].map((text) => parseColor(text))).toEqual(
      Array(6).fill(undefined),
    );
  });

  it("are others when one of them is", () => {
    const copy = (change: Partial<Palette> = {}): Palette => ({ ...structuredClone(palette), ...change });
    expect(isSamePalette(palette, copy())).toBe(true);
    for (const change of [
      { foreground: grey(201) },
      { background: { r: 20, g: 20, b: 21 } },
      { ansi: palette.ansi.with(15, grey(99)) },
    ])
      expect(isSamePalette(palette, copy(change))).toBe(false);
  });

  it("are the theme's, the cube's, a grey or given", () => {
    const colorOf = (fg: { indexed?: number; rgb?: { r: number; g: number; b: number } }): unknown =>
      paintOf({ text: "x", fg }, palette, plain).color;
    expect(colorOf({ indexed: 3 })).toEqual(grey(3));
    expect(colorOf({ indexed: 16 + 36 * 5 + 6 + 2 })).toEqual({ r: 255, g: 95, b: 135 });
    expect(colorOf({ indexed: 255 })).toEqual(grey(238));
    expect(colorOf({ rgb: { r: 1, g: 2, b: 3 } })).toEqual({ r: 1, g: 2, b: 3 });
  });

  it("change places first, then become bright or faint", () => {
    expect(paintOf({ text: "x", inverse: true }, palette, plain)).toEqual({ color: grey(20), background: grey(200) });
    expect(
      paintOf({ text: "x", inverse: true, bold: true, fg: { indexed: 1 }, bg: { indexed: 2 } }, palette, plain),
    ).toEqual({ color: grey(10), background: grey(1) });
    expect(
      paintOf({ text: "x", bold: true, fg: { indexed: 1 } }, palette, { ...plain, brightBold: false }).color,
    ).toEqual(grey(1));
    expect(paintOf({ text: "x", faint: true }, palette, plain)).toEqual({ color: grey(110), background: undefined });
  });

  it("always stand out as much as is wanted", () => {
    for (let fg = 0; fg < 256; fg += 5) {
      for (let bg = 0; bg < 256; bg += 5) {
        const { color, background } = paintOf(
          { text: "x", faint: true, fg: { indexed: fg }, bg: { indexed: bg } },
          palette,
          { brightBold: true, minimumContrastRatio: 4.5 },
        );
        expect(contrast(color, background ?? palette.background)).toBeGreaterThanOrEqual(4.5);
      }
    }
  });
});
