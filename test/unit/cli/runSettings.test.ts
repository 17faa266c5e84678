import { describe, expect, it } from "vitest";
import { runSettings } from "../../../src/cli/runSettings";

const given = (env: Record<string, string>, globals = {}): Parameters<typeof runSettings>[0] => ({ env, globals });

describe("what is wanted of runs on the command line", () => {
  it("has defaults, which variables change, and options before them", () => {
    expect(runSettings(given({}))).toEqual({ quietAfterMs: 600_000, asksWhenQuiet: false });
    const env = {
      WSH_ORCHESTRATOR_QUIET_AFTER: "0",
      WSH_ORCHESTRATOR_ASK_WHEN_QUIET: "1",
      WSH_ORCHESTRATOR_SESSION_COLUMNS: "100",
    };
    expect(runSettings(given(env))).toEqual({ quietAfterMs: 0, asksWhenQuiet: true, columns: 100 });
    expect(runSettings(given(env, { quietAfter: 5000, sessionColumns: 90 }))).toMatchObject({
      quietAfterMs: 5000,
      columns: 90,
    });
  });

  it("is refused where a variable means nothing", () => {
    for (const columns of ["wide", "12", "1000", "99.5"])
      expect(() => runSettings(given({ WSH_ORCHESTRATOR_SESSION_COLUMNS: columns }))).toThrow(
        `WSH_ORCHESTRATOR_SESSION_COLUMNS is not a width for sessions: ${columns}`,
      );
    expect(() => runSettings(given({ WSH_ORCHESTRATOR_QUIET_AFTER: "soon" }))).toThrow("is not a time");
  });
});
