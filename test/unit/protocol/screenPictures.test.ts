import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Screen, Span } from "../../../src/core/ports/sessions";
import { PictureSender } from "../../../src/viewing/pictureSender";
import { applyChange, type ScreenPicture, usedRows } from "../../../src/protocol/screenPicture";
import { changeBetween, pictureOfScreen } from "../../../src/protocol/screenPictures";

const screenOf = (lines: readonly (readonly Span[])[], more: Partial<Screen> = {}): Screen => ({
  lines,
  rows: lines.length,
  cols: 20,
  cursor: { row: 0, col: 0, visible: true },
  total_lines: lines.length,
  alternate_active: false,
  private_modes: [],
  ...more,
});

describe("pictures of a screen", () => {
  it("hold nothing but visible text", () => {
    const { rows } = pictureOfScreen(screenOf([[{ text: "a\x1b]52;c;aGk=\x07b\u202ec\x00\nd", bold: true }]]), 1);
    expect(rows).toEqual([[{ text: "abc d", bold: true }]]);
  });

  it("have all rows, also of a server that sends fewer", () => {
    expect(pictureOfScreen(screenOf([[{ text: "x" }]], { rows: 3 }), 1).rows).toEqual([[{ text: "x" }], [], []]);
  });

  it("are used down to the last row with text, or to the cursor below it", () => {
    const picture = (lines: readonly (readonly Span[])[], row: number): ScreenPicture =>
      pictureOfScreen(screenOf(lines, { rows: 9, cursor: { row, col: 0, visible: true } }), 1);
    expect([
      usedRows(picture([], 0)),
      usedRows(picture([[{ text: "a" }], [], [{ text: "b" }]], 0)),
      usedRows(picture([[{ text: "a" }]], 5)),
    ]).toEqual([1, 3, 6]);
  });

  it("guess what a server does not tell: line editors take bracketed pastes, full-screen programs application keys", () => {
    const modes = (more: Partial<Screen>): readonly number[] =>
      pictureOfScreen(
        screenOf([[{ text: "me$" }]], { cursor: { row: 0, col: 4, visible: true }, private_modes: undefined, ...more }),
        1,
      ).modes;
    expect([modes({}), modes({ alternate_active: true }), modes({ private_modes: [1] })]).toEqual([
      [2004],
      [1, 66],
      [1],
    ]);
  });
});

describe("changes of a picture", () => {
  it("make the same picture at the other end, whatever happens", () => {
    const span = fc.record(
      {
        text: fc.constantFrom("", "a", "b b", "漢"),
        bold: fc.constantFrom(true, undefined),
        fg: fc.constantFrom(undefined, { indexed: 1 }),
      },
      { requiredKeys: ["text"] },
    );
    const screen = fc
      .record({
        lines: fc.array(fc.array(span as fc.Arbitrary<Span>, { maxLength: 3 }), { minLength: 2, maxLength: 3 }),
        alternate: fc.boolean(),
        col: fc.nat(3),
        more: fc.nat(2),
        missed: fc.boolean(),
      })
      .map(({ lines, alternate, col, more, missed }) => ({
        missed,
        screen: screenOf(lines, {
          alternate_active: alternate,
          cursor: { row: 0, col, visible: true },
          total_lines: lines.length + more,
        }),
      }));
    fc.assert(
      fc.property(fc.array(screen, { maxLength: 12 }), (screens) => {
        const sender = new PictureSender();
        let shown: ScreenPicture | undefined;
        for (const { screen: next, missed } of screens) {
          const sent = sender.next(next);
          if (!sent || missed) continue;
          if ("picture" in sent) shown = sent.picture;
          else {
            shown = shown && applyChange(shown, sent.change);
            if (!shown) {
              // As the page does after a gap.
              sender.forget();
              const again = sender.next(next);
              shown = again && "picture" in again ? again.picture : undefined;
            }
          }
          expect(shown && { ...shown, seq: 0 }).toEqual(pictureOfScreen(next, 0));
        }
      }),
      { seed: 20261124, numRuns: 300 },
    );
  });

  it("are refused when one between is missing, and when rows are out of the screen nothing breaks", () => {
    const picture = pictureOfScreen(screenOf([[{ text: "a" }]]), 5);
    const change = { seq: 7, rows: [], cursor: picture.cursor, total_lines: 1, modes: [] };
    expect(applyChange(picture, change)).toBeUndefined();
    expect(applyChange(picture, { ...change, seq: 6, rows: [[9, [{ text: "b" }]]] })?.rows).toEqual(picture.rows);
  });

  it("are not told when nothing changed, and not possible for another size", () => {
    const sender = new PictureSender();
    const one = screenOf([[{ text: "a" }]]);
    expect(sender.next(one)).toHaveProperty("picture");
    expect(sender.next(screenOf([[{ text: "a" }]]))).toBeUndefined();
    expect(changeBetween(pictureOfScreen(one, 1), pictureOfScreen({ ...one, cols: 30 }, 2))).toBeUndefined();
  });
});
