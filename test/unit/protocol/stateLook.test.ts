import { describe, expect, it } from "vitest";
import { stateKinds } from "../../../src/core/model/stateKinds";
import { type SessionState, sessionStates } from "../../../src/core/model/states";
import { sessionLook, sessionPlace, shownState } from "../../../src/protocol/stateLook";
import { askedLine } from "../../../src/protocol/stateReasons";

const context = {
  session_name: "proj-alpha::builder::1",
  project_id: "alpha",
  agent_id: null,
  role: "builder",
  next_action: "",
  last_signal: "",
  updated_at: "2026-01-01T10:00:00Z",
};
const evidence = [
  { signal: "screen", rule: "prompts/confirm", lines: ["", "Apply 3 migrations to production? [y/N]"] },
];

describe("the look of a state", () => {
  it("has a plain word for every state and kind, and never the name that files have for it", () => {
    for (const state of sessionStates) {
      const kinds = Object.hasOwn(stateKinds, state) ? stateKinds[state as keyof typeof stateKinds] : [];
      const words = [undefined, ...kinds].map((kind) => sessionLook({ state, kind }).word);
      expect(words.filter((word) => word === "" || /[_:]/.test(word))).toEqual([]);
      // A shell at rest is idle, as any session is whose shell is at its prompt.
      expect(new Set(words).size).toBe(words.length - (state === "idle" ? 1 : 0));
      for (const kind of kinds) expect(sessionLook({ state, kind }).icon).toBe(sessionLook({ state }).icon);
    }
  });

  it("says until when a limit lasts, as the program words it", () => {
    expect(sessionLook({ state: "limited", kind: "rate", until: "14:20" }).word).toBe("limited until 14:20");
    expect(sessionLook({ state: "limited", kind: "quota" }).word).toBe("quota used up");
  });

  it("leaves out a kind that it does not know, or that is another state's", () => {
    expect(sessionLook({ state: "waiting", kind: "telepathy" }).word).toBe("needs your answer");
    expect(sessionLook({ state: "idle", kind: "server" }).word).toBe("idle");
    expect(sessionLook({ state: "idle", kind: "constructor" }).word).toBe("idle");
  });

  it("tells a question of the project from one that a program asks on its screen", () => {
    const asked = { ...context, state: "waiting", state_kind: "question" } as const;
    expect(sessionLook(shownState(asked)).word).toBe("needs your answer");
    expect(sessionLook(shownState({ ...asked, evidence })).word).toBe("asks a question");
  });

  it("puts those that need a person first and those that are over last, and no other one moves with its state", () => {
    const place = (state: SessionState): number => sessionPlace({ state });
    const all = [...sessionStates].sort((one, other) => place(one) - place(other));
    expect(all.slice(0, 5)).toEqual(["waiting", "unclear", "failed", "limited", "done_unseen"]);
    expect(all.slice(-2)).toEqual(["exited", "lost"]);
    expect(new Set([place("working"), place("starting"), place("idle")]).size).toBe(1);
    expect(sessionPlace({ state: "failed", state_kind: "start" })).toBe(place("exited"));
  });
});

describe("what a program asks", () => {
  it("is the line of its screen that asks, else the first with words", () => {
    expect(askedLine({ state: "waiting", evidence })).toBe("Apply 3 migrations to production? [y/N]");
    const password = [{ signal: "screen", rule: "passwords/sudo", lines: ["---", " Password: "] }];
    expect(askedLine({ state: "waiting", evidence: password })).toBe("Password:");
  });

  it("is nothing where it asks nothing, or where no screen says it", () => {
    expect(askedLine({ state: "working", evidence })).toBeUndefined();
    expect(askedLine({ state: "waiting" })).toBeUndefined();
    const told = [{ signal: "program_status", rule: "osc7501", lines: ["state=blocked?"] }];
    expect(askedLine({ state: "waiting", evidence: told })).toBeUndefined();
  });
});
