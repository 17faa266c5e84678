import { describe, expect, it } from "vitest";
import type { ContextEntry } from "../../../src/core/model/entry";
import { shippedCatalog } from "../../../src/core/sense/programs/catalog";
import { recordedProgram } from "../../../src/core/session/recordedProgram";
import { senseOnce } from "../../../src/core/session/sensedTerminal";

const session_name = "proj::a::1";
const sent = (input: string, more: Partial<ContextEntry> = {}): ContextEntry => ({
  v: 1,
  id: "1",
  ts: "2026-11-30T10:00:00.000Z",
  project_id: "p",
  session_name,
  actor: "engine",
  kind: "command",
  text: input,
  input,
  command_id: "c",
  ...more,
});
const open = (entry: ContextEntry): { openCommands: Map<string, ContextEntry> } => ({
  openCommands: new Map([["c", entry]]),
});

describe("the program in a session, by the record", () => {
  it("is what a run has started there and follows", () => {
    expect(recordedProgram(open(sent("cd site && less notes", { task_id: "t" })), { session_name })).toEqual({
      started: "less",
      running: true,
      evidence: [{ signal: "record", rule: "open_command", lines: ["cd site && less notes"] }],
    });
  });

  it("may have ended where nobody follows it", () => {
    expect(recordedProgram(open(sent("less notes")), { session_name })).toMatchObject({ started: "less" });
    expect(recordedProgram(open(sent("less notes")), { session_name })).not.toHaveProperty("running");
  });

  it("is the one of a role, and runs as long as its session does", () => {
    const program = { name: "claude" };
    const session = { session_name, mode: "program", program } as const;
    expect(recordedProgram(open(sent("hello")), session)).toEqual({ started: "claude", running: true, evidence: [] });
  });

  it("is unknown where nothing runs there", () => {
    expect(recordedProgram(open(sent("less notes", { session_name: "proj::b::1" })), { session_name })).toEqual({
      evidence: [],
    });
  });

  it("tells more than a screen alone, where the server tells no more than that", () => {
    const screen = {
      lines: ["$ tail -f build.log", "compiled in 3 s", ""],
      cols: 80,
      rows: 24,
      cursor: { row: 2, col: 0, visible: true },
      alternate_active: false,
    } as unknown as Parameters<typeof senseOnce>[0];
    const runs = recordedProgram(open(sent("tail -f build.log", { task_id: "t" })), { session_name });
    expect(senseOnce(screen, {}, shippedCatalog).state).toBe("unclear");
    expect(senseOnce(screen, runs, shippedCatalog)).toMatchObject({ state: "working", program: { name: "tail" } });
  });
});
