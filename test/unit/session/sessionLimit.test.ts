import { describe, expect, it } from "vitest";
import { SessionLimit } from "../../../src/core/session/sessionLimit";
import { FakeClock } from "../../support/fakeClock";

const minute = 60_000;
const limited = (until?: string): { state: "limited"; until?: string } => ({
  state: "limited",
  ...(until === undefined ? {} : { until }),
});

function scene(recorded?: (clock: FakeClock) => number): { clock: FakeClock; limit: SessionLimit } {
  const clock = new FakeClock();
  return { clock, limit: new SessionLimit(clock, recorded?.(clock)) };
}

describe("the limit of a session", () => {
  it("lasts until the time that was named, by when it was named first", () => {
    const { clock, limit } = scene();
    limit.see(limited("5 minutes"));
    clock.advance(2 * minute);
    limit.see(limited("5 minutes"));
    expect([limit.leftMs, limit.lastedMs]).toEqual([3 * minute, 2 * minute]);
    clock.advance(10 * minute);
    limit.see(limited("5 minutes"));
    expect([limit.leftMs, limit.lastedMs]).toEqual([0, 5 * minute]);
  });

  it("is told with the time by the clock in place of the screen's words", () => {
    const { limit } = scene();
    expect(limit.see(limited("5 minutes")).until).toMatch(/^\d\d:\d\d$/);
    expect(limit.see(limited("soon")).until).toBe("soon");
    expect(limit.see(limited())).toEqual({ state: "limited" });
    expect(limit.end).toBeUndefined();
  });

  it("counts down without another end, and has another one by other words", () => {
    const { clock, limit } = scene();
    limit.see(limited("5 minutes"));
    const { end } = limit;
    clock.advance(minute + 20_000);
    limit.see(limited("4 minutes"));
    expect(limit.end).toBe(end);
    limit.see(limited("2 hours"));
    expect(limit.leftMs).toBe(120 * minute);
    expect(limit.lastedMs).toBe(minute + 20_000);
  });

  it("is over as soon as the session does something else, and the times add up", () => {
    const { clock, limit } = scene();
    limit.see(limited("5 minutes"));
    clock.advance(minute);
    limit.see({ state: "working" });
    clock.advance(minute);
    expect([limit.leftMs, limit.lastedMs, limit.end]).toEqual([0, minute, undefined]);
    limit.see(limited("5 minutes"));
    clock.advance(minute);
    expect([limit.leftMs, limit.lastedMs]).toEqual([4 * minute, 2 * minute]);
  });

  it("is the one that the record knows, until something else was seen there", () => {
    const { clock, limit } = scene((of) => of.now() + 3 * minute);
    limit.see({ state: "unclear" });
    limit.see(limited("5 minutes"));
    expect(limit.leftMs).toBe(3 * minute);
    const passed = scene((of) => of.now() - minute);
    passed.limit.see(limited("5 minutes"));
    expect(passed.limit.leftMs).toBe(0);
    const other = scene((of) => of.now() + 3 * minute);
    other.limit.see({ state: "working" });
    other.limit.see(limited("5 minutes"));
    expect(other.limit.leftMs).toBe(5 * minute);
    expect(clock.pending).toBe(0);
  });
});
