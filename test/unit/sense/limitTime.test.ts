import { describe, expect, it } from "vitest";
import { limitEnd } from "../../../src/core/sense/limitEnd";
import { limitTime } from "../../../src/core/sense/programs/limitTime";

describe("the time at which an agent may be tried again", () => {
  it.each([
    ["Rate limit reached for requests. Please try again in 20s. [retrying in 4s attempt #2]        esc", "20s"],
    ["Please try again in 20s.", "20s"],
    ["Please try again in 1.5s. Visit the page.", "1.5s"],
    ["Try again in 2h 10m.", "2h 10m"],
    ["Try again in 5 minutes, or upgrade.", "5 minutes"],
    ["Try again at 3:45 PM   │", "3:45 PM"],
    ["Try again at Dec 5 at 9:00", "Dec 5 at 9:00"],
    ["or try again at Dec 4th, 2026 3:10 AM.", "Dec 4th, 2026 3:10 AM"],
    ["Try again at Dec 4, 2026, 3:10 AM, or upgrade.", "Dec 4, 2026, 3:10 AM"],
    ["Try again at Dec 5, 14:20. [retrying in 4s attempt #2]", "Dec 5, 14:20"],
    ["Try again at Fri, Dec. 4, at 3 pm. Visit the page.", "Fri, Dec. 4, at 3 pm"],
    ["Try again in 20s, 3 requests are left.", "20s"],
  ])("is found whole in %j", (line, words) => {
    expect(limitTime.exec(line)?.[1]).toBe(words);
    expect(limitEnd(words, Date.UTC(2026, 11, 1))).toBeDefined();
  });

  it.each(["Try again in a moment. If it persists", "Try again later."])("is not in %j", (line) => {
    expect(limitTime.exec(line)?.[1]).toBeUndefined();
  });
});
