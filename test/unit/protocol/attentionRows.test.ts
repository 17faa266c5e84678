import { needRows } from "../../../src/protocol/needRows";
import { describe, expect, it } from "vitest";
import type { ContextEntry } from "../../../src/core/model/entry";
import { attentionRow, namesOf, openQuestions, questionSentence } from "../../../src/protocol/attentionRows";
import { deadlineWords } from "../../../src/protocol/deadlineWords";
import { questionText } from "../../../src/protocol/questionText";
import type { RunnerView } from "../../../src/protocol/projectRows";
import { asked, entry, history, picture, start } from "./rowScene";

describe("open questions", () => {
  it("name the session first, then why, then the command", () => {
    const [question] = openQuestions([picture([...history, asked])]);
    expect(question && questionSentence(question, start)).toBe(
      "builder::1 (alpha) wants to run: rm -rf x — It deletes files.",
    );
    expect(question && attentionRow(question, start + 10_000)).toMatchObject({
      label: "Run rm -rf x?",
      description: "builder::1 (alpha) · asked 5 s ago · It deletes files.",
    });
  });

  it("about a role say what its sessions are to be started with", () => {
    const settings = { ...asked, step: -1, role: "worker", input: "PAGER=rm -rf x" };
    const [question] = openQuestions([picture([...history, settings])]);
    expect(question && questionSentence(question, start)).toContain(
      " wants to start sessions of the role worker with: PAGER=rm -rf x — ",
    );
    const made = picture([...history, settings]);
    const escalation = made.state.escalations.get(asked.id);
    const text = escalation ? questionText(made, escalation, start) : "";
    expect(text).toContain(" wants to start sessions of the role worker with:\n\n    PAGER=rm -rf x\n");
    expect(text).toContain("run: start the sessions");
  });

  it("are gone once they are answered; the answer stays until a run has applied it, and says what it waits for", () => {
    const answer = entry(
      { kind: "answer", actor: "human:ada", answer: "run", refs: [{ type: "entry", id: asked.id }], text: "run" },
      6,
    );
    const answered = [...history, asked, answer];
    expect(openQuestions([picture(answered)])).toEqual([]);
    const words = (runner: RunnerView, ...more: ContextEntry[]): string[] =>
      needRows([picture([...answered, ...more], runner)], start).map((row) => `${row.context}: ${row.description}`);
    expect(words({ who: "nobody" })).toEqual([
      "question+answered: builder::1 (alpha) · answered by ada: run · alpha is not running",
    ]);
    expect(words({ who: "other", name: "process 7", gone: true })).toEqual([
      "question+answered: builder::1 (alpha) · answered by ada: run · alpha is not running",
    ]);
    expect(words({ who: "other", name: "process 7", gone: false })).toEqual([
      "question+answered+running: builder::1 (alpha) · answered by ada: run · not applied yet by process 7",
    ]);
    expect(
      words(
        { who: "this_window" },
        entry(
          { kind: "task", task_id: "build", state: "running", event: "started", attempt: 1, text: "build runs" },
          7,
        ),
      ),
    ).toEqual([]);
    expect(words({ who: "nobody" }, entry({ kind: "project", state: "done", text: "done" }, 8))).toEqual([]);
  });

  it("say how much time is left, and what counts afterwards", () => {
    const until = (seconds: number, more: Partial<ContextEntry> = {}): string | undefined =>
      deadlineWords({ ...asked, deadline: new Date(start + seconds * 1000).toISOString(), ...more }, start);
    expect([until(45), until(100, { default: "skip" }), until(7200), until(-1), until(0, { default: "skip" })]).toEqual(
      [
        "answer within 45 s",
        "answer within 2 min, else: skip",
        "answer within 2 h",
        "time is up",
        "time is up, so the answer is: skip",
      ],
    );
    expect([deadlineWords(asked, start), deadlineWords({ ...asked, deadline: "soon" }, start)]).toEqual([
      undefined,
      undefined,
    ]);
    const [question] = openQuestions([
      picture([...history, { ...asked, deadline: new Date(start + 45_000).toISOString(), default: "skip" }]),
    ]);
    expect(question && questionSentence(question, start)).toBe(
      "builder::1 (alpha) wants to run: rm -rf x — It deletes files. (answer within 45 s, else: skip)",
    );
    expect(question && attentionRow(question, start + 10_000).spoken).toContain("answer within 35 s, else: skip");
  });

  it("are named in a few words when there are many", () => {
    const [one] = openQuestions([picture([...history, asked])]);
    expect(one && namesOf(["a", "b", "c", "d", "e"].map((who) => ({ ...one, who })))).toBe(
      "a (alpha), b (alpha), c (alpha) and 2 more",
    );
  });

  it("are read as a page that hides nothing and tells what became of them", () => {
    const input = "echo \u001b[8mhidden\u001b[0m\u202e\n  rm -rf x";
    const asking = { ...asked, input, rule: "rm-recursive", id: "ASKED" };
    const about = { refs: [{ type: "entry", id: "ASKED" }] };
    const told = entry(
      { kind: "delivery", event: "delivered", attempt: 1, text: "A window tells of it.", ...about },
      6,
    );
    const seen = entry(
      {
        kind: "delivery",
        actor: "human:ada",
        event: "snoozed",
        expires_at: new Date(start + 600_000).toISOString(),
        text: "No message tells of this question for 10 minutes.",
        ...about,
      },
      7,
    );
    const answer = entry(
      { kind: "answer", actor: "human:ada", answer: "skip", text: "human:ada answered: skip", ...about },
      8,
    );
    const made = picture([...history, asking, told, seen, answer], { who: "nobody" });
    const escalation = made.state.escalations.get("ASKED");
    const text = escalation ? questionText(made, escalation, start) : "";
    expect(text).toContain(
      "builder::1 (alpha)\n\nIt deletes files.\n\nbuilder::1 wants to run:\n\n    echo <U+001B>[8mhidden<U+001B>[0m<U+202E>\n      rm -rf x\n",
    );
    expect(text).toMatch(
      /Asked by: wsh Orchestrator\nRule: +rm-recursive\nAnswers: +skip: skip the task and every task that needs it · run: run the command\n/,
    );
    const clock = /\d\d:\d\d:\d\d/g;
    expect(text.slice(text.search(clock)).replaceAll(clock, "TIME")).toBe(
      "TIME  asked\nTIME  snoozed by ada until TIME\nTIME  answered by ada: skip\n          alpha is not running\n",
    );
    expect(text).not.toMatch(/[^\n\P{Control}]|\u202e/u);
  });
});
