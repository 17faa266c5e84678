import { describe, expect, it } from "vitest";
import { rowsBehindEcho } from "../../../src/core/sense/programScreen";

describe("the rows behind the echo of a typed text", () => {
  it.each<[string, string[], string, string[] | undefined]>([
    ["are those below it", ["$ old", "x", "$ npm start", "ready", "1"], "npm start", ["ready", "1"]],
    ["are those below the newest", ["$ npm start", "ready", "$ npm start", "wait"], "npm start", ["wait"]],
    ["begin below a line that is wrapped", ["$ echo a b", " c d e", "ready"], "echo a b c d e", ["ready"]],
    [
      "begin below a quoted text of several lines",
      ["$ eval '{", "a", "b '\\''c", "}'", "out"],
      "a\nb 'c",
      ["}'", "out"],
    ],
    ["begin beside a right prompt", ["$ npm start        [main]", "ready"], "npm start", ["ready"]],
    [
      "begin below what was typed, not where a program says it",
      ["$ npm start", "ready", "stop npm start here"],
      "npm start",
      ["ready", "stop npm start here"],
    ],
    ["are none below the last row", ["$ npm start"], "npm start", []],
    ["are not known without it", ["ready", "1"], "npm start", undefined],
    ["are not known of a text without signs", ["", "ready"], " ", undefined],
  ])("%s", (_what, rows, typed, behind) => {
    expect(rowsBehindEcho(rows, typed)).toEqual(behind);
  });
});
