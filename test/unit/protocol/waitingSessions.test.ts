import { describe, expect, it } from "vitest";
import { waitingSentence, waitingSessions } from "../../../src/protocol/waitingSessions";
import { asked, entry, history, picture, session, start } from "./rowScene";

const confirm = entry(
  {
    kind: "state",
    event: "sensed",
    session_name: session,
    state: "waiting",
    state_kind: "confirm",
    text: "The program asks for confirmation.",
    evidence: [{ signal: "screen", rule: "asked/yes_or_no", lines: ["Apply 3 migrations to production? [y/N]"] }],
  },
  5,
);

describe("sessions that need input", () => {
  it("say who asks for what, since when, and the line that asks", () => {
    const waiting = waitingSessions([picture([...history, confirm])]);
    expect(waiting.map((each) => waitingSentence(each, start + 65_000))).toEqual([
      "builder::1 (alpha): needs confirmation for 1 min. Apply 3 migrations to production? [y/N]",
    ]);
  });

  it("leave out what is a question of the project, and what asks nothing", () => {
    expect(waitingSessions([picture([...history, asked]), picture(history)])).toEqual([]);
  });
});
