import { describe, expect, it } from "vitest";
import { requireRead } from "../../../src/cli/answering";
import { progressLines, recordLines } from "../../../src/protocol/logLines";
import {
  answerMeanings,
  commandLines,
  questionParts,
  reasonBeside,
  sentenceLines,
} from "../../../src/protocol/question";
import type { ContextEntry } from "../../../src/core/model/entry";
import { questionText } from "../../../src/core/record/eventText";

const command = `${"make all && ".repeat(30)}rm -rf old`;
const reason = '"rm -rf old" deletes files or whole folders without asking.';
const asked: ContextEntry = {
  id: "01JZZZZZZZZZZZZZZZZZ7KQX2M",
  project_id: "alpha",
  session_name: null,
  actor: "engine",
  kind: "approval_needed",
  ts: "2026-11-23T02:40:12.345Z",
  text: `clean wants to run "${command.slice(0, 199)}…": ${reason}`,
  input: command,
  task_id: "clean",
  human_attention_needed: true,
  options: ["run", "skip"],
};

describe("a question", () => {
  it("is taken apart into its reason and the whole command", () => {
    expect(questionParts(asked)).toEqual({ reason, command, mark: "$ " });
    expect(questionParts({ ...asked, reason: "Because." })).toEqual({ reason: "Because.", command, mark: "$ " });
    expect(questionParts({ ...asked, kind: "error" })).toEqual({
      reason: asked.text,
      command: undefined,
      mark: "",
    });
    expect(questionParts({ ...asked, text: "In other words." })).toEqual({
      reason: "In other words.",
      command,
      mark: "$ ",
    });
  });

  it("shows what an agent's dialog shows, and the settings of a role, not as something that a shell would run", () => {
    const change = { ...asked, event: "terminal_asks", input: "• Edited index.js (+1 -1)" };
    const role = { ...asked, step: -1, role: "coder", input: "codex --yolo" };
    for (const entry of [change, role]) {
      expect(questionParts(entry)).toMatchObject({ command: entry.input, mark: "" });
      expect(
        recordLines(entry)
          .map((line) => line.map(({ text }) => text).join(""))
          .join("\n"),
      ).not.toContain("$");
    }
  });

  it("does not say the command again beside it, unless only a part of it is meant", () => {
    expect(reasonBeside("rm -rf old", reason)).toBe("It deletes files or whole folders without asking.");
    expect(reasonBeside(command, reason)).toBe(reason);
  });

  it.each([
    ["of a run", progressLines],
    ["of the record", recordLines],
  ])("is in the log %s with the reason first and the dangerous part", (_, lines) => {
    const text = (lines(asked) ?? []).map((line) => line.map((piece) => piece.text).join(""));
    expect(text[0]).toContain(`? ${reason}  [7KQX2M: run or skip]`);
    expect(text[1]).toMatch(/^ +clean \$ make all/);
    expect(text.at(-1)).toContain("rm -rf old");
  });

  it("is not answered with run where it could not be read", () => {
    expect(() => requireRead(asked, "yes", new Set())).toThrow(/too small/);
    expect(() => requireRead(asked, "skip", new Set())).not.toThrow();
    expect(() => requireRead(asked, "run", new Set([asked.id]))).not.toThrow();
    expect(() => requireRead(asked, "run", undefined)).not.toThrow();
    expect(() =>
      requireRead({ ...asked, kind: "error", options: ["retry", "skip"] }, "retry", new Set()),
    ).not.toThrow();
  });
});

describe("lines of a command", () => {
  it("hold all of it where there is room, also words that are too long", () => {
    expect(commandLines("ls", "", 10, 3)).toEqual(["ls"]);
    expect(commandLines("a b\nc\td", "", 10, 3)).toEqual(["a b", "c    d"]);
    expect(commandLines("0123456789abc", "", 5, 3)).toEqual(["01234", "56789", "abc"]);
    expect(commandLines("日本語です", "", 4, 3)).toEqual(["日本", "語で", "す"]);
  });

  it("are cut in the middle, with a count, and keep beginning, end and what the reason quotes", () => {
    const text = ["first", ...Array.from("abcdefghij"), "rm -rf x", ...Array.from("klmnopqrst"), "last"].join("\n");
    expect(commandLines(text, '"rm -rf x" deletes', 20, 5)).toEqual([
      "first",
      "… 19 characters hidden …",
      "rm -rf x",
      "… 19 characters hidden …",
      "last",
    ]);
    expect(commandLines(text, "Nobody can read this.", 20, 3)).toEqual([
      "first",
      expect.stringMatching(/^… \d+ characters/),
      "last",
    ]);
  });

  it("find what is quoted also where it is written otherwise", () => {
    const text = ["first", ...Array.from("abcdefghij"), "rm  '-rf' x", ...Array.from("klmnopqrst"), "last"].join("\n");
    expect(commandLines(text, '"rm -rf x" deletes', 20, 5)).toContain("rm  '-rf' x");
  });

  it("of a sentence are whole words", () => expect(sentenceLines("one two  three", 8)).toEqual(["one two", "three"]));
});

describe("what each answer does", () => {
  it("is said in the summary of a project as in its question", () => {
    const options = ["run", "retry", "done", "skip", "of-a-newer-version"];
    const entry: ContextEntry = { ...asked, options };
    const inQuestion = answerMeanings(entry).map((text) => text.replace(/: (.*)$/, " ($1)"));
    expect(inQuestion.filter((text) => text.includes("("))).toHaveLength(4);
    expect(questionText(entry)).toContain(`Answers: ${inQuestion.join(", ")}.`);
  });
});
