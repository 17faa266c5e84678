import { beforeEach, describe, expect, test } from "vitest";
import { type CorrectingWorld, correctState, type WrongState } from "../../../src/core/acts/correctState";
import type { ContextEntry } from "../../../src/core/model/entry";
import { OrchestratorError } from "../../../src/core/model/errors";
import { namedState } from "../../../src/core/model/namedState";
import { openEscalations } from "../../../src/core/model/projectState";
import { readSampleFacts } from "../../../src/core/model/sampleFacts";
import { nothingToDo } from "../../../src/core/model/remedy";
import type { RecentOutput, Screen, TerminalMode } from "../../../src/core/ports/sessions";
import type { SampleTexts } from "../../../src/core/ports/samples";
import { createRedactor } from "../../../src/core/safety/redaction";
import { checkRules } from "../../../src/core/sense/checkRules";
import { shippedCatalog } from "../../../src/core/sense/programs/catalog";
import { startedRule } from "../../../src/core/sense/startedRule";
import { FakeClock } from "../../support/fakeClock";
import { MemoryRecord } from "../../support/memoryRecord";
import { somebody } from "./actingFakes";

const name = "proj-alpha::builder::1";
const token = "ghp_abcdefghijklmnopqrstuvwxyz0123456789";
const lines = [`token ${token}`, "Overwrite all files? [y/N] "];

let clock: FakeClock;
let record: MemoryRecord;
let saved: SampleTexts[];
let failure: Error | undefined;

const screen: Screen = {
  lines: lines.map((text) => [{ text: text.slice(0, 8), bold: true }, { text: text.slice(8) }]),
  cursor: { row: 1, col: (lines[1] ?? "").length, visible: true },
  rows: 2,
  cols: 80,
  total_lines: 2,
  alternate_active: false,
};
const mode: TerminalMode = { echo: true, canonical: true, foreground: "deploy", statuses: [] };
const stream: RecentOutput = { text: lines.join("\r\n"), cut: false };
const server: WrongState["server"] = {
  screen: () => Promise.resolve(screen),
  terminalMode: () => Promise.resolve(mode),
  recentOutput: () => Promise.resolve(stream),
};

beforeEach(async () => {
  clock = new FakeClock();
  record = new MemoryRecord(clock);
  saved = [];
  failure = undefined;
  await record.append({
    kind: "session",
    actor: "engine",
    session_name: name,
    role: "builder",
    event: "created",
    state: "idle",
    text: "",
  });
  await record.append({
    kind: "state",
    actor: "engine",
    session_name: name,
    event: "sensed",
    state: "waiting",
    state_kind: "confirm",
    text: "It asks.",
  });
});

const correct = (right: string, isRecorded = true): ReturnType<typeof correctState> => {
  const context = record.state.sessions.get(name);
  if (!context) throw new Error("no session");
  return correctState(
    somebody(clock, new Set([1])),
    {
      server,
      wire: "proj-alpha.builder.1",
      name,
      right: namedState(right),
      ...(isRecorded ? { recorded: { record: record.open, context, isFollowed: true } } : {}),
    },
    {
      samples: {
        folder: "/samples",
        save: (sample) => {
          if (failure) return Promise.reject(failure);
          saved.push(sample);
          return Promise.resolve(`/samples/${sample.tool}/${sample.name}`);
        },
      },
      catalog: shippedCatalog,
      redactor: createRedactor({ key: "test" }),
      clock,
    },
  );
};

const question = (): Promise<ContextEntry> =>
  record.append({
    kind: "blocked",
    actor: "engine",
    session_name: name,
    event: "terminal_asks",
    text: "Overwrite?",
    human_attention_needed: true,
  });

describe("a state that a person says is wrong", () => {
  test("becomes a sample of the right one, without secrets, on which the rules find what they found", async () => {
    const { found, sample, told } = await correct("working");
    expect(told).toEqual({ state: "waiting", kind: "confirm" });
    expect(sample).toBe("/samples/non-agent/2026-01-01-00-00-00-waiting-confirm-is-working");
    expect(JSON.stringify(saved)).not.toContain(token.slice(6));
    const facts = readSampleFacts(saved[0]?.facts ?? "");
    expect(facts).toMatchObject({
      expected: "working",
      frame: { told: { state: "waiting" }, project_id: "alpha", echo: true },
      foreground_command: "deploy",
      cursor: { x: 27, y: 1 },
    });
    expect(saved[0]?.styled).toContain("\x1b[1mOverwrit\x1b[0me all files?");
    expect([found.state, found.kind]).toEqual(["waiting", "confirm"]);
  });

  test("closes the question that was asked by mistake, and the log says what was shown and what is right", async () => {
    const asked = await question();
    const { entry, closed } = await correct("working:server");
    expect(closed?.id).toBe(asked.id);
    expect(openEscalations(record.state)).toEqual([]);
    expect(entry).toMatchObject({
      kind: "note",
      event: "state_wrong",
      state: "working",
      state_kind: "server",
      told: { state: "waiting", state_kind: "confirm" },
      role: "builder",
      text: "ada says that builder::1 was working (server), and not waiting (confirm). Its question is closed.",
    });
    expect(record.state.sessions.get(name)).toMatchObject({ state: "working", state_kind: "server" });
  });

  test("that was no wait is the right one at once, by the screen that it was said of", async () => {
    const sensed = { kind: "state", actor: "engine", session_name: name, event: "sensed", text: "" };
    await record.append({ ...sensed, state: "limited", state_kind: "rate" });
    const { entry } = await correct("failed:network");
    expect(entry).toMatchObject({
      told: { state: "limited", state_kind: "rate" },
      shows: expect.any(String) as string,
    });
    expect(record.state.sessions.get(name)).toMatchObject({ state: "failed", state_kind: "network" });
    // What those that follow it find next counts again.
    await record.append({ ...sensed, state: "working" });
    expect(record.state.sessions.get(name)?.denied).toBeUndefined();
  });

  test("is a note only in a log of before, which did not say on which screen it was", async () => {
    const about = { kind: "note", actor: "human:ada", session_name: name, event: "state_wrong", text: "" };
    await record.append({ ...about, state: "idle", told: { state: "working" } });
    expect(record.state.sessions.get(name)?.state).toBe("waiting");
  });

  test("a wait of another kind stays a question, and the session stays as it is shown", async () => {
    await question();
    const { closed } = await correct("waiting:password");
    expect(closed).toBeUndefined();
    expect(openEscalations(record.state)).toHaveLength(1);
    expect(record.state.sessions.get(name)).toMatchObject({ state: "waiting", state_kind: "confirm" });
  });

  test("one that is shown already is refused, and nothing is saved", async () => {
    await expect(correct("waiting")).rejects.toThrow("builder::1 is waiting by its rules already");
    expect([saved, record.entries.length]).toEqual([[], 2]);
  });

  test("where the sample cannot be saved, the log says nothing and the question stays", async () => {
    failure = new OrchestratorError("disk_full", "The disk is full.", nothingToDo);
    await question();
    await expect(correct("idle")).rejects.toThrow("The disk is full.");
    expect(openEscalations(record.state)).toHaveLength(1);
  });

  test("a session of no project has a sample only", async () => {
    const { entry } = await correct("working", false);
    expect(entry).toBeUndefined();
    expect(readSampleFacts(saved[0]?.facts ?? "").frame?.project_id).toBeNull();
  });

  test("below a session nobody says so", async () => {
    const inside = { ...somebody(clock, new Set([1])), insideSession: name };
    await expect(
      correctState(inside, { server, wire: "w", name, right: namedState("idle") }, {} as CorrectingWorld),
    ).rejects.toMatchObject({ code: "needs_person" });
  });
});

test("a rule that is begun for it is one that a file may hold, and finds the right state", async () => {
  const { texts, right } = await correct("working");
  const { program, text } = startedRule(texts.screen, texts.facts, right, shippedCatalog);
  const [checked] = checkRules([{ file: "deploy.yaml", text }], shippedCatalog);
  expect([program, checked?.problems, checked?.examples]).toEqual(["deploy", [], 1]);
});

test.each([["  it's │ odd: $HOME (100%) [y/N] #"], ["'"], ["─── [x] {a} ───"], ["│ > \\ │"]])(
  "a rule is begun for a screen that ends with %s",
  (last) => {
    const facts = { tool: "claude", title: "it's", alternate: true, cursor: { x: 0, y: 1 } };
    const { text } = startedRule(`\n  first\n\n${last}\n\n`, facts, namedState("failed:server"), shippedCatalog);
    const [checked] = checkRules([{ file: "claude.yaml", text }], shippedCatalog);
    expect(checked?.problems).toEqual([]);
    expect(text).toContain("extends: shipped");
  },
);
