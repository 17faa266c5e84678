import { describe, expect, it } from "vitest";
import { StandingMeter } from "../../../src/core/sense/standingMeter";

/** Whether each piece of output said something new. */
function news(...pieces: string[]): boolean[] {
  const meter = new StandingMeter();
  return pieces.map((piece) => meter.hasNews(Buffer.from(piece)));
}

describe("a meter that is drawn again", () => {
  it("says something new while what it measures grows", () => {
    const rows = [3, 4, 5, 6].map((share) => `\r f ${share}%[>   ] ${share}.06M   972KB/s  eta 77s`);
    expect(news(...rows)).toEqual([false, true, true, true]);
  });

  it.each([
    ["wget", "\rf1   0%[      ] 585.94K  139KB/s    eta 7m", "\rf1   0%[      ] 585.94K  --.-KB/s    eta 63m 2s"],
    [
      "curl",
      "\r  0 76.2M    0  585k    0     0  20995      0  1:03:30  0:00:28  1:03:02     0",
      "\r  0 76.2M    0  585k    0     0  20271      0  1:05:46  0:00:29  1:05:17     0",
    ],
    [
      "aria2c",
      "\r\u001b[1m[#f6479f 576KiB/76MiB(0%) CN:1]\u001b[0m",
      "\r\u001b[1m[#f6479f 576KiB/76MiB(0%) CN:1]\u001b[0m ",
    ],
    ["httpie", "\r 0.5/80.0 MB  1% 1.1 MB/s", "\r 0.5/80.0 MB  1% 0.9 MB/s"],
  ])("says nothing new once it stands, cut anywhere: %s", (_, first, second) => {
    expect(news(first, second, second, "\r")).toEqual([false, true, false, false]);
    const bytes = Array.from(first + second + second);
    expect(news(...bytes).filter(Boolean)).toHaveLength(1);
  });

  it("is over with the next line, and with a row that measures nothing", () => {
    expect(news("\r10% of 2 MB", "\r10% of 2 MB", "\r", "\nretrying", "...", "\r| working", "\r/ working")).toEqual([
      false,
      true,
      false,
      true,
      true,
      false,
      true,
    ]);
  });
});
