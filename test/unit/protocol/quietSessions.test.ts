import { describe, expect, it } from "vitest";
import type { ProjectPicture } from "../../../src/protocol/projectRows";
import { noQuestionSentence, quietNotice } from "../../../src/protocol/quietSessions";
import { asked, entry, history, picture, session, start } from "./rowScene";

const now = start + 15 * 60_000;

/** A project of which so many sessions are quiet, the later ones for a shorter time. */
function quietProject(count: number, entries = history): ProjectPicture {
  const made = picture(entries);
  const [first] = made.sessions;
  if (!first) throw new Error("There is no session");
  const sessions = Array.from({ length: count }, (_, index) => ({
    ...first,
    session_name: `proj-alpha::builder::${index + 2}`,
    state: "working" as const,
    quiet_since: new Date(start + index * 60_000).toISOString(),
    last_line: "Proceed? [y/N]",
  }));
  return { ...made, sessions: [...made.sessions, ...sessions] };
}

describe("where no question is open", () => {
  it("nothing is said to need nothing while a session is quiet", () => {
    expect(noQuestionSentence([])).toBe("No question needs your answer.");
    expect(noQuestionSentence([picture(history)])).toBe("No question needs your answer.");
    expect(noQuestionSentence([quietProject(1)])).toBe("No question is open. 1 session is quiet.");
    expect(noQuestionSentence([quietProject(2), picture(history)])).toBe("No question is open. 2 sessions are quiet.");
  });

  it("the list of questions names the quiet sessions instead, at most five", () => {
    expect(quietNotice([picture(history)], now)).toEqual([]);
    expect(quietNotice([quietProject(1)], now)).toEqual([
      "No question is open. 1 session is quiet.",
      "builder::2 (alpha): quiet for 15 min. Last line: Proceed? [y/N]",
    ]);
    const many = quietNotice([quietProject(8)], now);
    expect(many).toHaveLength(6);
    expect(many[0]).toBe("No question is open. 8 sessions are quiet.");
  });
});

it("a session that waits for somebody is named before those that are only quiet", () => {
  const waits = entry(
    {
      kind: "state",
      event: "sensed",
      session_name: session,
      state: "waiting",
      state_kind: "confirm",
      text: "The program asks for confirmation.",
      evidence: [{ signal: "screen", rule: "asked/yes_no", lines: ["Drop all tables? [y/N]"] }],
    },
    5,
  );
  expect(quietNotice([quietProject(1, [...history, waits])], now)).toEqual([
    "No question is open. 1 session needs input.",
    expect.stringMatching(/^builder::1 \(alpha\): needs confirmation for 14 min\. Drop all tables\? \[y\/N\]$/),
    "builder::2 (alpha): quiet for 15 min. Last line: Proceed? [y/N]",
  ]);
});

it("beside a question the list names the quiet sessions too", () => {
  expect(quietNotice([quietProject(1, [...history, asked])], now)).toEqual([
    "builder::2 (alpha): quiet for 15 min. Last line: Proceed? [y/N]",
  ]);
});
