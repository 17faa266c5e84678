import { describe, expect, it } from "vitest";
import type { ContextEntry } from "../../../src/core/model/entry";
import type { LiveOutput } from "../../../src/protocol/commandText";
import { belowCommand, taskOutput, type TaskOutput } from "../../../src/protocol/taskOutput";
import { taskTries } from "../../../src/protocol/taskTries";
import { lineText } from "../../../src/protocol/textPage";
import { entry, history, picture, session, start } from "./rowScene";

const build = { task_id: "build", role: "builder", session_name: session };

function started(attempt: number, second: number, more: Partial<ContextEntry> = {}): ContextEntry {
  return entry({ kind: "task", ...build, event: "started", state: "running", attempt, ...more }, second);
}

function command(id: string, input: string, second: number, more: Partial<ContextEntry> = {}): ContextEntry {
  return entry({ kind: "command", ...build, command_id: id, step: 0, input, text: `build: ${input}`, ...more }, second);
}

function result(id: string, exit_code: number, output: string, second: number, more = {}): ContextEntry {
  const text = exit_code === 0 ? "Succeeded after 2 s." : `Failed after 2 s with exit code ${exit_code}.`;
  return entry(
    { kind: "result", ...build, command_id: id, step: 0, outcome: "exited", exit_code, output, text, ...more },
    second,
  );
}

function ended(state: string, second: number, exit_code: number | null = null): ContextEntry {
  return entry({ kind: "task", ...build, event: state, state, exit_code, text: `build ${state}.` }, second);
}

const twoTries = [
  started(1, 2, { cwd: "/site/app" }),
  command("one", "npm test", 3),
  result("one", 2, "src/a.ts:3:1 wrong\nboom", 5),
  started(2, 10),
  command("two", "npm test", 11),
  result("two", 0, "all good", 13),
  ended("succeeded", 13, 0),
];

function page(entries: readonly ContextEntry[], live?: LiveOutput, before = history.slice(0, 2)): TaskOutput {
  const all = [...before, ...entries];
  const own = all.filter(({ task_id }) => task_id === "build");
  return taskOutput({ picture: picture(all), task: "build", entries: own, live, now: start + 60_000 });
}

function textOf({ lines }: TaskOutput): string {
  return lines.map(lineText).join("\n");
}

describe("the tries of a task", () => {
  it("are told apart, also those of a later run, and go on under another process", () => {
    const again = [
      started(1, 20),
      command("three", "npm test", 21),
      started(1, 30, { step: 0 }),
      result("three", 0, "", 31),
      ended("succeeded", 32, 0),
    ];
    const tries = taskTries([...twoTries, ...again]);
    expect(tries.map(({ run, attempt, commands }) => [run, attempt, commands.length])).toEqual([
      [1, 1, 1],
      [1, 2, 1],
      [2, 1, 1],
    ]);
    expect(tries[2]?.commands[0]?.result?.exit_code).toBe(0);
  });

  it("have commands that prepare the session only where they failed", () => {
    const prepared = (exit: number): ContextEntry[] => [
      started(1, 1),
      command("cd", "cd /site", 2, { step: undefined }),
      result("cd", exit, "", 3, { step: undefined }),
    ];
    expect(taskTries(prepared(0))[0]?.commands).toEqual([]);
    expect(taskTries(prepared(1))[0]?.commands).toHaveLength(1);
  });
});

describe("the output of a task", () => {
  it("has its tries with command, session, times, folder, output and how each ended", () => {
    const shown = page(twoTries);
    const text = textOf(shown);
    expect(text).toMatch(/^build \(alpha\)\nsucceeded · 2 tries · role builder\n/);
    expect(text).toMatch(/\nTry 1: failed, exit code 2\nStarted: +2026-01-01 [\d:]+\n/);
    expect(text).toMatch(
      /Duration: +3 s\nSession: +builder::1\nFolder: +\/site\/app\n\n\$ npm test\nsrc\/a\.ts:3:1 wrong\nboom\n\(Failed after 2 s with exit code 2\.\)/,
    );
    expect(text).toMatch(/\nTry 2: succeeded\n[^]*\$ npm test\nall good\n\(Succeeded after 2 s\.\)$/);
    expect(shown.sections.map(({ folder }) => folder)).toEqual(["/site/app", "/w"]);
    for (const { title, from, to } of shown.sections) {
      expect(lineText(shown.lines[from] ?? { style: "text", parts: [] })).toBe(title);
      expect(shown.lines[to]).toBeDefined();
    }
    expect(shown.runsIn).toBeUndefined();
  });

  it("leads to the session and to an open question, and its texts hold no control characters", () => {
    const asks = entry(
      { kind: "error", human_attention_needed: true, ...build, reason: "x", text: "build failed." },
      9,
    );
    const shown = page([...twoTries.slice(0, 3), ended("failed", 6, 2), asks]);
    const places = shown.lines.flatMap(({ parts }) => parts.flatMap(({ to }) => to ?? []));
    expect(places).toContainEqual({ kind: "session", session });
    expect(places).toContainEqual({ kind: "question", id: asks.id });
    expect(textOf(page([started(1, 1), command("c", "cat x", 2), result("c", 0, "a\u202eb\u001b[2Jc", 3)]))).toContain(
      "abc",
    );
  });

  it("says that the log has only the end of the output, and offers the session while it lives", () => {
    const cut = [started(1, 2), command("one", "make", 3), result("one", 0, "the end", 5, { complete: false })];
    const offers = (shown: TaskOutput): boolean =>
      shown.lines.some(({ parts }) => parts.some(({ to }) => to?.kind === "sessionText"));
    expect(textOf(page(cut))).toMatch(
      /\(The log has only the end of this output\. Show all that builder::1 still has\)\nthe end/,
    );
    expect(offers(page(cut))).toBe(true);
    const over = entry({ kind: "session", ...build, event: "ended", state: "exited", text: "ended" }, 9);
    expect(textOf(page([...cut, over]))).toMatch(/\(The log has only the end of this output\.\)\nthe end/);
    expect(offers(page([...cut, over]))).toBe(false);
  });

  it("shows what the session of a running command shows, and why it cannot", () => {
    const running = [started(1, 2), command("one", "make", 3)];
    expect(page(running).runsIn).toBe(session);
    const live = page(running, { is: "shown", lines: ["compiling"], whole: true });
    expect(textOf(live)).toMatch(
      /Try 1: running[^]*Duration: +58 s[^]*\$ make\ncompiling\n\(Still running\. This page follows\.\)$/,
    );
    expect(textOf(page(running, { is: "unreachable", why: "No answer." }))).toContain(
      "cannot be shown now: No answer.",
    );
  });

  it("says so where nothing was tried, and of a task that is not in the log", () => {
    expect(textOf(page([]))).toBe("build (alpha)\nThis task is not in the log.");
    const planned = entry({ kind: "task", ...build, event: "planned", state: "pending", text: "build is pending." });
    expect(textOf(page([planned]))).toContain("pending · not tried yet");
  });
});

describe("what stands below a command", () => {
  it("begins behind the last place where the command was typed", () => {
    expect(belowCommand(["$ make", "old", "$ make", "new"], "make")).toEqual({ lines: ["new"], whole: true });
    expect(belowCommand(["a", "b"], "make")).toEqual({ lines: ["a", "b"], whole: false });
  });
});
