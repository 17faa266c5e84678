import { describe, expect, it } from "vitest";
import { commandSentence, resultSentence } from "../../../src/core/command/resultSentences";
import { type Outcome, outcomes } from "../../../src/core/model/entryKinds";
import type { CommandEnd } from "../../../src/core/session/commandEnds";
import { faultsIn } from "../words/forbiddenWords";

const cases: readonly (readonly [Outcome, Partial<CommandEnd>, string])[] = [
  ["exited", { exit_code: 0 }, "Succeeded after 2.5 s."],
  ["exited", { exit_code: 3 }, "Failed after 2.5 s with exit code 3."],
  ["exited", {}, "Failed after 2.5 s with an unknown exit code."],
  ["exited", { known_by: "quiet" }, "The program waits for input again after 2.5 s; it has no exit code."],
  ["exited", { known_by: "screen" }, "Its screen showed what it was waited for after 2.5 s."],
  [
    "still_running",
    { known_by: "screen" },
    "Its screen showed what it was waited for after 2.5 s; the command is still running.",
  ],
  ["rejected", {}, "The shell did not accept the command; it did not run."],
  ["rejected", { unfinished: true }, "The command is incomplete: the shell asked for more input, so nothing ran."],
  ["interrupted", {}, "Interrupted after 2.5 s."],
  ["interrupted", { means: "ctrl_c" }, "Interrupted after 2.5 s with Ctrl-C."],
  [
    "interrupted",
    { means: "withdrawn" },
    "Interrupted after 2.5 s before the shell accepted the command; it did not run.",
  ],
  ["suspended", {}, "Suspended after 2.5 s; it is now a stopped job in its session."],
  [
    "timed_out",
    { means: "ctrl_backslash" },
    "Timed out after 2.5 s and was interrupted with Ctrl-\\, because Ctrl-C did not end it.",
  ],
  [
    "timed_out",
    { means: "session_end" },
    "Timed out after 2.5 s and was interrupted by ending the session, because Ctrl-C and Ctrl-\\ did not end it.",
  ],
  ["cancelled", {}, "Cancelled before it ran."],
  ["session_ended", { exit_code: 4 }, "The session ended after 2.5 s with exit code 4."],
  ["session_ended", {}, "The session ended after 2.5 s."],
  ["not_sent", {}, "Not sent; it did not run."],
  ["unknown", {}, "The outcome of the command is unknown: its end was not seen."],
  [
    "unknown",
    { why: "the program asks something" },
    "The outcome of the command is unknown: the program asks something.",
  ],
];

describe("the sentence of a result", () => {
  it.each(cases)("%s %j", (outcome, end, sentence) => {
    const text = resultSentence({ outcome, exit_code: null, known_by: "mark", ...end }, 2500);
    expect(text).toBe(sentence);
    expect(faultsIn({ file: outcome, line: 1, text })).toEqual([]);
  });

  it("is there for every outcome", () => {
    expect(new Set(cases.map(([outcome]) => outcome))).toEqual(new Set(outcomes));
  });
});

it("a command says who runs it, and stays on one line", () => {
  expect(commandSentence("npm ci\nnpm test", "build")).toBe("build: npm ci npm test");
});
