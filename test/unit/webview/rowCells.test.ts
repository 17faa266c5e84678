import { describe, expect, it } from "vitest";
import { cellAt, cellsOf, runsOf, textOfRow } from "../../../webview-ui/shared/rowCells";

const never = (): boolean => false;
const always = (): boolean => true;

describe("cells of a text", () => {
  it("are one or two wide, and marks belong to the cell before them", () => {
    expect(cellsOf("a漢👍e\u0301|")).toEqual([
      { text: "a", width: 1, marks: 0 },
      { text: "漢", width: 2, marks: 0 },
      { text: "👍", width: 2, marks: 0 },
      { text: "e\u0301", width: 1, marks: 1 },
      { text: "|", width: 1, marks: 0 },
    ]);
  });

  it("take only a few marks, and none without a character", () => {
    expect(cellsOf(`\u0301a${"\u0301".repeat(1000)}b`).map((cell) => cell.text.length)).toEqual([9, 1]);
  });
});

describe("runs of a row", () => {
  it("join what fits and box what does not", () => {
    const runs = (fits: () => boolean): unknown =>
      runsOf([{ text: "ab漢é!", bold: true }, { text: "x" }], fits).map(({ text, cells, boxed }) => [
        text,
        cells,
        boxed,
      ]);
    expect(runs(never)).toEqual([
      ["ab", 2, false],
      ["漢", 2, true],
      ["é", 1, true],
      ["!", 1, false],
      ["x", 1, false],
    ]);
    expect(runs(always)).toEqual([
      ["ab漢é!", 6, false],
      ["x", 1, false],
    ]);
  });

  it("never have hidden text in them", () => {
    expect(runsOf([{ text: "secret漢", invisible: true }], never).map((run) => run.text)).toEqual([" ".repeat(8)]);
    expect(cellAt([{ text: "secret", invisible: true }], 2).text).toBe(" ");
    expect(textOfRow([{ text: "a" }, { text: "secret", invisible: true }])).toBe("a");
  });

  it("know what stands at a column, also in the second half of a wide character and behind the end", () => {
    const row = [{ text: "a漢" }, { text: "b", inverse: true }];
    expect([0, 1, 2, 3, 4].map((column) => cellAt(row, column).text)).toEqual(["a", "漢", "漢", "b", " "]);
    expect(cellAt(row, 3).style.inverse).toBe(true);
  });
});
