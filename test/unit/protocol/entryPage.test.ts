import { describe, expect, it } from "vitest";
import type { ContextEntry } from "../../../src/core/model/entry";
import { belongsTo, entryJson, entryPage, isReadWhole } from "../../../src/protocol/entryPage";
import { lineText, type PagePlace, type TextPage } from "../../../src/protocol/textPage";
import { asked, entry, history, picture, session } from "./rowScene";

const build = { task_id: "build", role: "builder", session_name: session };
const [, created, started, command] = history as [ContextEntry, ContextEntry, ContextEntry, ContextEntry];

const failed = entry(
  {
    kind: "result",
    ...build,
    command_id: "C",
    step: 0,
    outcome: "exited",
    exit_code: 2,
    duration_ms: 2000,
    output: "src/a.ts:3:1 wrong\nboom\n",
    text: "Failed after 2 s with exit code 2.",
  },
  5,
);
const over = entry(
  { kind: "task", ...build, event: "failed", state: "failed", exit_code: 2, text: "build failed." },
  5,
);
const question = entry({ ...asked, kind: "approval_needed", id: "QUESTION" }, 6);
const answer = entry(
  {
    kind: "answer",
    ...build,
    actor: "human:ada",
    answer: "skip",
    text: "skip",
    refs: [{ type: "entry", id: "QUESTION" }],
  },
  8,
);
const other = entry({ kind: "note", session_name: null, task_id: "lint", text: "elsewhere" }, 9);
const log = [...history, failed, over, question, answer, other];

function page(of: ContextEntry, all: readonly ContextEntry[] = log): TextPage {
  return entryPage({ picture: picture(all), entry: of, entries: all.filter(belongsTo(of)) });
}

function textOf({ lines }: TextPage): string {
  return lines.map(lineText).join("\n");
}

function placesOf({ lines }: TextPage): PagePlace[] {
  return lines.flatMap(({ parts }) => parts.flatMap(({ to }) => to ?? []));
}

describe("the page of an entry", () => {
  it("of a command and of its result has both, with all of the output, in the folder in which they ran", () => {
    for (const of of [command, failed]) {
      const shown = page(of);
      expect(textOf(shown)).toContain("\n$ make\nsrc/a.ts:3:1 wrong\nboom\n(Failed after 2 s with exit code 2.)\n");
      expect(shown.lines.find((line) => lineText(line).startsWith("src/a.ts"))?.style).toBe("output");
    }
    expect(page(command).sections[0]?.folder).toBe("/w");
    const elsewhere = { ...started, cwd: "/site/app" };
    const moved = log.map((each) => (each === started ? elsewhere : each));
    expect(page(failed, moved).sections[0]?.folder).toBe("/site/app");
    expect(textOf(page(failed))).toMatch(/^build: exit code 2, 2 s\nKind: +result\nTime: +2026-01-01 [\d:]+\n/);
  });

  it("says where the log lacks the other half of a command", () => {
    expect(textOf(page(command, log.slice(0, 4)))).toContain("$ make\n(Still running.)");
    expect(textOf(page(failed, [failed]))).toContain("The log does not have this command");
  });

  it("leads to the task's output, the session, and what came before and after; never to itself", () => {
    const places = placesOf(page(over));
    expect(places).toContainEqual({ kind: "output", task: "build" });
    expect(places).toContainEqual({ kind: "session", session });
    for (const each of [failed, question, answer]) expect(places).toContainEqual({ kind: "entry", id: each.id });
    expect(places).not.toContainEqual({ kind: "entry", id: other.id });
    expect(places.at(-1)).toEqual({ kind: "entryJson", id: over.id });
    const around = textOf(page(question));
    expect(around.indexOf("What came before")).toBeLessThan(around.indexOf("What followed"));
  });

  it("of a question has its command, what its answers do, who answered it, and leads to its review while it is open", () => {
    const open = page(question, log.slice(0, -2));
    expect(textOf(open)).toMatch(/It deletes files\.\n\$ rm -rf x\nAnswers: skip: .* · run: run the command\n/);
    expect(placesOf(open)).toContainEqual({ kind: "question", id: "QUESTION" });
    expect(placesOf(open)).not.toContainEqual({ kind: "entry", id: "QUESTION" });
    const closed = page(question);
    expect(textOf(closed)).toMatch(/\n\d\d:\d\d:08 {2}answered by ada: skip\n/);
    expect(placesOf(closed)).toContainEqual({ kind: "entry", id: answer.id });
    expect(placesOf(closed).some(({ kind }) => kind === "question")).toBe(false);
  });

  it("of an answer has its question", () => {
    const shown = page(answer);
    expect(textOf(shown)).toMatch(/\nAbout: +\S/);
    expect(textOf(shown)).toContain("It deletes files.\n$ rm -rf x\n");
    expect(placesOf(shown)).toContainEqual({ kind: "entry", id: "QUESTION" });
  });

  it("of a task's failure has its tries with their commands", () => {
    expect(textOf(page(over))).toMatch(
      /\nTries of build\nTry 1: failed, exit code 2\n {4}\$ make · Failed after 2 s with exit code 2\.\nAll output of build\n/,
    );
  });

  it("of a session has all that happened there, whatever task it was for", () => {
    expect(placesOf(page(created))).toContainEqual({ kind: "entry", id: started.id });
  });

  it("of a note has all of its text, in which files are looked for", () => {
    const text = `Look at these:\n${"word ".repeat(200)}\nsrc/a.ts:3`;
    const note = entry({ kind: "handoff", ...build, actor: "agent:codex", to: "reviewer", text }, 9);
    const shown = page(note, [...log, note]);
    expect(textOf(shown)).toContain(text.replace(/ \n/g, " \n"));
    expect(textOf(shown)).toMatch(/\nWritten by: +codex\nTo: +reviewer\n/);
    expect(shown.lines.find((line) => lineText(line) === "src/a.ts:3")?.style).toBe("output");
  });

  it("shows what it does not know, and what strangers wrote, as plain lines", () => {
    const strange = entry({ kind: "later", session_name: session, text: "a\u202eb\u001b[2Jc\nsecond" }, 9);
    expect(textOf(page(strange, [...log, strange]))).toMatch(/Kind: +later\n[^]*\nText\nabc\nsecond\n/);
    expect(lineText(page(strange).lines[0] ?? { style: "title", parts: [] })).not.toMatch(/[\u001b\u202e\n]/);
  });

  it("of one among thousands has its neighbours only, and only its own long texts", () => {
    const many = Array.from({ length: 4000 }, (_, index) =>
      entry({ kind: "note", ...build, text: `note ${index}` }, 10 + index),
    );
    const of = many[2000] as ContextEntry;
    const shown = page(of, [...log, ...many]);
    expect(shown.lines.length).toBeLessThan(60);
    expect(textOf(shown)).toContain("note 2020");
    expect([...log, command].filter(isReadWhole(failed)).map(({ id }) => id)).toEqual([
      command.id,
      failed.id,
      command.id,
    ]);
  });
});

describe("an entry as JSON", () => {
  it("is the same again when it is read, and has nothing that nobody sees", () => {
    const strange = entry({ kind: "note", text: "a\u202eb\u001bc\u{e0041}é 😀" });
    const text = entryJson(strange);
    expect(JSON.parse(text)).toEqual(strange);
    expect(text).not.toMatch(/[\p{Cf}\u001b]/u);
    expect(text).toContain("é 😀");
  });
});
