import { describe, expect, it } from "vitest";
import {
  agoText,
  countText,
  durationText,
  plural,
  roughDuration,
  runningTime,
} from "../../../src/core/model/sentences";

const s = 1000;
const min = 60 * s;
const h = 60 * min;
const d = 24 * h;

describe("durations", () => {
  it.each([
    [-5, "0 ms"],
    [0, "0 ms"],
    [0.4, "0 ms"],
    [340, "340 ms"],
    [999, "999 ms"],
    [999.6, "1 s"],
    [1000, "1 s"],
    [3240, "3.2 s"],
    [59_940, "59.9 s"],
    [59_960, "1 min"],
    [min, "1 min"],
    [min + 400, "1 min"],
    [min + 600, "1 min 1 s"],
    [2 * min - 400, "2 min"],
    [4 * min + 10 * s, "4 min 10 s"],
    [h - 400, "1 h"],
    [h, "1 h"],
    [h + 59 * s, "1 h"],
    [2 * h + 5 * min, "2 h 5 min"],
    [d - 1 * s, "23 h 59 min"],
    [d, "1 d"],
    [d - 1, "1 d"],
    [3 * d + h + 59 * min, "3 d 1 h"],
  ])("%d ms took %s", (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });

  it("never has 60 of a unit, nor none", () => {
    for (let ms = 0; ms < 2.9 * h; ms += 97)
      for (const text of [durationText(ms), runningTime(ms), roughDuration(ms)])
        expect(text).toMatch(
          /^(?:\d{1,3} ms|[1-5]?\d(?:\.\d)? s|[1-5]?\d min(?: [1-5]?\d s)?|[12] h(?: [1-5]?\d min)?)$/,
        );
  });

  it.each([
    [-1, "0 s", "0 s"],
    [999, "0 s", "0 s"],
    [59_999, "59 s", "59 s"],
    [min, "1 min", "1 min"],
    [119_999, "1 min 59 s", "1 min"],
    [2 * h + 5 * min + 59 * s, "2 h 5 min", "2 h"],
    [50 * h, "2 d 2 h", "2 d"],
  ])("%d ms have gone on for %s", (ms, running, rough) => {
    expect([runningTime(ms), roughDuration(ms)]).toEqual([running, rough]);
  });
});

describe("ages", () => {
  it.each([
    [-3 * s, "just now"],
    [4999, "just now"],
    [12 * s, "12 s ago"],
    [12 * min + 50 * s, "12 min ago"],
    [26 * h, "1 d ago"],
  ])("%d ms was %s", (ms, text) => {
    expect(agoText(ms)).toBe(text);
  });
});

describe("numbers", () => {
  it.each([
    [0, "session", "0 sessions"],
    [1, "session", "1 session"],
    [2, "open question", "2 open questions"],
    [1, "entry", "1 entry"],
    [2, "entry", "2 entries"],
    [2, "day", "2 days"],
    [2, "process", "2 processes"],
    [2, "match", "2 matches"],
    [2, "person", "2 people"],
  ])("%d %s", (count, noun, text) => {
    expect(plural(count, noun)).toBe(text);
  });
});

describe("counts", () => {
  it.each([
    [0, "0"],
    [999, "999"],
    [1000, "1,000"],
    [200_000, "200,000"],
    [1_234_567, "1,234,567"],
  ])("%i is read as %s", (count, text) => {
    expect(countText(count)).toBe(text);
  });
});
