import { describe, expect, it } from "vitest";
import { limitEndText } from "../../../src/core/model/limitEndText";
import { limitEnd } from "../../../src/core/sense/limitEnd";

/** A Tuesday, by the clocks of this machine. */
const now = new Date(2026, 11, 1, 13, 5, 30).getTime();
const local = (...[day, hour, minute, second]: [number, number, number, number?]): number =>
  new Date(2026, 11, day, hour, minute, second ?? 0).getTime();
const utc = (day: number, hour: number, minute = 0): number => Date.UTC(2026, 11, day, hour, minute);
const noon = utc(1, 12);

describe("the end of a limit, by the words of the screen", () => {
  it.each([
    ["14:20", local(1, 14, 20)],
    ["14:20.", local(1, 14, 20)],
    ["14:20:05", local(1, 14, 20, 5)],
    ["3:45 PM", local(1, 15, 45)],
    ["3:45PM today", local(1, 15, 45)],
    ["3pm", local(1, 15, 0)],
    ["3 p.m.", local(1, 15, 0)],
    ["12am", local(2, 0, 0)],
    ["24:00", local(2, 0, 0)],
    ["9:00", local(2, 9, 0)],
    ["tomorrow at 9:00 AM", local(2, 9, 0)],
    ["tomorrow", local(2, 0, 0)],
    ["Thursday 10:30", local(3, 10, 30)],
    ["Tue 10:30", local(8, 10, 30)],
    ["Dec 5 at 9:00 AM", local(5, 9, 0)],
    ["Dec 5, 2026, 9am", local(5, 9, 0)],
    ["Dec 5th, 2026 9:00 AM", local(5, 9, 0)],
    ["5 December 09:00", local(5, 9, 0)],
    ["December 5", local(5, 0, 0)],
    ["2026-12-03 08:15", local(3, 8, 15)],
  ])("reads %j by the clocks of this machine", (words, end) => {
    expect(new Date(limitEnd(words, now) ?? 0)).toEqual(new Date(Math.min(end, now + 7 * 86_400_000)));
  });

  it.each([
    ["5 minutes", 300_000],
    ["in 5 min", 300_000],
    ["20s", 20_000],
    ["20s.", 20_000],
    ["1.5s", 1500],
    ["2h 10m", 7_800_000],
    ["2h10m5s", 7_805_000],
    ["2 hours and 10 minutes", 7_800_000],
    ["an hour", 3_600_000],
    ["a minute", 60_000],
    ["1 day 2 hours", 93_600_000],
    ["6 days", 6 * 86_400_000],
  ])("reads %j as a time from now", (words, ms) => {
    expect(limitEnd(words, now)).toBe(now + ms);
  });

  it.each([
    ["14:20 UTC", utc(1, 14, 20)],
    ["3pm (UTC)", utc(1, 15)],
    ["14:20 UTC+2", utc(1, 12, 20)],
    ["14:20 +05:30", utc(2, 8, 50)],
    ["5am PST", utc(1, 13)],
    ["8pm EST", utc(2, 1)],
    ["3pm (Europe/Berlin)", utc(1, 14)],
    ["6am (America/Los_Angeles)", utc(1, 14)],
    ["Dec 5, 9:00 AM CET", utc(5, 8)],
    ["2026-12-01T14:20:00Z", utc(1, 14, 20)],
    ["2026-12-01T14:20:00+01:00", utc(1, 13, 20)],
  ])("reads %j by the zone that it names", (words, end) => {
    expect(new Date(limitEnd(words, noon) ?? 0)).toEqual(new Date(end));
  });

  it.each(["13:05", "12:30", "Nov 30, 9:00", "2026-11-30T14:20:00Z", "0 seconds"])("%j has passed", (words) => {
    expect(limitEnd(words, now)).toBe(now);
  });

  it("is of the next year where the date has long passed, and at most a week ahead", () => {
    expect(limitEnd("Jan 2 at 9:00", new Date(2026, 11, 30).getTime())).toBe(new Date(2027, 0, 2, 9).getTime());
    for (const words of ["Jan 31, 9am", "900 hours", "2 weeks"])
      expect(limitEnd(words, now)).toBe(now + 7 * 86_400_000);
  });

  it.each([
    "",
    "later",
    "a moment",
    "soon",
    "your quota",
    "25:00",
    "14:75",
    "13pm",
    "14:20 XYZ",
    "3pm (Nowhere/City)",
    "429",
  ])("reads no time in %j", (words) => {
    expect(limitEnd(words, now)).toBeUndefined();
  });

  it("is told by the clock, with its day where that is another one, and with seconds where it is near", () => {
    expect(limitEndText(local(1, 14, 20), now)).toBe("14:20");
    expect(limitEndText(now + 20_000, now)).toBe("13:05:50");
    expect(limitEndText(local(2, 9, 5), now)).toBe("Dec 2, 09:05");
  });
});
