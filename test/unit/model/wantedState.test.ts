import { describe, expect, it } from "vitest";
import { isWanted, readWantedState, wantableStates, wantedText } from "../../../src/core/model/wantedState";
import { sessionStates } from "../../../src/core/model/states";

describe("a state that is waited for", () => {
  it.each([
    ["waiting", { state: "waiting" }],
    ["waiting:permission", { state: "waiting", kind: "permission" }],
    [" idle:repl ", { state: "idle", kind: "repl" }],
    ["done_unseen", { state: "done_unseen" }],
  ])("reads %j", (text, wanted) => {
    expect(readWantedState(text)).toEqual(wanted);
  });

  it.each([
    ["waitng", 'waitng is not a state of a session; did you mean "waiting"?'],
    ["", " is not a state of a session"],
    ["waiting:permision", 'permision is not a kind of waiting; did you mean "permission"?'],
    ["waiting:repl", "repl is not a kind of waiting"],
    ["waiting:", " is not a kind of waiting"],
    ["waiting:permission:x", "permission is not a kind of waiting"],
    ["lost:x", "The state lost has no kinds"],
    ["toString", "toString is not a state of a session"],
  ])("refuses %j", (text, problem) => {
    expect(readWantedState(text)).toContain(problem);
  });

  it("is there with its kind, or with any where none was asked for", () => {
    const asks = { state: "waiting", kind: "permission" } as const;
    expect(isWanted({ state: "waiting" }, asks)).toBe(true);
    expect(isWanted({ state: "waiting", kind: "permission" }, asks)).toBe(true);
    expect(isWanted({ state: "waiting", kind: "question" }, asks)).toBe(false);
    expect(isWanted({ state: "idle", kind: "shell" }, { state: "idle" })).toBe(false);
  });

  it("is rest also where nobody has looked at what was done", () => {
    expect(isWanted({ state: "idle" }, { state: "done_unseen" })).toBe(true);
    expect(isWanted({ state: "done_unseen" }, { state: "idle" })).toBe(false);
  });

  it("lists all states, and says what was asked for", () => {
    expect(wantableStates()).toHaveLength(sessionStates.length);
    expect(wantableStates()).toContain("limited (rate, quota)");
    expect(wantedText({ state: "limited", kind: "quota" })).toBe("limited:quota");
  });
});
