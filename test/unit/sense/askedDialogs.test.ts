import { describe, expect, it } from "vitest";
import { type AskedPrompt, isSamePrompt } from "../../../src/core/sense/askedPrompt";
import { choiceList } from "../../../src/core/sense/listedChoices";
import { shippedCatalog } from "../../../src/core/sense/programs/catalog";
import { senseTerminal } from "../../../src/core/sense/senseTerminal";
import type { TerminalFacts } from "../../../src/core/sense/terminalFacts";
import { recordings } from "../../support/recordedScreens";

const agents = ["claude", "codex", "gemini", "qwen", "copilot", "cline", "opencode"];
const screens = new Map(
  agents.flatMap((agent) => recordings(agent).map((each) => [`${agent}/${each.name}`, each.facts])),
);

function factsOf(name: string): TerminalFacts {
  const facts = screens.get(name);
  if (!facts) throw new Error(`There is no screen ${name}.`);
  return facts;
}

function asked(facts: TerminalFacts): AskedPrompt | undefined {
  return shippedCatalog.askedBy(senseTerminal(facts, shippedCatalog).evidence[0]?.rule ?? "", facts);
}

const harbours = [
  "cd stations && for s in Oban Wick Amble Lerwick Stornoway Ullapool; do",
  '  echo "reading $s" >> readings.log',
  "  sort -u readings.log > readings.tmp && mv readings.tmp readings.log",
  "done",
  'echo "finished: $(wc -l < readings.log) lines" # Do you want to proceed?',
  "[y/N]",
];
const greeting = [
  "1   function greet(name) {",
  "2 -   return 'Hello, ' + name + '!';",
  "2 +   return `Good day, ${name}!`;",
  "3   }",
  "4",
  "5   module.exports = { greet };",
];

describe("what an agent asks to allow", () => {
  it.each([
    ["claude/approval-long-command-newer-80", harbours],
    ["codex/approval-long-command-2-newer-80", harbours],
    ["claude/approve-shell", ["rm -rf build"]],
    ["codex/approve-shell", ["rm -rf build"]],
    ["gemini/approve-shell", ["rm -rf build"]],
    ["qwen/approve-shell", ["rm -rf build"]],
    ["copilot/approve-shell", ["rm -rf build"]],
    ["cline/approve-shell", ["rm -rf build"]],
    ["opencode/approve-shell", ["$ rm -rf build"]],
    ["gemini/approve-edit", greeting],
    ["qwen/approve-edit", greeting],
    ["opencode/approve-edit", greeting],
    [
      "claude/approve-edit",
      greeting.map((line) => line.replace(/^(\d)(?: (?= )|(?= [-+]))/, "$1").replace(/(?<=[-+]) /, "")),
    ],
    ["copilot/approval-mcp-90x28", ["{", '  "oven": "left",', '  "unit": "C"', "}"]],
    [
      "cline/approval-heredoc-132x43",
      [
        "mkdir -p archive/2026 && cat > archive/2026/index.py <<'PY'",
        "import os",
        'for name in sorted(os.listdir("recipes")):',
        "    # 1. Yes",
        "    # 2. No, keep it",
      ],
    ],
  ])("stands whole and as it is drawn in its question: %s", (name, about) => {
    expect(asked(factsOf(name))?.about?.split("\n")).toEqual(about);
  });

  it("has the files of a change and their lines, where these stand above the dialog", () => {
    expect(asked(factsOf("codex/inline-approve-edit"))).toMatchObject({
      about: expect.stringMatching(/^• Added CHANGELOG\.md \(\+6 -0\)\n.*1 \+# Changelog\n/) as string,
      lines: [
        "Would you like to make the following edits?",
        "Description: Apply proposed file edits",
        expect.stringContaining("CHANGELOG.md") as string,
      ],
    });
  });

  it.each([
    ["claude/approve-edit", ["1. Yes", /^2\. Yes, and switch to accept edits .*\(shift\+tab\)$/, "3. No"]],
    [
      "claude/approval-edit-newer-80",
      ["1. Yes", /^2\. Yes, and switch to .* common file commands\) for this session \(shift\+tab\)$/, "3. No"],
    ],
    ["codex/approve-shell", ["1. Yes, proceed (y)", /^2\. Yes, and don't ask again/, /^3\. No, and tell Codex/]],
    ["gemini/approve-shell", ["1. Allow once", "2. Allow for this session", "3. No, suggest changes (esc)"]],
    ["qwen/approval-edit-80", ["1. Yes, allow once", "2. Yes, allow always", "3. No, suggest changes (esc)"]],
    [
      "copilot/approval-mcp-90x28",
      ["1. Yes", /^2\. Yes, .* in this repo \(\/home\S+\)$/, /^3\. No, .*\(Esc to stop\)$/],
    ],
    ["cline/approve-shell", ["[y] Approve", "[n] Deny"]],
    ["claude/setup-trust-default", ["No, exit", "Yes, I trust this folder"]],
    ["codex/setup-1-newer-100", ["1. Trust and continue", "2. Back to Agent Command Center"]],
    ["claude/question", [/^1\. npm Use npm/, /^2\. pnpm/, /^3\. yarn/, "4. Type something."]],
    ["codex/question", [/^1\. npm/, /^2\. pnpm/, /^3\. yarn/, /^4\. None of the above/]],
    ["gemini/question", [/^1\. npm/, /^2\. pnpm/, /^3\. yarn/]],
    ["qwen/question-many-3-100", ["1. Submit answers", "2. Cancel"]],
    ["gemini/plan-approval-120", [/^1\. Yes, automatically/, /^2\. Yes, manually/, "3. Type your feedback..."]],
  ])("is answered in its own words, also where they take two lines: %s", (name, options) => {
    const { choices = [], form } = asked(factsOf(name)) ?? {};
    expect(choices).toHaveLength(options.length);
    for (const [index, option] of options.entries())
      if (typeof option === "string") expect(choices[index]).toBe(option);
      else expect(choices[index]).toMatch(option);
    expect(form).toBe(name.startsWith("cline") ? "key" : "list");
  });

  it.each([
    "claude/approval-long-write-newer-80",
    "claude/seen-inline-p-bigedit-100",
    "claude/seen-p-heredoc-down-90",
    "claude/seen-325-plan-real-80",
    "codex/seen-168-p-heredoc-80",
    "codex/seen-168-p-longline-80",
    "gemini/seen-56-p-bigedit-170",
    "gemini/seen-p-mcp-90",
    "copilot/approval-write-long-80x24",
  ])("is answered only where it is shown, where the screen has a part of it: %s", (name) => {
    expect(asked(factsOf(name))).toMatchObject({ isPart: true, form: undefined });
  });
});

describe("a permission of opencode, whose choices stand in one row", () => {
  const once = ["Allow once", "Allow always", "Reject"];
  /** The dialog with these rows more behind the row of its command. */
  const longer = (...more: string[]): TerminalFacts => {
    const facts = factsOf("opencode/approve-shell");
    const at = facts.lines.findLastIndex((line) => line.includes("$ rm -rf build"));
    return { ...facts, lines: facts.lines.toSpliced(at + 1, 0, ...more.map((text) => `  ┃  ${text}`.trimEnd())) };
  };

  it.each([
    ["approve-shell", once],
    ["approval-mcp-90x28", once],
    ["approval-outside-80x24", once],
    ["approval-edit-80x24", once],
    ["approve-edit", once],
    ["approval-always-confirm-140x40", ["Confirm", "Cancel"]],
  ])("names them: %s", (name, choices) => {
    expect(asked(factsOf(`opencode/${name}`))).toMatchObject({ form: "row", choices });
  });

  it("is answered only where it is shown, where a scroll bar says that the change has more", () => {
    expect(asked(factsOf("opencode/approval-diff-170x58"))).toMatchObject({ isPart: true, form: undefined });
  });

  it("is answered only where it is shown, where its command may have more than the seven rows that are shown", () => {
    const [six, seven] = [longer("b", "c", "d", "e", "f"), longer("b", "c", "d", "e", "f", "g")];
    expect([asked(six)?.isPart, asked(six)?.form]).toEqual([undefined, "row"]);
    expect([asked(seven)?.isPart, asked(seven)?.form]).toEqual([true, undefined]);
    expect(asked(longer("", "", "", "", "", ""))?.isPart).toBe(true);
  });

  it("is answered only where it is shown, where its command draws another one", () => {
    expect(asked(longer("△ Permission required", "  → Edit notes.txt", "", "  1 + all is well"))?.isPart).toBe(true);
  });
});

describe("a question of an agent", () => {
  it.each([
    "claude/question-typed-newer-80",
    "qwen/question-typed-100",
    "codex/seen-q-form-2-100",
    "gemini/question-many-3-100",
  ])("that one choice does not answer is answered where it is shown: %s", (name) => {
    const prompt = asked(factsOf(name));
    expect([prompt?.form, prompt?.isPart]).toEqual([undefined, undefined]);
  });
});

const dialogs = [...screens].flatMap(([name, facts]) => {
  const prompt = asked(facts);
  return prompt?.form === "list" || prompt?.form === "key" ? [{ name, facts, prompt }] : [];
});

describe("a dialog of an agent", () => {
  it("is one of many recorded ones", () => {
    expect(dialogs.length).toBeGreaterThan(60);
  });

  it.each(dialogs)("$name is another one with another word in what it asks to allow", ({ facts, prompt }) => {
    const words = [prompt.about?.split("\n").at(-1) ?? prompt.lines[0] ?? "", prompt.lines.at(-1) ?? ""];
    for (const word of words.filter((each) => each.trim() !== "")) {
      const row = facts.lines.findLastIndex((line) => line.includes(word.trim()));
      expect(row).toBeGreaterThanOrEqual(0);
      const changed = facts.lines.with(
        row,
        (facts.lines[row] ?? "").replace(word.trim(), `${word.trim().slice(0, -1)}~`),
      );
      const other = asked({ ...facts, lines: changed });
      expect(other === undefined || !isSamePrompt(prompt.fingerprint, other.fingerprint)).toBe(true);
    }
  });

  it.each(dialogs.filter(({ prompt }) => prompt.form === "list"))(
    "$name is the same one with another choice marked",
    ({ facts, prompt }) => {
      const list = choiceList(facts);
      const marked = facts.lines.findLastIndex((line) => /^\s*(?:[│┃] *)?[❯›▸>●◉➤→*](?=\s)/u.test(line));
      const mark = /[❯›▸>●◉➤→*]/u.exec(facts.lines[marked] ?? "")?.[0] ?? "";
      const column = (facts.lines[marked] ?? "").indexOf(mark);
      const label =
        list?.choices
          .find((each) => !each.marked)
          ?.label.replace(/^(\d\.).*/, "$1")
          .slice(0, 6) ?? "";
      const other = facts.lines.findIndex(
        (line, row) => row >= (list?.row ?? 0) && row !== marked && line.includes(label),
      );
      const withMark = (line: string, sign: string): string => line.slice(0, column) + sign + line.slice(column + 1);
      const lines = facts.lines
        .with(marked, withMark(facts.lines[marked] ?? "", " "))
        .with(other, withMark(facts.lines[other] ?? "", mark));
      const now = asked({ ...facts, lines });
      expect(now?.choices).toEqual(prompt.choices);
      expect(isSamePrompt(prompt.fingerprint, now?.fingerprint ?? "")).toBe(true);
    },
  );
});
