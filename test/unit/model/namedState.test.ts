import { describe, expect, test } from "vitest";
import { namedState, stateText } from "../../../src/core/model/namedState";
import { isWanted } from "../../../src/core/model/wantedState";

describe("a state as a person names it", () => {
  test.each([
    ["working", { state: "working" }],
    [" waiting ", { state: "waiting" }],
    ["waiting:permission", { state: "waiting", kind: "permission" }],
    ["waiting(permission)", { state: "waiting", kind: "permission" }],
    ["working:server", { state: "working", kind: "server" }],
    ["done_unseen", { state: "idle" }],
  ])("%s", (text, wanted) => {
    expect(namedState(text)).toEqual(wanted);
  });

  test.each([
    ["wokring", 'did you mean "working"?'],
    ["permission", 'did you mean "waiting:permission"?'],
    ["waiting:permision", 'did you mean "permission"?'],
    ["working:confirm", "confirm is not a kind of working."],
    ["exited:x", "The state exited has no kinds."],
    ["", "Nothing is not a state of a session."],
    ["lost", "No screen says that a session is lost."],
    ["a b c", "a b c is not a state"],
  ])("%s is refused", (text, why) => {
    expect(() => namedState(text)).toThrow(why);
  });

  test("a kind counts where it was named", () => {
    expect(isWanted(namedState("waiting"), { state: "waiting", kind: "confirm" })).toBe(true);
    expect(isWanted(namedState("waiting:login"), { state: "waiting", kind: "confirm" })).toBe(false);
    expect(isWanted(namedState("idle"), { state: "done_unseen" })).toBe(true);
    expect(stateText(namedState("idle:pager"))).toBe("idle(pager)");
  });
});
