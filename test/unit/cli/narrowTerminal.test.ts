import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { Output, type OutputStream } from "../../../src/cli/output";
import { createProgram } from "../../../src/cli/program";
import { wrappedPieces } from "../../../src/cli/wrappedPieces";
import type { Piece } from "../../../src/protocol/piece";
import { textWidth } from "../../../src/core/base/textWidth";

/** What is printed on a terminal of that width; undefined: it does not say its width. */
function printed(columns: number | undefined, print: (output: Output) => void): string[] {
  let text = "";
  const terminal = (write: (text: string) => void): OutputStream =>
    ({ isTTY: true, columns, waits: false, stream: undefined, write }) as never;
  const stdout = terminal((more) => (text += more));
  const stderr = terminal(() => undefined);
  print(new Output({ stdin: new PassThrough() as never, stdout, stderr, env: {}, json: false, colors: false }));
  return text.trimEnd().split("\n");
}

const header = ["SESSION", "STATE", "NOW"];
const rows: readonly (readonly Piece[])[] = [
  [{ text: "proj-alpha-with-a-long-name::builder" }, { text: "working for 12 min" }, { text: "Runs make all install" }],
  [{ text: "日本語の名前::建設者" }, { text: "needs your answer for 5 min" }, { text: "🚀 ships it" }],
  [{ text: "short::one" }, { text: "idle" }, { text: "" }],
];
const wordsOf = (text: string): string => text.replace(/\s/g, "");

describe("a table", () => {
  it.each([24, 40, 60, 80, 120])("says all that it can at %i columns, and no cell is cut to nothing", (columns) => {
    const lines = printed(columns, (output) => output.table(header, rows));
    for (const line of lines) {
      expect(textWidth(line)).toBeLessThanOrEqual(columns);
      expect(line).not.toMatch(/(?:^|\s{2,})…(?:\s|$)/);
    }
  });

  it.each([1, 20, 24, 40])("has a line for each cell at %i columns, with all of its text", (columns) => {
    const lines = printed(columns, (output) => output.table(header, rows));
    expect(lines.join("")).not.toContain("…");
    expect(wordsOf(lines.join(""))).toBe(
      wordsOf(
        rows
          .flat()
          .map(({ text }) => text)
          .join(""),
      ),
    );
    expect(lines.filter((line) => /^\S/.test(line)).length).toBe(rows.length);
  });

  it("names what stands in each line where the cells are figures", () => {
    const figures = [[{ text: "all sessions" }, { text: "7 min" }, { text: "0" }]];
    const lines = printed(20, (output) => output.table(["WHO", "WORKING", "FALSE ALARMS"], figures, true));
    expect(lines).toEqual(["all sessions", "  working: 7 min", "  false alarms: 0"]);
  });

  it("stays a table where it fits", () => {
    const small = [[{ text: "one" }, { text: "idle" }, { text: "" }]];
    expect(printed(24, (output) => output.table(header, small))).toEqual(["SESSION  STATE  NOW", "one      idle"]);
    expect(printed(undefined, (output) => output.table(header, rows))).toHaveLength(4);
  });
});

describe("a line of pieces", () => {
  const pieces: readonly Piece[] = [
    { text: "  builder  ", tone: "active" },
    { text: "working for 12 min" },
    { text: "  Runs 全部のテスト and a-word-that-is-longer-than-any-line" },
  ];

  it.each([24, 40])("is broken at blanks at %i columns, and keeps its tones", (columns) => {
    const lines = wrappedPieces(pieces, columns);
    const texts = lines.map((line) => line.map(({ text }) => text).join(""));
    for (const text of texts) expect(textWidth(text)).toBeLessThanOrEqual(columns);
    expect(wordsOf(texts.join(""))).toBe(wordsOf(pieces.map(({ text }) => text).join("")));
    expect(texts[0]).toMatch(/^ {2}builder /);
    expect(texts.slice(1).every((text) => /^ {4}\S/.test(text))).toBe(true);
    expect(lines.flat().find(({ text }) => text === "builder")?.tone).toBe("active");
  });

  it("makes at least one character fit into a line", () => {
    expect(wrappedPieces([{ text: "日本" }], 1).length).toBe(2);
    expect(wrappedPieces([], 10)).toEqual([[]]);
  });

  it("is cut on a wide terminal, and whole on a narrow one", () => {
    const long = [{ text: "word ".repeat(30).trim() }];
    expect(printed(80, (output) => output.pieces(long))).toEqual([expect.stringMatching(/…$/)]);
    expect(
      printed(24, (output) => output.pieces(long))
        .join(" ")
        .match(/word/g),
    ).toHaveLength(30);
  });
});

describe("help", () => {
  it.each([20, 24, 40])("puts what is said of an option below it at %i columns", (columns) => {
    let text = "";
    const program = createProgram(columns, () => () => Promise.resolve());
    program.configureOutput({ writeOut: (part) => (text += part) });
    program.outputHelp();
    const lines = text.slice(text.indexOf("Global options:")).split("\n");
    const at = lines.findIndex((line) => line.includes("--json"));
    expect(lines[at]?.trim()).toBe("--json");
    expect(lines[at + 1]).toMatch(/^ {4}\S/);
    // A word that is longer than a line stays whole.
    const described = text.split("\n").filter((line) => /^ {4}\S.* /.test(line));
    for (const line of described) expect(textWidth(line)).toBeLessThanOrEqual(columns);
  });
});
