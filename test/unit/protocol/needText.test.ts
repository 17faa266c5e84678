import { describe, expect, it } from "vitest";
import type { SessionContext } from "../../../src/core/model/session";
import { needRows } from "../../../src/protocol/needRows";
import { needsOf } from "../../../src/protocol/needs";
import { needSentence, noQuestionSentence } from "../../../src/protocol/needText";
import type { ProjectPicture } from "../../../src/protocol/projectRows";
import { asked, entry, history, picture, session, start } from "./rowScene";

const now = start + 15 * 60_000;
const evidence = [{ signal: "screen", rule: "asked/yes_no", lines: ["Apply 3 migrations? [y/N]"] }];

const waits = entry(
  {
    kind: "state",
    event: "sensed",
    session_name: session,
    state: "waiting",
    state_kind: "confirm",
    text: "The program asks for confirmation.",
    evidence,
  },
  5,
);
const done = entry(
  { kind: "state", event: "sensed", session_name: session, state: "done_unseen", text: "The program is done." },
  600,
);

/** A project of which so many sessions are quiet, the later ones for a shorter time. */
function quietProject(count: number, entries = history): ProjectPicture {
  const made = picture(entries);
  const sessions = Array.from({ length: count }, (_, index): SessionContext => ({
    session_name: `proj-alpha::builder::${index + 2}`,
    project_id: "alpha",
    agent_id: null,
    role: "builder",
    state: "working",
    next_action: "",
    last_signal: "",
    updated_at: "",
    quiet_since: new Date(start + index * 60_000).toISOString(),
    last_line: "Proceed? [y/N]",
  }));
  return { ...made, sessions: [...made.sessions, ...sessions] };
}

const sentences = (made: ProjectPicture): string[] => needsOf([made]).map((need) => needSentence(need, now));

describe("what needs a person, in a sentence", () => {
  it("says who, what, since when, and the line that asks", () => {
    expect(sentences(quietProject(2, [...history, waits]))).toEqual([
      "builder::1 (alpha): needs confirmation for 14 min. Apply 3 migrations? [y/N]",
      "builder::2 (alpha): quiet for 15 min. Last line: Proceed? [y/N]",
      "builder::3 (alpha): quiet for 14 min. Last line: Proceed? [y/N]",
    ]);
    expect(sentences(picture([...history, done]))).toEqual(["builder::1 (alpha): done 5 min ago, not looked at."]);
  });

  it("leaves out what is a question of the project, and what asks nothing", () => {
    expect(sentences(picture([...history, asked]))).toHaveLength(1);
    expect(sentences(picture(history))).toEqual([]);
  });
});

it("nothing is said to need nothing while a session may need somebody", () => {
  expect(noQuestionSentence([])).toBe("No question needs your answer.");
  expect(noQuestionSentence([picture(history)])).toBe("No question needs your answer.");
  expect(noQuestionSentence([quietProject(1)])).toBe("No question is open. 1 session is quiet.");
  expect(noQuestionSentence([quietProject(2), picture(history)])).toBe("No question is open. 2 sessions are quiet.");
  expect(noQuestionSentence([quietProject(2, [...history, waits])])).toBe(
    "No question is open. 1 session needs input.",
  );
  expect(noQuestionSentence([picture([...history, done])])).toBe(
    "No question is open. 1 session is done and was not looked at.",
  );
});

describe("rows of what needs a person", () => {
  it("are sessions beside questions, which commands take as the sessions they are", () => {
    const rows = needRows([picture([...history, waits]), quietProject(1, [...history, asked])], now);
    expect(rows.map(({ label, context }) => `${label} ${context}`)).toEqual([
      "Run rm -rf x? question",
      "Apply 3 migrations? [y/N] need+waiting",
      "Proceed? [y/N] need",
    ]);
    expect(rows[1]).toMatchObject({
      kind: "session",
      key: "/w#alpha",
      name: session,
      description: "builder::1 (alpha) · needs confirmation for 14 min",
      look: { icon: "question" },
    });
    expect(rows[1]?.tooltip).toContain("Project: alpha");
  });

  it("offer to mark what is done as seen", () => {
    expect(needRows([picture([...history, done])], now)[0]?.context).toBe("need+unseen");
  });
});
