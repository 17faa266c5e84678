import { describe, expect, it } from "vitest";
import { lastLineOf, outputLines } from "../../../src/core/model/commandOutput";

describe("the last line of a command's output", () => {
  it.each([
    ["", ""],
    ["one\ntwo\n\n", "two"],
    ["a.c:1: error: expected ;\nexit\n", "a.c:1: error: expected ;"],
    ["fatal: no such branch\nlogout\n", "fatal: no such branch"],
    ["waiting\n^C\n", "waiting"],
    ["Error: no\n  }\n-----\n$ \n", "Error: no"],
    ["Downloading 100%\n", "Downloading 100%"],
    ["exit\n", ""],
    ["will not exit\n", "will not exit"],
    ["失敗しました\n", "失敗しました"],
  ])("of %j is %j", (output, line) => {
    expect(lastLineOf(output)).toBe(line);
  });
});

it("keeps all lines with something on them, without what the shell printed when it ended", () => {
  expect(outputLines("exit\n\n{\n  a\n}\nexit\n")).toEqual(["exit", "{", "  a", "}"]);
});
