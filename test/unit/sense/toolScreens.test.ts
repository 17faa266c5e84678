import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { shippedCatalog } from "../../../src/core/sense/programs/catalog";
import { sampleFactsSchema } from "../../../src/core/model/sampleFacts";
import { factsOfSample } from "../../../src/core/sense/sample";
import { senseTerminal } from "../../../src/core/sense/senseTerminal";
import type { TerminalFacts } from "../../../src/core/sense/terminalFacts";

const folder = path.join(__dirname, "../../fixtures/screens/non-agent");

const recorded = readdirSync(folder)
  .filter((file) => file.endsWith(".json"))
  .map((file) => {
    const name = file.slice(0, -".json".length);
    const told = JSON.parse(readFileSync(path.join(folder, file), "utf8")) as { expected: string };
    const text = readFileSync(path.join(folder, `${name}.txt`), "utf8");
    return { name, facts: factsOfSample(text, sampleFactsSchema.parse(told)), expected: told.expected };
  });
/** Asked on the line of the cursor, not in a list with a hidden cursor or on a screen of its own. */
const askedOnLine = recorded.filter(
  ({ expected, facts }) => expected.startsWith("waiting") && facts.cursor.visible && !facts.alternate,
);

function sensed(facts: TerminalFacts): string {
  const { state, kind } = senseTerminal(facts, shippedCatalog);
  return kind === undefined ? state : `${state}(${kind})`;
}

/** The screen with one more line, the cursor at its end. */
function withLine(facts: TerminalFacts, line: string, more: Partial<TerminalFacts> = {}): TerminalFacts {
  const end = facts.lines.findLastIndex((each) => each !== "") + 1;
  const lines = [...facts.lines.slice(0, end), line];
  return { ...facts, lines, cursor: { row: end, col: line.length, visible: true }, ...more };
}

/** One line, the cursor right behind it. */
function line(text: string, more: Partial<TerminalFacts> = {}): TerminalFacts {
  return {
    lines: [text.trimEnd()],
    cols: 80,
    cursor: { row: 0, col: text.length, visible: true },
    alternate: false,
    foreground: "deploy",
    ...more,
  };
}

describe("a question that was recorded", () => {
  it.each(askedOnLine)("is over when a shell shows its prompt below: $name", ({ facts }) => {
    expect(sensed(withLine(facts, "dev@host:~/greeter$ ", { foreground: "bash" }))).toBe("idle(shell)");
  });

  it.each(askedOnLine)("is text when a program that is at work has written it: $name", ({ facts }) => {
    expect(sensed(withLine(facts, "Compiling greeter v1.0.0", { foreground: "make" }))).toBe("working");
  });

  it.each(askedOnLine)("is text in a pager: $name", ({ facts }) => {
    expect(sensed(withLine(facts, ":", { foreground: "less", alternate: true }))).toBe("idle(pager)");
    expect(sensed(withLine(facts, "(END)", { foreground: "git", alternate: true }))).toBe("idle(pager)");
  });

  it.each(askedOnLine)("is text in an editor: $name", ({ facts }) => {
    const foot = "-- INSERT --                                        1,1           All";
    expect(sensed({ ...withLine(facts, foot, { alternate: true, foreground: "git" }) })).toBe("idle(editor)");
  });

  it.each(askedOnLine)("is text above the prompt of an interpreter: $name", ({ facts }) => {
    expect(sensed(withLine(facts, ">>> ", { foreground: "python3" }))).toBe("idle(repl)");
  });
});

describe("a question on the line of the cursor", () => {
  it.each([
    ["Apply 3 migrations to production? [y/N] ", "waiting(confirm)"],
    ["Apply 3 migrations to production? [y/N] y", "waiting(confirm)"],
    ["Continue (yes/no)? [no] ", "waiting(confirm)"],
    ["Is this OK? (yes) ", "waiting(confirm)"],
    ["replace a.txt? [y]es, [n]o, [A]ll, [N]one, [r]ename: ", "waiting(confirm)"],
    ["Press ENTER to continue", "waiting(confirm)"],
    ["Press any key to continue . . . ", "waiting(confirm)"],
    ["Enter passphrase for key '/keys/id': ", "waiting(password)"],
    ["(dev@host) Verification code: ", "waiting(password)"],
    ["Username for 'https://example.com': ", "waiting(login)"],
    ["Which region? ", "waiting(question)"],
    ["Name [greeter]: ", "waiting(question)"],
  ])("%j: %s", (text, expected) => {
    expect(sensed(line(text))).toBe(expected);
  });

  it("is one when the terminal has wrapped it", () => {
    const text = `rm: remove write-protected regular file '${"deep/".repeat(20)}file'? `;
    const rows = [text.slice(0, 80), text.slice(80).trimEnd()];
    const cursor = { row: 1, col: text.length - 80, visible: true };
    expect(sensed(line(text, { lines: rows, cursor }))).toBe("waiting(confirm)");
  });

  it("is one in a script, whose shell is in front", () => {
    expect(sensed(line("Do you really want to continue? (yes/no) ", { foreground: "bash" }))).toBe("waiting(confirm)");
    const key = line("Press any key to continue . . . ", { foreground: "bash", echo: false, canonical: false });
    expect(sensed(key)).toBe("waiting(confirm)");
  });

  it.each([
    "Downloading: 45% ",
    "Installing packages: ",
    "Receiving objects:  43% (431/1003)",
    "checking for gcc... ",
    "12:00:02 status: ",
    "tests/test_password.py ....",
    "",
  ])("is none: %j", (text) => {
    expect(sensed(line(text))).toBe("working");
  });

  it.each(["dev@host:~/greeter$ rm -ri build # sure? [y/N] ", "❯ echo 'Password: ", "host% read 'a?Name: "])(
    "is none behind the prompt of a shell: %j",
    (text) => {
      expect(sensed(line(text, { foreground: "zsh" }))).toBe("idle(shell)");
    },
  );
});

describe("a terminal that does not show what is typed", () => {
  it("waits for a password when it takes lines", () => {
    expect(sensed(line("Unlock vault ▸ ", { echo: false, canonical: true }))).toBe("waiting(password)");
  });

  it("does not when it takes keys, as every full screen does", () => {
    expect(sensed(line("Unlocking the vault", { echo: false, canonical: false }))).toBe("working");
  });
});

describe("a shell in front where an agent was started", () => {
  it("means that the agent has ended", () => {
    expect(sensed(line("dev@host:~/greeter$ ", { started: "codex", foreground: "bash" }))).toBe("exited");
  });
});

describe("an editor that git started", () => {
  const lines = [
    "",
    "# Please enter the commit message for your changes. Lines starting",
    "# with '#' will be ignored.",
  ];
  const cursor = { row: 0, col: 0, visible: true };

  it("is one by the text that git has written, whatever it draws", () => {
    expect(sensed(line("", { lines, cursor, foreground: "git", canonical: false }))).toBe("idle(editor)");
  });

  it("is none where git only shows the text", () => {
    expect(sensed(line("", { lines, cursor, foreground: "git", canonical: true }))).toBe("working");
  });
});
