import { describe, expect, it } from "vitest";
import { type ProgramStatus, ProgramStatusTree, readStatusReport } from "../../../src/core/sense/programStatus";
import { statusClear, statusIdPart, statusQuestion, statusReport } from "../../../src/core/sense/statusReport";

const inside = (bytes: string): string => /^\x1b\]7501;(.*)\x1b\\$/.exec(bytes)?.[1] ?? "";

describe("a report of a program's status", () => {
  it.each<[ProgramStatus, string]>([
    [{ state: "working", id: "" }, "state=working"],
    [
      { state: "working", app: "wsh-orchestrator", id: "", progress: 40 },
      "state=working:app=wsh-orchestrator:progress=40",
    ],
    [
      { state: "blocked", kind: "permission", id: "build/a.1", title: "build", message: "rm -rf x" },
      "state=blocked:kind=permission:id=build/a.1:title=YnVpbGQ=:msg=cm0gLXJmIHg=",
    ],
    // Neither says anything of one that is over.
    [{ state: "done", kind: "question", id: "a", progress: 9 }, "state=done:id=a"],
    [{ state: "error", id: "a", message: "é好" }, "state=error:id=a:msg=w6nlpb0="],
  ])("is exactly that: %j", (status, data) => {
    expect(statusReport(status)).toBe(`\x1b]7501;${data}\x1b\\`);
  });

  it("asks, and takes back", () => {
    expect(statusQuestion).toBe("\x1b]7501;?\x1b\\");
    expect(statusClear()).toBe("\x1b]7501;state=clear\x1b\\");
    expect(statusClear("a/b")).toBe("\x1b]7501;state=clear:id=a/b\x1b\\");
  });

  it("is one that a terminal takes, whatever its texts hold", () => {
    const hostile = "\x1b]0;x\x07\n\u202edrowssap\u2028";
    for (const text of [hostile, "x".repeat(9000), "好".repeat(9000), "😀".repeat(2000), "", " "]) {
      const read = readStatusReport(
        inside(statusReport({ state: "blocked", kind: "question", id: "a/b", title: text, message: text })),
      );
      expect(read).toMatchObject({ state: "blocked", id: "a/b" });
      const { title = "", message = "" } = read as ProgramStatus;
      expect(title + message).not.toMatch(/[\p{Cc}\ufffd\u202e\u2028]/u);
      expect([new TextEncoder().encode(title).length <= 192, new TextEncoder().encode(message).length <= 2048]).toEqual(
        [true, true],
      );
    }
  });

  it("has an id for each name, and another one for another name", () => {
    const names = ["build", "über", "a b", "a:b", "a/b", "", "x".repeat(33), `${"x".repeat(32)}y`, "a;b", "😀"];
    const parts = names.map(statusIdPart);
    expect(parts[0]).toBe("build");
    expect(new Set(parts).size).toBe(names.length);
    const tree = new ProgramStatusTree();
    for (const part of parts)
      expect(tree.report(inside(statusReport({ state: "working", id: `a/${part}` })))).toBe(true);
    expect(tree.records).toHaveLength(names.length);
  });
});
