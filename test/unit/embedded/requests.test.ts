import { describe, expect, it } from "vitest";
import { Query } from "../../../src/adapters/http/query";
import { RequestFailure } from "../../../src/adapters/http/requestFailure";
import { checkSessionName, checkTags } from "../../../src/embedded/names";
import { readDuration, readFormat } from "../../../src/embedded/requestReading";

function codeOf(act: () => unknown): string {
  try {
    act();
    return "fine";
  } catch (error) {
    return error instanceof RequestFailure ? error.code : String(error);
  }
}

describe("names and tags", () => {
  it("are 1 to 64 bytes of letters and digits of any script, - _ .", () => {
    const good = ["a", "A.b_c-9", "a".repeat(64), "é".repeat(32), "Ⅷ", "漢字"];
    const bad = ["", "a b", "a/b", "a:b", "a\n", "a".repeat(65), "é".repeat(33), "\u{1F44D}", "a\0"];
    expect(good.map((name) => codeOf(() => checkSessionName(name)))).toEqual(good.map(() => "fine"));
    expect(bad.map((name) => codeOf(() => checkSessionName(name)))).toEqual(bad.map(() => "invalid_session_name"));
    expect(codeOf(() => checkTags(["fine", "not fine"]))).toBe("invalid_tag");
  });
});

describe("query parameters of the wire", () => {
  it("are read strictly", () => {
    const query = (text: string): Query => new Query(new URLSearchParams(text));
    expect([
      readDuration(query("big=99999999"), "big"),
      readDuration(query(""), "big"),
      readFormat(query("format=plain")),
      readFormat(query("")),
    ]).toEqual([300_000, undefined, "plain", "styled"]);
    expect(codeOf(() => readFormat(query("format=html")))).toBe("invalid_request");
    expect(codeOf(() => readDuration(query("big=1s"), "big"))).toBe("invalid_request");
  });
});
