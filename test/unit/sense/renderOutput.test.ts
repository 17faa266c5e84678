import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainLines } from "../../../src/core/sense/plainText";
import { emulatedLines, renderOutput } from "../../../src/core/sense/renderOutput";

const size = { cols: 20, rows: 6 };

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

async function textOf(text: string, options = {}): Promise<string> {
  return (await renderOutput(bytesOf(text), { ...size, ...options })).text;
}

function trimmed(lines: readonly string[]): string[] {
  return lines.join("\n").replace(/ +$/gm, "").replace(/\n+$/, "").split("\n");
}

describe("renderOutput", () => {
  it("joins wrapped rows and keeps line ends", async () => {
    const long = "0123456789".repeat(7);
    expect(await textOf(`first\r\n${long}\r\nlast\r\n\r\n`)).toBe(`first\n${long}\nlast`);
  });

  it("keeps empty lines before and between, and drops colors and trailing blanks", async () => {
    expect(await textOf("\r\n\x1b[1;31mred\x1b[0m   \r\n\r\nend  ")).toBe("\nred\n\nend");
  });

  it("shows what a progress bar leaves", async () => {
    expect(await textOf("10%\r50%\r100%\r\nspin |\b/\b-\r\nabc\r\x1b[Kd\r\nxyz\x1b[2K!\r\n")).toBe(
      "100%\nspin -\nd\n   !",
    );
  });

  it("moves by cursor sequences as a terminal does", async () => {
    expect(await textOf("one\r\ntwo\x1b[A\x1b[1G1ne\r\n")).toBe("1ne\ntwo");
  });

  it("joins rows that end in half a wide character", async () => {
    expect(await textOf("0123456789012345678漢字\r\n")).toBe("0123456789012345678漢字");
  });

  it("leaves out the alternate screen, also when it is not left again", async () => {
    expect(await textOf("before\r\n\x1b[?1049h\x1b[Hmenu\x1b[?1049lafter\r\n")).toBe("before\nafter");
    expect(await textOf("before\r\n\x1b[?1049h\x1b[Hmenu")).toBe("before");
  });

  it("ignores titles, pasting modes and bells", async () => {
    expect(await textOf("\x1b[?2004l\x1b]0;title\x07\x1b(B\x1b[ma\x07b\x1b]8;;http://x\x1b\\c\x1b]8;;\x1b\\\r\n")).toBe(
      "abc",
    );
  });

  it("keeps the last lines", async () => {
    const all = Array.from({ length: 500 }, (_, index) => `line ${index}`);
    const rendered = await renderOutput(bytesOf(all.join("\r\n")), size);
    expect(rendered).toEqual({ text: all.slice(300).join("\n"), truncated: true });
  });

  it("cuts bytes at line starts, and only a single long line between code points", async () => {
    expect(await renderOutput(bytesOf("aaaa\r\nbbbb\r\ncccc\r\n"), { ...size, maxBytes: 10 })).toEqual({
      text: "bbbb\ncccc",
      truncated: true,
    });
    expect(await renderOutput(bytesOf("aaaa\r\nbbbb\r\n"), { ...size, maxBytes: 9 })).toEqual({
      text: "aaaa\nbbbb",
      truncated: false,
    });
    expect(await renderOutput(bytesOf("éééé"), { ...size, maxBytes: 5 })).toEqual({ text: "éé", truncated: true });
  });

  it("drops the broken first line when the beginning is missing", async () => {
    expect(await renderOutput(bytesOf("\x1b[3; broken\r\nwhole\r\n"), { ...size, truncatedHead: true })).toEqual({
      text: "whole",
      truncated: true,
    });
  });

  it("takes invalid UTF-8 and nothing at all", async () => {
    expect(await renderOutput(Uint8Array.of(0x61, 0xff, 0x62), size)).toEqual({ text: "a\ufffdb", truncated: false });
    expect(await renderOutput(new Uint8Array(), size)).toEqual({ text: "", truncated: false });
  });

  it("takes one line of a megabyte without delay", async () => {
    const rendered = await renderOutput(bytesOf("x".repeat(1024 * 1024)), size);
    expect(rendered.text.length).toBe(32768);
  });

  describe("of long output", () => {
    const numbered = (count: number): string =>
      Array.from({ length: count }, (_, index) => `line ${index} ${"=".repeat(index % 50)}\x1b[32m ok\x1b[0m\r\n`).join(
        "",
      );
    const lastOf = (text: string, count: number): string =>
      trimmed(plainLines(text, size.cols) ?? [])
        .slice(-count)
        .join("\n");

    it("keeps the same end as if all of it were laid out", async () => {
      const text = numbered(20_000);
      expect(await renderOutput(bytesOf(text), { ...size, maxBytes: 1 << 20 })).toEqual({
        text: lastOf(text, 200),
        truncated: true,
      });
    });

    it("looks further back than thousands of empty lines, and finds that nothing was left out", async () => {
      const text = `first\r\n\r\nlast${"\r\n".repeat(200_000)}`;
      expect(await renderOutput(bytesOf(text), size)).toEqual({ text: "first\n\nlast", truncated: false });
    });

    it("asks an emulator where something was erased or moved long before the end", async () => {
      const text = `gone\x1b[2K\r\x1b[Astays\r\n${numbered(5000)}`;
      expect((await renderOutput(bytesOf(text), size)).text).toBe(lastOf(numbered(5000), 200));
    });

    it("lets others have their turn while an emulator reads", async () => {
      let turns = 0;
      const timer = setInterval(() => turns++, 1);
      await renderOutput(bytesOf(`\x1b[A${numbered(20_000)}`), size);
      clearInterval(timer);
      expect(turns).toBeGreaterThan(2);
    });
  });
});

describe("plainLines", () => {
  const piece = fc.oneof(
    { weight: 4, arbitrary: fc.string({ unit: fc.constantFrom("a", "b", "é", "─", " ", "█"), maxLength: 30 }) },
    fc.constantFrom(
      "\r\n",
      "\n",
      "\r",
      "\t",
      "\b",
      "\0",
      "\x07",
      "\v",
      "\x1b[K",
      "\x1b[0K",
      "\x1b[2K",
      "\x1b[1;31m",
      "\x1b[m",
      "\x1b[?25l",
      "\x1b]0;title\x07",
      "\x1b(B",
      "\x1b=",
    ),
  );

  it("equals the emulator on plain text", async () => {
    let plain = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 25 }), async (pieces) => {
        const text = pieces.join("");
        const lines = plainLines(text, size.cols);
        if (!lines) return;
        plain++;
        expect(trimmed(lines)).toEqual(trimmed((await emulatedLines(text, size)).lines));
      }),
      { numRuns: 1500, seed: 20261123 },
    );
    expect(plain).toBeGreaterThan(1000);
  });

  it("leaves cursor movement, wide characters and unknown sequences to the emulator", () => {
    for (const text of [
      "\x1b[A",
      "\x1b[1;1H",
      "漢",
      "e\u0301",
      "\x1b(0q",
      "\x1b[",
      "\x1b]0;open",
      "\x9b1m",
      "\x0e",
      "\x1b[?1049h",
    ]) {
      expect(plainLines(text, 20), JSON.stringify(text)).toBeUndefined();
    }
  });
});
