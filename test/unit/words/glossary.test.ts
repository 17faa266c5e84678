import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { faultsIn } from "./forbiddenWords.js";
import {
  sentencesOfCode,
  sentencesOfManifest,
  sentencesOfMarkdown,
  sentencesOfPlan,
  visibleText,
} from "./visibleText.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));

describe("the sentences of the product", () => {
  const all = visibleText(root);

  it("are found in code, pages, manifest and documents", () => {
    const files = new Set(all.map(({ file }) => file));
    for (const file of [
      "src/cli/remedyText.ts",
      "src/core/record/lease.ts",
      "src/extension/remedies.ts",
      "README.md",
      "media/walkthrough/tour.md",
      "media/templates/build-and-review.yaml",
    ]) {
      expect(files).toContain(file);
    }
    expect(all.length).toBeGreaterThan(1000);
  });

  it("use the words of the glossary", () => {
    expect(all.flatMap(faultsIn)).toEqual([]);
  });
});

const sentence = (text: string): string[] => [...faultsIn({ file: "src/x.ts", line: 1, text })];

describe("the glossary", () => {
  it.each([
    ["Nobody drives alpha.", '"drives"'],
    ["alpha is driven by ada", '"driven"'],
    ["Its driver takes it up…", '"takes it up"'],
    ["Diary: log alpha", '"Diary"'],
    ["The record of alpha cannot be read.", '"record"'],
    ["What runs there goes on.", '"goes on"'],
    ["a project of that name is gone on with", '"gone on"'],
    ["The session is gone.", '"gone"'],
    ["The server is back.", '"is back"'],
    ["its time is over", '"is over"'],
    ["It begins anew.", '"anew"'],
    ["somebody else took the name", '"somebody"'],
    ["What is to be reached?", '"is to be"'],
    ["Seconds between signs of life", '"signs of life"'],
    ["test counts as skipped", '"counts as"'],
    ["build waits for a person.", '"waits for a person"'],
    ["A window tells of the question.", '"tells of"'],
    ["its exit code is not told", '"told"'],
    ['"7" is no exit code', '"is no "'],
    ["done, 0 of 1 tasks succeeded", '"1 tasks"'],
    ["1 sessions ended", '"1 sessions"'],
    ["… sessions are open", '"… sessions"'],
    ["See the log for information..", '".."'],
    ["Wait...", '"..."'],
    ["human:ada stopped the project.", '"human:"'],
  ])("refuses: %s", (text, found) => {
    expect(sentence(text).join("\n")).toContain(`src/x.ts:1: ${found} → `);
  });

  it.each([
    "alpha is not running.",
    "Answer saved. alpha is not running.",
    "The log of alpha cannot be read.",
    "There is no session builder::1.",
    "There is no longer a session of that name.",
    "A recording of the session is in recordings.",
    "idle when its shell is back at the prompt",
    "11 tasks, 21 sessions, 3.1 seconds",
    "there are more than 1,000 tasks",
    "There are at most … sessions.",
    "See the sessions with: … sessions --all",
    "1 of 2 tasks succeeded.",
    "Type an address…",
    "../plan.yaml is outside of the folder",
    "Which session needs your answer?",
  ])("accepts: %s", (text) => {
    expect(sentence(text)).toEqual([]);
  });

  it("says which word to use instead, where, and in what sentence", () => {
    expect(faultsIn({ file: "src/a.ts", line: 7, text: "No driver holds alpha." })).toEqual([
      'src/a.ts:7: "driver" → run, running, runs; for who does it: process 812: No driver holds alpha.',
    ]);
  });

  it("finds words that a line ends between, at their own line", () => {
    expect(faultsIn({ file: "README.md", line: 3, text: "One line.\nWhat runs goes\n  on there." })[0]).toMatch(
      /^README\.md:4: /,
    );
  });
});

describe("a sentence", () => {
  const texts = (source: string): string[] => sentencesOfCode("a.ts", source).map(({ text }) => text);

  it("is a string or template of two words", () => {
    expect(texts('say("Nothing is open.");\nconst kind = "driver";\nsay(`${name} is running`);')).toEqual([
      "Nothing is open.",
      "… is running",
    ]);
  });

  it("is found inside of a template as well", () => {
    expect(texts('say(`${name}${on ? " is running" : ""}.`);')).toContain(" is running");
  });

  it("is no path, type or pattern, and no command that a rule is tried with", () => {
    expect(
      texts(
        'import a from "./a b.js";\nlet state: "not running";\nconst pattern = /is gone/;\n' +
          'const rule = { match: ["drutil erase the drive"], not_match: ["ls the drive"] };',
      ),
    ).toEqual([]);
  });

  it("is prose of a document, and what stands for a picture, not its code", () => {
    const found = sentencesOfMarkdown(
      "a.md",
      "# A title\n\nText `driver` here,\ngoes on.\n\n```\ndriver\n```\n\n![a b](c.d)\n",
    );
    expect(found.map(({ line }) => line)).toEqual([1, 3, 10]);
    expect(found.map(({ text }) => text).join("")).not.toContain("driver");
    expect(found[2]?.text).toContain("a b");
  });

  it("is a line of a plan", () => {
    expect(sentencesOfPlan("p.yaml", "# One builds.\ntasks:\n")).toEqual([
      { file: "p.yaml", line: 1, text: "# One builds." },
    ]);
  });

  it("is a text of the manifest, of any length", () => {
    expect(sentencesOfManifest("n.json", '{\n  "a": "Stop",\n  "b": "Open Log"\n}')).toEqual([
      { file: "n.json", line: 2, text: "Stop" },
      { file: "n.json", line: 3, text: "Open Log" },
    ]);
  });
});
