import { describe, expect, it } from "vitest";
import type { SessionContext } from "../../../src/core/model/session";
import { stateKinds } from "../../../src/core/model/stateKinds";
import { sessionStates } from "../../../src/core/model/states";
import { stateWords } from "../../../src/protocol/stateWords";

const now = Date.parse("2026-11-30T12:00:00.000Z");
const evidence = [{ signal: "screen", rule: "x/y", lines: ["y/n"] }];

function session(rest: Partial<SessionContext>, secondsAgo = 180): SessionContext {
  const since = new Date(now - secondsAgo * 1000).toISOString();
  return {
    session_name: "proj-alpha::builder::1",
    project_id: "alpha",
    agent_id: null,
    role: "builder",
    state: "idle",
    next_action: "",
    last_signal: "",
    // News of it meanwhile are no new state.
    updated_at: new Date(now).toISOString(),
    state_since: since,
    evidence,
    ...rest,
  };
}

describe("what a session does, and since when", () => {
  it.each([
    [{ state: "waiting", state_kind: "permission" }, "needs permission for 3 min"],
    [{ state: "waiting", state_kind: "question" }, "asked a question 3 min ago"],
    [{ state: "waiting", state_kind: "password" }, "needs a password for 3 min"],
    [{ state: "waiting", state_kind: "permission", evidence: undefined }, "needs your answer for 3 min"],
    [{ state: "done_unseen" }, "done 3 min ago, not looked at"],
    [{ state: "limited", state_kind: "rate", until: "14:20" }, "limited until 14:20"],
    [{ state: "limited", state_kind: "quota" }, "quota used up 3 min ago"],
    [{ state: "working" }, "working for 3 min"],
    [{ state: "working", state_kind: "server" }, "server running for 3 min"],
    [{ state: "working", quiet_since: new Date(now - 720_000).toISOString() }, "quiet for 12 min"],
    [
      { state: "working", state_kind: "watcher", quiet_since: new Date(now - 720_000).toISOString() },
      "watching for changes, quiet for 12 min",
    ],
    [{ state: "working", ready_since: new Date(now - 120_000).toISOString() }, "ready for 2 min"],
    [
      { state: "working", ready_since: new Date(now - 120_000).toISOString(), ready_port: 3000 },
      "server ready on :3000 for 2 min",
    ],
    [{ state: "waiting", state_kind: "login", ready_since: new Date(now).toISOString() }, "asked to log in 3 min ago"],
    [{ state: "exited" }, "ended 3 min ago"],
    [{ state: "failed", state_kind: "start" }, "failed to start 3 min ago"],
  ] as const)("%j", (rest, words) => {
    expect(stateWords(session(rest)).text(now)).toBe(words);
  });

  it("has a phrase for each state and kind, for eyes and ears", () => {
    for (const state of sessionStates) {
      const kinds: readonly (string | undefined)[] = [
        undefined,
        ...((stateKinds as Readonly<Record<string, readonly string[]>>)[state] ?? []),
      ];
      for (const state_kind of kinds) {
        const words = stateWords(session({ state, ...(state_kind === undefined ? {} : { state_kind }) }));
        expect(words.text(now)).toMatch(/ (for 3 min|3 min ago(, not looked at)?)$/);
        expect(words.spoken(now)).toMatch(/ (for 3 minutes|3 minutes ago(, not looked at)?)$/);
      }
    }
  });

  it("makes no future of a clock that runs ahead, and says no time that is none", () => {
    expect(stateWords(session({ state: "done_unseen" }, -3600)).text(now)).toBe("done just now, not looked at");
    expect(stateWords(session({ state: "waiting", state_kind: "confirm" }, -3600)).text(now)).toBe(
      "needs confirmation for a few seconds",
    );
    expect(stateWords(session({ state: "working", state_since: "yesterday" })).text(now)).toBe("working");
  });

  it("is said of the state by who does not know the kind, which a newer version wrote", () => {
    expect(stateWords(session({ state: "waiting", state_kind: "telepathy" })).text(now)).toBe(
      "needs your answer for 3 min",
    );
  });

  it("changes for a screen reader once a minute at most", () => {
    const words = stateWords(session({ state: "working" }, 0));
    const said = Array.from({ length: 60 }, (_, second) => words.spoken(now + second * 1000));
    expect(new Set(said).size).toBeLessThan(3);
  });
});
