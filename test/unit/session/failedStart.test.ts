import { describe, expect, it } from "vitest";
import { failedStart, isMultiplexer, noPrompt, slowStart } from "../../../src/core/session/failedStart";

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

describe("a shell that shows no prompt", () => {
  const bash = { kind: "shell", text: "/bin/bash" } as const;

  it("is named, with what runs in front of it and what keeps that out of sessions", () => {
    const error = noPrompt(name, bash, { within: "1 min 30 s", shows: "starting", foreground: "sleep" });
    expect(error.message).toBe(
      "The shell of builder::1 (/bin/bash) did not show a prompt within 1 min 30 s: sleep runs in front of it. " +
        'Last output: "starting".',
    );
    expect(error.remedy).toMatchObject({ text: expect.stringContaining("WSH_ORCHESTRATOR_SESSION") as string });
    expect(noPrompt(name, bash, { shows: "", foreground: "tmux: client" }).message).toBe(
      "The shell of builder::1 (/bin/bash) shows no prompt: tmux: client runs in front of it.",
    );
  });

  it("may be hidden by a terminal of its own, and not by another shell", () => {
    expect(["tmux: client", "screen", "zellij"].every(isMultiplexer)).toBe(true);
    expect(["zsh", "fish", "ssh", "screenfetch"].some(isMultiplexer)).toBe(false);
  });
});
