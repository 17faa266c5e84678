import { describe, expect, it } from "vitest";
import { failedStart, slowStart } from "../../../src/core/session/failedStart";

const name = "proj-alpha::builder::1";

describe("a session that could not begin", () => {
  it.each([
    ["shell", "/opt/fish", 127, "there is no such program", /Install it, .*set SHELL.*shell: sh/],
    ["shell", "/tmp/x", 126, "it cannot be executed", /Make it executable/],
    ["shell", "/usr/sbin/nologin", 1, "exit code 1", /accounts without a shell: set SHELL/],
    ["shell", "bash", 3, "ended before its first prompt with exit code 3", /start-up file: .*WSH_ORCHESTRATOR_SESSION/],
    ["program", "nosuch --x", 127, "there is no such program", /correct the program of the role/],
    ["program", "tool", 0, "ended as soon as it was started with exit code 0", /Run it in a terminal/],
  ] as const)(
    "says of a %s (%s) that ended with %i what it was and what to do",
    (kind, text, exit_code, says, next) => {
      const error = failedStart(name, { kind, text }, { exit_code, lines: ["one", "two"] });
      expect(error.code).toBe("session_not_ready");
      expect(error.message).toMatch(new RegExp(`^The ${kind} of builder::1 \\(${text}\\) ended `));
      expect(error.message).toContain(says);
      expect(error.message).toContain('Last output: "one / two".');
      expect(error.remedy).toMatchObject({ kind: "advice", text: expect.stringMatching(next) as string });
    },
  );

  it("says no more than is known", () => {
    const { message } = failedStart(name, { kind: "shell", text: undefined }, { exit_code: null, lines: [] });
    expect(message).toBe("The shell of builder::1 ended before its first prompt.");
  });
});

describe("a session that is slow to begin", () => {
  it("names what runs in front of its shell, and what keeps that out of sessions", () => {
    expect(slowStart(name, "", "tmux")).toMatch(
      /^The shell of builder::1 has not shown a prompt yet: tmux runs in front of it\. If a start-up file .*shell: sh/,
    );
    expect(slowStart(name, "Update now?", undefined)).toBe(
      'The shell of builder::1 has not shown a prompt yet. Last output: "Update now?".',
    );
  });
});
