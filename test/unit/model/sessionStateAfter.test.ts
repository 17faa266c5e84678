import { describe, expect, it } from "vitest";
import { sessionStateAfter } from "../../../src/core/model/sessionStateAfter";
import { sessionStates } from "../../../src/core/model/states";

const byMark = { kind: "result", outcome: "exited", known_by: "mark" } as const;
const byQuiet = { kind: "result", outcome: "exited", known_by: "quiet" } as const;

describe("the state of a session after an entry", () => {
  it("is idle once the shell tells the end of the command whose program asked, had a limit or failed", () => {
    for (const state of ["working", "waiting", "limited", "failed"] as const)
      expect(sessionStateAfter({ state, state_kind: "confirm" }, byMark), state).toBe("idle");
  });

  it("stays what a program shows while it is only quiet, or nothing was sent to it", () => {
    for (const state of ["waiting", "limited", "failed"] as const) {
      expect(sessionStateAfter({ state, state_kind: "permission" }, byQuiet), state).toBe(state);
      expect(sessionStateAfter({ state }, { ...byMark, outcome: "not_sent" }), state).toBe(state);
    }
    expect(sessionStateAfter({ state: "working" }, byQuiet)).toBe("idle");
  });

  it("stays that of a session which does not live, or at rest already", () => {
    expect(sessionStateAfter({ state: "failed", state_kind: "start" }, byMark)).toBe("failed");
    for (const state of ["exited", "lost", "idle", "done_unseen", "unclear", "starting"] as const)
      expect(sessionStateAfter({ state }, byMark), state).toBe(state);
  });

  it("is that of what runs on, or unclear where nobody knows the outcome", () => {
    expect(sessionStateAfter({ state: "waiting" }, { ...byMark, outcome: "still_running" })).toBe("working");
    expect(sessionStateAfter({ state: "working" }, { ...byMark, outcome: "unknown" })).toBe("unclear");
  });

  it("changes by a person's look or answer only where work was unseen", () => {
    const seen = { kind: "session", event: "seen", state: "idle" } as const;
    for (const state of sessionStates) {
      const after = state === "done_unseen" ? "idle" : state;
      expect(sessionStateAfter({ state }, seen), state).toBe(after);
      expect(sessionStateAfter({ state }, { kind: "answer" }), state).toBe(after);
    }
  });
});
