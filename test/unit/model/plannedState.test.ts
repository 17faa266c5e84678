import { describe, expect, it } from "vitest";
import { plannedState, plannedStateProblem } from "../../../src/core/model/plannedState";

describe("names of states", () => {
  it("are a state, or a state and one of its kinds", () => {
    expect(plannedState("idle")).toEqual({ state: "idle" });
    expect(plannedState("working:server")).toEqual({ state: "working", kind: "server" });
  });

  it.each([
    ["wokring", 'there is no state "wokring"; did you mean "working"?'],
    [
      "ready",
      'there is no state "ready"; states: starting, working, waiting, idle, done_unseen, limited, failed, unclear',
    ],
    [
      "exited",
      'there is no state "exited"; states: starting, working, waiting, idle, done_unseen, limited, failed, unclear',
    ],
    ["working:sever", 'the state "working" has no kind "sever"; did you mean "server"?'],
    ["idle:server", 'the state "idle" has no kind "server"; kinds: shell, pager, editor, repl'],
    ["starting:server", 'the state "starting" has no kinds; write only "starting"'],
    ["idle:", 'the state "idle" has no kind ""; kinds: shell, pager, editor, repl'],
    ["idle:repl:x", 'the state "idle" has no kind "repl:x"; did you mean "repl"?'],
  ])("are refused with what was meant: %s", (text, problem) => {
    expect(plannedState(text)).toBeUndefined();
    expect(plannedStateProblem(text)).toBe(problem);
  });
});
