import { describe, expect, it } from "vitest";
import { ProgramStatusTree, readStatusReport } from "../../../src/core/sense/programStatus";

const base64 = (text: string): string => Buffer.from(text).toString("base64");

function tree(...reports: string[]): ProgramStatusTree {
  const all = new ProgramStatusTree();
  for (const report of reports) all.report(report);
  return all;
}

const ids = (all: ProgramStatusTree): string[] => all.records.map(({ id }) => id);

describe("a report of a program's status", () => {
  it("is read with all that it says, decoded", () => {
    expect(
      readStatusReport(
        `state=blocked:app=claude-code:kind=permission:id=a/b:progress=40:msg=${base64("approve Bash: ls ✓")}:title=${base64("Build")}:new=1`,
      ),
    ).toEqual({
      state: "blocked",
      app: "claude-code",
      kind: "permission",
      id: "a/b",
      progress: 40,
      message: "approve Bash: ls ✓",
      title: "Build",
    });
  });

  it.each([
    ["the query", "?"],
    ["a state that nobody knows", "state=sleeping"],
    ["no state", "app=codex"],
    ["more than 4,096 bytes", `state=done:${"x".repeat(4096 - 9 - "state=done:".length + 1)}`],
    ["a key of 17 bytes", `state=done:${"k".repeat(17)}=1`],
    ["a name of 33 bytes", `state=done:app=${"a".repeat(33)}`],
    ["a place of nine levels", `state=done:id=${Array(9).fill("a").join("/")}`],
    ["a place of 129 bytes", `state=done:id=${[32, 32, 32, 30].map((n) => "s".repeat(n)).join("/")}`],
    ["a part of 33 bytes", `state=done:id=${"s".repeat(33)}`],
    ["an empty place", "state=done:id="],
    ["an empty part", "state=done:id=a//b"],
    ["a place with a comma", "state=done:id=a,b"],
    ["a message of 2,049 bytes", `state=done:msg=${base64("a".repeat(2049))}`],
    ["a title of 193 bytes", `state=done:title=${base64("t".repeat(193))}`],
    ["a message that is no base64", "state=done:msg=A"],
    ["a message with a line feed", `state=done:msg=${base64("a\nb")}`],
    ["a message with an escape", `state=done:msg=${base64("a\x1b[31m")}`],
    ["a message with a C1 character", `state=done:msg=${base64("\u0085")}`],
    ["a message that is no UTF-8", `state=done:msg=${Buffer.from([0xff]).toString("base64")}`],
  ])("is dropped as a whole with %s", (_what, data) => {
    expect(readStatusReport(data)).toBeUndefined();
  });

  it.each([
    ["as long as may be", `state=done:${"x".repeat(4096 - 9 - "state=done:".length)}`],
    ["with the longest message", `state=done:msg=${base64("a".repeat(2048))}`],
    ["with the longest title", `state=done:title=${base64("t".repeat(192))}`],
    ["with the deepest place", `state=done:id=${Array(8).fill("a").join("/")}`],
  ])("is taken %s", (_what, data) => {
    expect(readStatusReport(data)).toMatchObject({ state: "done" });
  });

  it("says why it is blocked, and how far it is, only where that can be", () => {
    expect(readStatusReport("state=working:kind=auth")).toEqual({ state: "working", id: "" });
    expect(readStatusReport("state=blocked:kind=coffee")).toEqual({ state: "blocked", id: "" });
    expect(readStatusReport("state=done:progress=50")).toEqual({ state: "done", id: "" });
    expect(readStatusReport("state=working:progress=101")).toEqual({ state: "working", id: "" });
  });
});

describe("what the programs of a terminal said of themselves", () => {
  it("is a tree, in which a report replaces its record, and takes its name from above", () => {
    const all = tree("state=working:app=deploy:progress=5", "state=working:id=us:app=brew", "state=idle:id=us/east");
    expect(all.records).toEqual([
      { state: "working", app: "deploy", id: "", progress: 5 },
      { state: "working", app: "brew", id: "us" },
      { state: "idle", id: "us/east", app: "brew" },
    ]);
    all.report("state=done");
    expect(all.records[0]).toEqual({ state: "done", id: "" });
  });

  it("is taken back with all below it, or as a whole", () => {
    const reports = ["state=working", "state=working:id=a", "state=done:id=a/b", "state=done:id=ab"];
    expect(ids(tree(...reports, "state=clear:id=a"))).toEqual(["", "ab"]);
    expect(ids(tree(...reports, "state=clear"))).toEqual([]);
  });

  it("keeps 256 records, the newest", () => {
    const all = tree(...Array.from({ length: 256 }, (_, at) => `state=working:id=r${at}`));
    all.report("state=done:id=r0");
    all.report("state=working:id=new");
    expect(all.records).toHaveLength(256);
    expect(ids(all)).toEqual(expect.arrayContaining(["r0", "new"]));
    expect(ids(all)).not.toContain("r1");
  });

  it("keeps what stays true when its program has left", () => {
    const all = tree("state=working", "state=blocked:id=b", "state=idle:id=i", "state=done:id=d", "state=error:id=e");
    expect(all.programLeft()).toBe(true);
    expect(ids(all)).toEqual(["d", "e"]);
    expect(all.programLeft()).toBe(false);
    all.reset();
    expect(all.isEmpty).toBe(true);
  });
});
