import { describe, expect, it } from "vitest";
import { StateArbiter } from "../../../src/core/sense/stateArbiter";
import type { Sensed } from "../../../src/core/sense/terminalFacts";

const seen = (state: Sensed["state"], more: Partial<Sensed> = {}): Sensed => ({
  state,
  program: { name: "claude" },
  confidence: "high",
  evidence: [{ signal: "screen", rule: "claude/test", lines: [] }],
  ...more,
});

const told = seen("done_unseen", { evidence: [{ signal: "program_status", rule: "osc7501", lines: ["state=done"] }] });
const permission = seen("waiting", { kind: "permission" });

describe("the story that is made of single looks", () => {
  it("tells at once what a person is needed for, where that is sure, and at the second look where it is not", () => {
    const sure = new StateArbiter();
    expect(sure.see(permission, 0).told).toEqual(permission);
    const unsure = new StateArbiter();
    const perhaps = seen("waiting", { kind: "question", confidence: "medium" });
    expect(unsure.see(perhaps, 0)).toEqual({ told: undefined, againMs: 300 });
    expect(unsure.see(perhaps, 299)).toEqual({ told: undefined, againMs: 1 });
    expect(unsure.see(perhaps, 300).told).toEqual(perhaps);
  });

  it("says that a program is at rest once it has rested for 1.5 s, and that it is done, since it has worked", () => {
    const arbiter = new StateArbiter();
    arbiter.see(seen("working"), 0);
    expect(arbiter.see(seen("idle"), 1000)).toMatchObject({ told: { state: "working" }, againMs: 1500 });
    expect(arbiter.see(seen("working"), 2000)).toMatchObject({ told: { state: "working" } });
    expect(arbiter.see(seen("idle"), 3000)).toMatchObject({ told: { state: "working" }, againMs: 1500 });
    expect(arbiter.see(seen("idle"), 4500)).toMatchObject({ told: { state: "done_unseen" } });
  });

  it("guesses only once nothing better came for 3 s", () => {
    const arbiter = new StateArbiter();
    const guess = seen("working", { kind: "monitor", confidence: "low" });
    expect(arbiter.see(guess, 0)).toEqual({ told: undefined, againMs: 3000 });
    expect(arbiter.see(guess, 3000).told).toEqual(guess);
  });

  it("is idle again once a person has looked, and stays so on a screen that still says done", () => {
    const arbiter = new StateArbiter();
    arbiter.see(seen("working"), 0);
    arbiter.see(told, 10);
    expect(arbiter.told?.state).toBe("done_unseen");
    expect(arbiter.seen()).toBe(true);
    expect(arbiter.told?.state).toBe("idle");
    arbiter.see(seen("done_unseen"), 5000);
    expect(arbiter.told?.state).toBe("idle");
    expect(arbiter.seen()).toBe(false);
    arbiter.see(seen("working"), 6000);
    arbiter.see(told, 7000);
    expect(arbiter.told?.state).toBe("done_unseen");
  });

  it("says that it is done where a person has looked only while it worked", () => {
    const arbiter = new StateArbiter();
    arbiter.see(seen("working"), 0);
    expect(arbiter.seen()).toBe(false);
    arbiter.see(seen("idle"), 1000);
    expect(arbiter.see(seen("idle"), 2500)).toMatchObject({ told: { state: "done_unseen" } });
  });

  it("hears at once what a program says of itself", () => {
    const arbiter = new StateArbiter();
    arbiter.see(seen("working"), 0);
    expect(arbiter.see(told, 10).told?.state).toBe("done_unseen");
  });

  it("keeps what it knew while a screen is drawn that no rule knows", () => {
    const arbiter = new StateArbiter();
    arbiter.see(seen("working"), 0);
    expect(arbiter.see(seen("unclear", { confidence: "low" }), 100)).toMatchObject({
      told: { state: "working" },
      againMs: 3000,
    });
    expect(arbiter.see(seen("working"), 2000).told?.state).toBe("working");
    arbiter.see(seen("unclear", { confidence: "low" }), 2100);
    expect(arbiter.see(seen("unclear", { confidence: "low" }), 5100).told?.state).toBe("unclear");
  });

  it("does not call the rest of a pager or an editor done", () => {
    const arbiter = new StateArbiter();
    arbiter.see(seen("working"), 0);
    arbiter.see(seen("idle", { kind: "pager" }), 100);
    expect(arbiter.see(seen("idle", { kind: "pager" }), 1600).told).toMatchObject({ state: "idle", kind: "pager" });
  });

  it("begins anew where something else is known better", () => {
    const arbiter = new StateArbiter();
    arbiter.see(seen("working"), 0);
    arbiter.forget();
    expect(arbiter.told).toBeUndefined();
    expect(arbiter.see(seen("idle"), 100).told?.state).toBe("idle");
  });

  describe("of a program that continues an earlier conversation", () => {
    const failure = (line: string): Sensed =>
      seen("failed", { kind: "auth", evidence: [{ signal: "screen", rule: "claude/auth", lines: [line] }] });
    const past = failure("API Error 401");
    const begun = (): StateArbiter => {
      const arbiter = new StateArbiter();
      arbiter.forget();
      return arbiter;
    };

    it("is at rest where it shows an old failure from its first screen on", () => {
      const arbiter = begun();
      expect(arbiter.see(past, 0, true).told).toMatchObject({ state: "idle", program: { name: "claude" } });
      expect(arbiter.see(failure("API Error\n401"), 9000, true).told?.state).toBe("idle");
      const drawnLater = begun();
      drawnLater.see(seen("starting", { confidence: "low" }), 0, true);
      drawnLater.see(seen("waiting", { kind: "trust" }), 500, true);
      drawnLater.see(seen("idle"), 8000, true);
      drawnLater.see(past, 9000, true);
      expect(drawnLater.see(past, 9900, true)).toMatchObject({ told: { state: "idle" } });
    });

    it("has failed once it has worked, even with the same words, or failed with others", () => {
      const again = begun();
      again.see(past, 0, true);
      again.see(seen("working"), 5000, true);
      again.see(past, 6000, true);
      expect(again.see(past, 6300, true).told).toEqual(past);
      const other = begun();
      other.see(past, 0, true);
      other.see(failure("API Error 403"), 5000, true);
      expect(other.see(failure("API Error 403"), 5300, true).told).toEqual(failure("API Error 403"));
      const later = begun();
      later.see(seen("idle"), 0, true);
      later.see(past, 5000, true);
      expect(later.see(past, 5300, true).told).toEqual(past);
    });

    it("has failed where nobody saw it begin, where it continues nothing, and where it says so itself", () => {
      for (const [arbiter, resumed] of [
        [new StateArbiter(), true],
        [begun(), false],
      ] as const) {
        arbiter.see(past, 0, resumed);
        expect(arbiter.see(past, 300, resumed).told).toEqual(past);
      }
      const says = {
        ...past,
        evidence: [{ signal: "program_status", rule: "osc7501", lines: ["state=error"] }],
      } as const;
      expect(begun().see(says, 0, true).told).toEqual(says);
    });
  });
});
