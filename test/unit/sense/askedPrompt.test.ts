import { describe, expect, it } from "vitest";
import { type AskedPrompt, isBeingAnswered, isSamePrompt } from "../../../src/core/sense/askedPrompt";
import { listedChoices } from "../../../src/core/sense/listedChoices";
import { shippedCatalog } from "../../../src/core/sense/programs/catalog";
import { senseTerminal } from "../../../src/core/sense/senseTerminal";
import type { TerminalFacts } from "../../../src/core/sense/terminalFacts";

/** A screen that ends with what it asks; the cursor stands behind its last character. */
function facts(text: string, more: Partial<TerminalFacts> = {}): TerminalFacts {
  const lines = text.split("\n");
  const row = lines.length - 1;
  const cursor = { row, col: (lines[row] ?? "").length, visible: true };
  return { lines: lines.map((line) => line.trimEnd()), cols: 100, cursor, alternate: false, scrolled: 0, ...more };
}

function asked(of: TerminalFacts): AskedPrompt {
  const { state, evidence } = senseTerminal(of, shippedCatalog);
  expect(state).toBe("waiting");
  const prompt = shippedCatalog.askedBy(evidence[0]?.rule ?? "", of);
  if (!prompt) throw new Error("Nothing is asked.");
  return prompt;
}

describe("what a program asks", () => {
  it.each([
    ["Apply 3 migrations to production? [y/N] ", ["y", "n"]],
    ["Continue? (yes/no) ", ["yes", "no"]],
    ["(1/2) Stage this hunk [y,n,q,a,d,e,?]? ", ["y", "n", "q", "a", "d", "e", "?"]],
    ["zsh: sure you want to delete all 3 files in /tmp/x [yn]? ", ["y", "n"]],
    ["rm: remove regular file 'a'? ", ["y", "n"]],
    ["zsh: correct 'sl' to 'ls' [nyae]? ", ["n", "y", "a", "e"]],
    ["  Only 'yes' will be accepted to approve.\n\n  Enter a value: ", ["yes", "no"]],
    ["Are you sure you want to continue connecting (yes/no/[fingerprint])? ", ["yes", "no"]],
    ["Press any key to continue . . . ", ["continue"]],
    ["1) red\n2) green\n#? ", ["1", "2"]],
    ["Your name: ", []],
    ["How many of 12? ", []],
  ])("names the answers of %j", (text, choices) => {
    expect(asked(facts(text)).choices).toEqual(choices);
  });

  it("names the answers of a list in columns by their numbers", () => {
    expect(asked(facts("1) red    3) blue\n2) green  4) grey\n#? ")).choices).toEqual(["1", "2", "3", "4"]);
  });

  it("keeps two keys apart that differ in their case only", () => {
    const { choices } = asked(facts("Stage this hunk [y,n,j,J,?]? "));
    expect(choices).toEqual(["y", "n", "j", "J", "?"]);
  });

  it("hides what is nobody's to read, and names no answers for it", () => {
    expect(asked(facts("[sudo] password for ada: "))).toMatchObject({ secret: true, choices: [], form: "line" });
    expect(asked(facts("? Paste your authentication token: "))).toMatchObject({ secret: true, choices: [] });
    expect(asked(facts("Token? ", { echo: false, canonical: true }))).toMatchObject({ secret: true });
  });

  it("shows what the question is about, up to the command that asks it", () => {
    const text =
      "ada@site:~$ ssh box\nThe authenticity of host 'box' can't be established.\nContinue connecting (yes/no)? ";
    expect(asked(facts(text)).lines).toEqual([
      "The authenticity of host 'box' can't be established.",
      "Continue connecting (yes/no)?",
    ]);
  });

  it("leaves out all of a command that takes more than one row", () => {
    const typed = `ada@site:~$ apt-get ${"-o Some::Option=1 ".repeat(4)}install tiny`;
    const rows = typed.match(/.{1,100}/gu) ?? [];
    const { lines } = asked(
      facts([...rows, "After this, 0 B are used.", "Do you want to continue? [Y/n] "].join("\n")),
    );
    expect(lines).toEqual(["After this, 0 B are used.", "Do you want to continue? [Y/n]"]);
  });

  it.each(["gh", "npm"])("shows of a list what is to be chosen, and not the command that asks it: %s", (foreground) => {
    const text = [
      "ada@site:~$ gh auth login",
      "? What account do you want to log into? GitHub.com",
      "? What is your preferred protocol for Git operations?  [Use arrows to move, type to filter]",
      "> HTTPS",
      "  SSH",
      "",
    ].join("\n");
    const list = facts(text, { foreground, cursor: { row: 5, col: 0, visible: false } });
    expect(asked(list).lines).toEqual([
      "? What is your preferred protocol for Git operations?  [Use arrows to move, type to filter]",
      "> HTTPS",
      "SSH",
    ]);
    expect(asked(list).choices).toEqual(["HTTPS", "SSH"]);
  });

  it("offers the items of a list, and knows which one is marked", () => {
    const text =
      "? What account do you want to log into?  [Use arrows to move, type to filter]\n> GitHub.com\n  Other\n";
    const of = facts(text, { cursor: { row: 3, col: 0, visible: false } });
    expect(asked(of)).toMatchObject({ form: "list", choices: ["GitHub.com", "Other"] });
    expect(listedChoices(of)).toEqual([
      { label: "GitHub.com", marked: true },
      { label: "Other", marked: false },
    ]);
    expect(listedChoices(facts("no list\nis here"))).toEqual([]);
  });
});

describe("the fingerprint of a prompt", () => {
  const prompt = "deleting a\nDelete b? [y/N] ";
  const same = (one: TerminalFacts, other: TerminalFacts): boolean =>
    isSamePrompt(asked(one).fingerprint, asked(other).fingerprint);

  it("is the same while it stands, at any width", () => {
    expect(same(facts(prompt), facts(prompt))).toBe(true);
    const long = "Delete all of the files that were made by the build of yesterday? [y/N] ";
    const narrow = facts("Delete all of the files that were made by\n the build of yesterday? [y/N] ", { cols: 41 });
    expect(same(facts(long), narrow)).toBe(true);
  });

  it.each([
    ["another question", "deleting a\nDelete c? [y/N] "],
    ["the same one about something else", "deleting x\nDelete b? [y/N] "],
    ["something typed behind it", "deleting a\nDelete b? [y/N] y"],
    ["a blank typed behind it", "deleting a\nDelete b? [y/N]  "],
  ])("is another one for %s", (_, other) => {
    expect(same(facts(prompt), facts(other))).toBe(false);
  });

  it("is another one for the same words further down", () => {
    expect(same(facts(prompt), facts(prompt, { scrolled: 2 }))).toBe(false);
  });

  it("does not mind a spinner or a time that runs beside it, but does mind what a question is about", () => {
    expect(same(facts("⠋ waiting (3s)\nDelete b? [y/N] "), facts("⠙ waiting (4s)\nDelete b? [y/N] "))).toBe(true);
    expect(same(facts("Delete all older than 3h? [y/N] "), facts("Delete all older than 1h? [y/N] "))).toBe(false);
  });

  it("does not mind which item of a list is marked", () => {
    const list = (marked: number): TerminalFacts =>
      facts(
        `? Pick one (Use arrow keys)\n${["a", "b"].map((each, at) => `${at === marked ? "❯" : " "} ${each}`).join("\n")}`,
        { cursor: { row: 2, col: 3, visible: false } },
      );
    expect(same(list(0), list(1))).toBe(true);
  });

  it("tells that somebody begins to answer it", () => {
    const [before, now] = [asked(facts(prompt)), asked(facts("deleting a\nDelete b? [y/N] y"))];
    expect(isBeingAnswered(before, now)).toBe(true);
    expect(isBeingAnswered(now, before)).toBe(false);
  });
});

describe("a prompt with something beside it that moves", () => {
  const at = 1_764_500_000_000;
  const same = (one: string, other: string, seconds: number, more: Partial<TerminalFacts> = {}): boolean =>
    isSamePrompt(
      asked(facts(`${one}\nDelete b? [y/N] `, { at, ...more })).fingerprint,
      asked(facts(`${other}\nDelete b? [y/N] `, { at: at + 1000 * seconds, ...more })).fingerprint,
    );

  it.each([
    ["a clock", "sales   12:59:58", "sales   13:00:03", 5],
    ["a clock at midnight", "23:59:59", "00:00:02", 3],
    ["a time that passed", "Copying 0:09 of many", "Copying 0:59 of many", 50],
    ["a time that is left", "Stops in 1m 5s", "Stops in 58s", 7],
    ["a time in brackets", "Waiting (1m 5s)", "Waiting (1m 9s)", 4],
    ["minutes in brackets", "Waiting [12:05]", "Waiting [12:06]", 20],
    ["a spinner in letters", "| Copying", "/ Copying", 1],
    ["one in brackets", "[|] Copying", "[-] Copying", 1],
    ["one at the end", "Copying... |", "Copying... \\", 1],
    ["a clock that stands", "made at 12:00:00", "made at 12:00:00", 500],
  ])("is the same with %s", (_, one, other, seconds) => {
    expect(same(one, other, seconds)).toBe(true);
  });

  it.each([
    ["a clock that jumps", "snapshot of 12:00:00", "snapshot of 13:00:00", 5],
    ["a time that stands for something", "older than 30s", "older than 90s", 5],
    ["hours and minutes", "snapshot of 12:00", "snapshot of 12:30", 1],
    ["another folder", "Target: /", "Target: -", 1],
    ["other words", "| Copying a", "/ Copying b", 1],
  ])("is another one with %s", (_, one, other, seconds) => {
    expect(same(one, other, seconds)).toBe(false);
  });

  it("is another one for any time on its own line", () => {
    const of = (text: string, now: number): string => asked(facts(text, { at: now })).fingerprint;
    expect(isSamePrompt(of("Keep 12:00:00? [y/N] ", at), of("Keep 12:00:01? [y/N] ", at + 1000))).toBe(false);
  });

  it("is another one for any time where nobody knows when it was looked at", () => {
    const of = (text: string): string => asked(facts(`${text}\nDelete b? [y/N] `)).fingerprint;
    expect(isSamePrompt(of("12:00:00"), of("12:00:09"))).toBe(false);
  });
});

describe("a prompt in a terminal of another size", () => {
  const above = Array.from({ length: 40 }, (_, at) => `file ${at} of many is deleted`);
  const seen = (lines: readonly string[], rows: number, cols: number): TerminalFacts => {
    const text = [...lines, "Go on? [y/N] "];
    return facts(text.slice(-rows).join("\n"), { cols, scrolled: text.length - rows });
  };
  const same = (one: TerminalFacts, other: TerminalFacts): boolean =>
    isSamePrompt(asked(one).fingerprint, asked(other).fingerprint);

  it("is the same where less of what stands above it is seen", () => {
    for (const [rows, cols] of [
      [4, 100],
      [30, 60],
      [2, 60],
    ] as const)
      expect(same(seen(above, 24, 100), seen(above, rows, cols))).toBe(true);
  });

  it("is another one below something else, in any size", () => {
    const other = [...above.slice(0, -1), "nothing else is deleted"];
    for (const [rows, cols] of [
      [24, 100],
      [2, 100],
      [4, 60],
    ] as const)
      expect(same(seen(above, rows, cols), seen(other, rows, cols))).toBe(false);
    expect(same(seen(above, 24, 100), seen(other, 4, 60))).toBe(false);
  });
});
