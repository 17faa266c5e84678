import { describe, expect, it } from "vitest";
import { mirrorChecks, overviewChecks, pageRequestSchema, readKeptMirror } from "../../../src/protocol/pageChecks";
import { pastedText } from "../../../src/protocol/pastedText";

const accepts = (name: keyof typeof mirrorChecks, params: unknown): boolean =>
  mirrorChecks[name].safeParse(params).success;

describe("messages of a page", () => {
  it("are taken as the contract has them", () => {
    expect(pageRequestSchema.safeParse({ kind: "request", id: 1, name: "ready", params: {} }).success).toBe(true);
    expect([
      accepts("ready", {}),
      accepts("keys", { text: "\x1b[A" }),
      accepts("history", { lines: 500 }),
      accepts("fit", { rows: 24, cols: 80 }),
    ]).toEqual([true, true, true, true]);
    expect(overviewChecks.watch.safeParse({ ids: ["a"] }).success).toBe(true);
  });

  it("are refused when they are anything else", () => {
    const hostile: unknown[] = [
      null,
      undefined,
      1,
      "ready",
      [],
      { kind: "event", id: 1, name: "x" },
      { kind: "request", id: "1", name: "ready", params: {} },
      { kind: "request", id: -1, name: "ready", params: {} },
      { kind: "request", id: 1, name: "x".repeat(101), params: {} },
      { kind: "request", id: 1, name: "ready", params: {}, more: 1 },
    ];
    expect(hostile.map((each) => pageRequestSchema.safeParse(each).success)).toEqual(hostile.map(() => false));
    expect([
      accepts("ready", { more: 1 }),
      accepts("keys", {}),
      accepts("keys", { text: 1 }),
      accepts("keys", { text: "x".repeat(10_001) }),
      accepts("paste", { text: "x".repeat(1_000_001) }),
    ]).toEqual(Array(5).fill(false));
    expect([
      accepts("history", { lines: 10_001 }),
      accepts("history", { lines: 0 }),
      accepts("fit", { rows: 0, cols: 80 }),
      accepts("fit", { rows: 24, cols: 1001 }),
      accepts("fit", { rows: 1.5, cols: 80 }),
    ]).toEqual(Array(5).fill(false));
    expect(overviewChecks.watch.safeParse({ ids: Array.from({ length: 201 }, String) }).success).toBe(false);
  });

  it("are known by their own names only", () => {
    expect(["constructor", "__proto__", "toString"].map((name) => Object.hasOwn(mirrorChecks, name))).toEqual([
      false,
      false,
      false,
    ]);
  });

  it("bring back a panel only from what was kept of a mirror", () => {
    const identity = { session: "proj-a::b::1", project_id: "a", folder: "ws-1" };
    expect(readKeptMirror({ identity, view: { zoom: 2, paused: false, spoken: true } })?.identity).toEqual(identity);
    expect(
      [
        undefined,
        null,
        {},
        { identity: { ...identity, session: 1 } },
        { identity: { ...identity, folder: "x".repeat(101) } },
      ].map(readKeptMirror),
    ).toEqual(Array(5).fill(undefined));
  });
});

describe("a paste", () => {
  it("has brackets where the program asked for them, and nothing in it ends them", () => {
    expect(pastedText("one\ntwo\r\nthree", [])).toBe("one\rtwo\rthree");
    expect(pastedText("a\x1b[201~rm -rf /\x03\n\tb", [2004])).toBe("\x1b[200~a[201~rm -rf /\r\tb\x1b[201~");
  });
});
