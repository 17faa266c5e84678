import { beforeEach, describe, expect, it } from "vitest";
import type { ContextEntry } from "../../../src/core/model/entry";
import { terminalAsksEvent } from "../../../src/core/model/entryKinds";
import { openEscalations } from "../../../src/core/model/projectState";
import { Consents } from "../../../src/core/safety/consent";
import { shippedCatalog } from "../../../src/core/sense/programs/catalog";
import { senseTerminal } from "../../../src/core/sense/senseTerminal";
import type { TerminalFacts } from "../../../src/core/sense/terminalFacts";
import type { OpenSession } from "../../../src/core/session/openSession";
import { promptOf, sensedState } from "../../../src/core/session/sensedTerminal";
import { TerminalQuestions } from "../../../src/core/session/terminalQuestions";
import { FakeClock } from "../../support/fakeClock";
import { MemoryRecord } from "../../support/memoryRecord";
import { silentLogger } from "../../support/systemClock";
import { recordings } from "../../support/recordedScreens";
import { testConsents } from "../../support/testConsents";

const name = "proj-alpha::worker::1";
const session = { name, role: { name: "worker", env: {}, count: 1 } } as unknown as OpenSession;

let clock: FakeClock;
let record: MemoryRecord;
let questions: TerminalQuestions;

beforeEach(async () => {
  clock = new FakeClock();
  record = new MemoryRecord(clock);
  const consents = new Consents(testConsents(), clock, { workspace: "/site", project_id: "alpha" });
  questions = new TerminalQuestions(session, { record, clock, logger: silentLogger, consents });
  await record.append({
    kind: "session",
    actor: "engine",
    session_name: name,
    event: "created",
    state: "idle",
    text: "",
  });
});

/** The screen ends with this text, and the record says what that is. */
async function shows(text: string, more: Partial<TerminalFacts> = {}): Promise<void> {
  await record.append({
    kind: "state",
    actor: "engine",
    session_name: name,
    event: "sensed",
    state: senseTerminal(screenOf(text), shippedCatalog).state,
    text: "",
  });
  looks(text, more);
}

/** It is looked at. */
function looks(text: string, more: Partial<TerminalFacts> = {}): void {
  const facts = { ...screenOf(text), ...more };
  const sensed = senseTerminal(facts, shippedCatalog);
  questions.see(
    { ...sensedState(sensed, shippedCatalog), by: "screen" },
    sensed.state === "waiting" ? shippedCatalog.askedBy(sensed.evidence[0]?.rule ?? "", facts) : undefined,
  );
}

function screenOf(text: string): TerminalFacts {
  const cursor = { row: 0, col: text.length, visible: true };
  return { lines: [text.trimEnd()], cols: 80, cursor, alternate: false, scrolled: 0, running: true };
}

const asked = (): ContextEntry[] => record.entries.filter(({ event }) => event === terminalAsksEvent);
const open = (): string[] => openEscalations(record.state).map(({ text }) => text);
const answer = (to: ContextEntry): Promise<ContextEntry> =>
  record.append({
    kind: "answer",
    actor: "human:ada",
    session_name: to.session_name,
    text: "",
    answer: "y",
    refs: [{ type: "entry", id: to.id }],
  });

/** The newest question is answered, and the answer's keys are typed. */
async function typed(): Promise<void> {
  const question = asked().at(-1) as ContextEntry;
  await answer(question);
  await record.append({
    kind: "note",
    actor: "human:ada",
    session_name: name,
    event: "answer_typed",
    text: "",
    refs: [{ type: "entry", id: question.id }],
  });
}

describe("what a program asks in its session", () => {
  it("is asked once, after it has stood for a second, with its words and answers", async () => {
    await shows("Delete a? [y/N] ");
    await clock.advanceAsync(900);
    expect(asked()).toEqual([]);
    await clock.advanceAsync(200);
    await shows("Delete a? [y/N] ");
    await clock.advanceAsync(60_000);
    expect(asked()).toHaveLength(1);
    expect(asked()[0]).toMatchObject({
      kind: "blocked",
      session_name: name,
      state_kind: "confirm",
      options: ["y", "n"],
      answer_form: "line",
      human_attention_needed: true,
    });
    expect(asked()[0]?.text).toContain("Delete a? [y/N]");
  });

  it("is nobody's question where somebody answers within that second", async () => {
    await shows("Delete a? [y/N] ");
    await clock.advanceAsync(800);
    await shows("Compiling 12 files");
    await clock.advanceAsync(60_000);
    expect(asked()).toEqual([]);
  });

  it("is the same question while somebody types there, and closed when the program continues", async () => {
    await shows("Delete a? [y/N] ");
    await clock.advanceAsync(2000);
    await shows("Delete a? [y/N] ye");
    await clock.advanceAsync(2000);
    expect(open()).toHaveLength(1);
    await shows("Deleting 12 %");
    expect([asked().length, open()]).toEqual([1, []]);
  });

  it("takes the place of what was asked before", async () => {
    await shows("Delete a? [y/N] ");
    await clock.advanceAsync(2000);
    await shows("Delete b? [y/N] ");
    await clock.advanceAsync(2000);
    expect(asked()).toHaveLength(2);
    expect(open()).toEqual([expect.stringContaining("Delete b?")]);
  });

  it("is asked again where an answer was never typed, and not while it may be", async () => {
    await shows("Delete a? [y/N] ");
    await clock.advanceAsync(2000);
    await answer(asked()[0] as ContextEntry);
    await clock.advanceAsync(4000);
    expect(asked()).toHaveLength(1);
    await clock.advanceAsync(3000);
    expect([asked().length, open().length]).toEqual([2, 1]);
  });

  it("is not asked again while its answer is being typed, which may take its time", async () => {
    await shows("? Paste your authentication token: ");
    await clock.advanceAsync(1000);
    await answer(asked()[0] as ContextEntry);
    looks("? Paste your authentication token: *");
    await clock.advanceAsync(3000);
    expect(asked()).toHaveLength(1);
    await clock.advanceAsync(3000);
    expect(asked()).toHaveLength(2);
  });

  it("is asked again where something was sent there, and the same still stands", async () => {
    await shows("Delete a? [y/N] ");
    await clock.advanceAsync(2000);
    await record.append({ kind: "command", actor: "human:ada", session_name: name, text: "ada: x", input: "x" });
    expect(open()).toEqual([]);
    await shows("Delete a? [y/N] ");
    await clock.advanceAsync(10_000);
    expect([asked().length, open().length]).toEqual([2, 1]);
  });

  it("is another question where Enter was typed, and the very same words stand there", async () => {
    await shows("Delete a? [y/N] ", { entered: 1 });
    await clock.advanceAsync(2000);
    await shows("Delete a? [y/N] ", { entered: 2 });
    await clock.advanceAsync(2000);
    expect([asked().length, open().length]).toEqual([2, 1]);
    await shows("Delete a? [y/N] ye", { entered: 2 });
    await clock.advanceAsync(2000);
    expect(asked()).toHaveLength(2);
  });

  it("is not asked again while its program has not taken the answer yet, but after that", async () => {
    await shows("Delete a? [y/N] ", { entered: 1 });
    await clock.advanceAsync(2000);
    await typed();
    await shows("Delete a? [y/N] ", { entered: 2 });
    await clock.advanceAsync(4000);
    expect(asked()).toHaveLength(1);
    await clock.advanceAsync(2000);
    expect([asked().length, open().length]).toEqual([2, 1]);
  });

  it("is another question where its program did something else after the answer, and asks the very same again", async () => {
    await shows("Delete a? [y/N] ", { entered: 1 });
    await clock.advanceAsync(2000);
    await typed();
    await shows("Deleting 12 %", { entered: 2 });
    await shows("Delete a? [y/N] ", { entered: 2 });
    await clock.advanceAsync(1100);
    expect([asked().length, open().length]).toEqual([2, 1]);
  });

  it("is not asked again while the same stands there that a person said is no question", async () => {
    await shows("Delete a? [y/N] ");
    await clock.advanceAsync(2000);
    const [question] = asked();
    await record.append({
      kind: "note",
      actor: "human:ada",
      session_name: name,
      event: "state_wrong",
      state: "working",
      told: { state: "waiting", state_kind: "confirm" },
      screen: question?.screen,
      text: "ada says that it works.",
    });
    expect([open(), record.state.sessions.get(name)?.state]).toEqual([[], "working"]);
    looks("Delete a? [y/N] ");
    await clock.advanceAsync(60_000);
    expect(asked()).toHaveLength(1);
    looks("Delete b? [y/N] ");
    await clock.advanceAsync(2000);
    expect(asked()).toHaveLength(2);
  });

  it("is left to the question of a task there, and asked after that if it still stands", async () => {
    await shows("Delete a? [y/N] ");
    await clock.advanceAsync(2000);
    const task = await record.append({
      kind: "blocked",
      actor: "engine",
      session_name: name,
      task_id: "build",
      text: "build is blocked.",
      human_attention_needed: true,
      options: ["retry", "skip"],
    });
    expect(open()).toEqual(["build is blocked."]);
    await shows("Delete b? [y/N] ");
    await clock.advanceAsync(60_000);
    expect(asked()).toHaveLength(1);
    await answer(task);
    await clock.advanceAsync(10_000);
    expect(open()).toEqual([expect.stringContaining("Delete b?")]);
  });

  it("names no answers where a secret is asked for", async () => {
    await shows("Password: ");
    await clock.advanceAsync(2000);
    expect(asked()[0]).toMatchObject({ state_kind: "password", secret_answer: true, options: [] });
  });
});

describe("the dialog of an agent", () => {
  const dialog = (agent: string, screen: string): TerminalFacts => {
    const found = recordings(agent).find((each) => each.name === screen);
    if (!found) throw new Error(`There is no screen ${screen}.`);
    return found.facts;
  };
  const see = (facts: TerminalFacts): void => {
    const sensed = senseTerminal(facts, shippedCatalog);
    questions.see({ ...sensedState(sensed, shippedCatalog), by: "screen" }, promptOf(sensed, facts, shippedCatalog));
  };

  it("is a question soon, with all of what it asks to allow beside its words, and its own choices", async () => {
    see(dialog("claude", "approval-long-command-newer-80"));
    await clock.advanceAsync(600);
    expect(asked()).toMatchObject([
      {
        kind: "approval_needed",
        state_kind: "permission",
        answer_form: "list",
        input: expect.stringMatching(
          /^cd stations && for s .*\n {2}echo "reading \$s" [^]*\ndone\n[^]*\[y\/N\]$/,
        ) as string,
        options: ["1. Yes", expect.stringMatching(/^2\. Yes, and switch to auto mode/) as string, "3. No"],
      },
    ]);
    expect(asked()[0]?.text).toMatch(/^Claude Code .*\nBash command\n[^]*\nDo you want to proceed\?\n$/);
    expect(asked()[0]?.text).not.toContain("echo");
  });

  it("is another question about another command, however alike the rest is", async () => {
    const facts = dialog("codex", "approve-shell");
    see(facts);
    await clock.advanceAsync(600);
    see({ ...facts, lines: facts.lines.map((line) => line.replace("$ rm -rf build", "$ rm -rf /etc/")) });
    await clock.advanceAsync(600);
    expect(asked().map(({ input }) => input)).toEqual(["rm -rf build", "rm -rf /etc/"]);
  });

  it("says where its screen has only a part of it, and is answered there", async () => {
    see(dialog("gemini", "seen-56-p-bigedit-170"));
    await clock.advanceAsync(600);
    expect(asked()[0]?.text).toContain("Its screen shows only a part of it.");
    expect(asked()[0]).not.toHaveProperty("answer_form");
  });

  it("is a question of its program's own word, too, where no rule knows its screen", async () => {
    const message = "approve Bash: rm -rf build";
    const statuses = [{ state: "blocked", kind: "permission", app: "new-agent", id: "", message }] as const;
    see({ ...screenOf("A screen like no other"), statuses });
    await clock.advanceAsync(600);
    expect(asked()).toMatchObject([{ kind: "approval_needed", text: expect.stringContaining(message) as string }]);
    expect(asked()[0]).not.toHaveProperty("answer_form");
  });
});
