import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { around, type Sentence } from "./forbiddenWords.js";
import { sentencesOfCode, visibleText } from "./visibleText.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** Rooms that every shell shares: their sentences are shown in a terminal and in a window. */
const sharedFolders = ["src/core/", "src/adapters/", "src/protocol/", "src/viewing/"];
/** What these type into a shell, or look for in what is typed, has options of other programs. */
const foldersOfShellText = ["src/core/sense/", "src/core/safety/"];
const command = /\bwsh-orchestrator [a-z][a-z-]*/;
const option = /(?<![^\s("'`])--[a-z][a-z-]*/;

const titles = windowTitles();
const title = new RegExp(`(?<![\\w-])(${titles.join("|")})(?![\\w-])`);

/** Titles of the window's commands and buttons, of at least two words: one word alone may stand in any sentence. */
function windowTitles(): string[] {
  const texts = JSON.parse(readFileSync(join(root, "package.nls.json"), "utf8")) as Record<string, string>;
  const ofCommands = Object.entries(texts).flatMap(([key, text]) => (key.startsWith("command.") ? [text] : []));
  const remedies = "src/extension/remedies.ts";
  const ofButtons = sentencesOfCode(remedies, readFileSync(join(root, remedies), "utf8"))
    .map(({ text }) => text)
    .filter((text) => /^[A-Z][a-z]+( [A-Z][a-z]+)+…?$/.test(text));
  return [...new Set([...ofCommands, ...ofButtons].map((text) => text.replace(/…$/, "")))].filter((text) =>
    text.includes(" "),
  );
}

/** What a sentence of every shell names that only one shell has: a remedy with a kind is for each of them to word. */
function shellWordsIn({ file, line, text }: Sentence): string[] {
  if (!sharedFolders.some((folder) => file.startsWith(folder))) return [];
  const typesOptions = foldersOfShellText.some((folder) => file.startsWith(folder));
  return [command, title, ...(typesOptions ? [] : [option])].flatMap((pattern) => {
    const found = pattern.exec(text);
    return found === null
      ? []
      : [`${file}:${line}: "${found[0]}" → a remedy with a kind: ${around(text, found.index)}`];
  });
}

describe("a sentence that every shell shows", () => {
  it("names no command, no option, and no button", () => {
    const shared = visibleText(root).filter(({ file }) => sharedFolders.some((folder) => file.startsWith(folder)));
    expect(shared.length).toBeGreaterThan(400);
    expect(shared.flatMap(shellWordsIn)).toEqual([]);
  });
});

describe("the check", () => {
  const found = (file: string, text: string): string[] =>
    shellWordsIn({ file, line: 1, text }).map((each) => /"(.*?)" → /.exec(each)?.[1] ?? "");

  it("knows the titles of commands and of buttons", () => {
    expect(titles).toEqual(expect.arrayContaining(["Do Project", "Choose Server", "Show Problems", "Open Mirror"]));
  });

  it.each([
    ["src/core/acts/send.ts", "Run it with: wsh-orchestrator do alpha", "wsh-orchestrator do"],
    ["src/adapters/wsh/serverErrors.ts", "Choose one with --server.", "--server"],
    ["src/core/run/plannedRun.ts", "Give the plan (--plan FILE) again.", "--plan"],
    ["src/protocol/logLines.ts", "Choose Server to use another one.", "Choose Server"],
    ["src/viewing/mirror.ts", "It is not running. [Run Project]", "Run Project"],
    ["src/core/safety/gitRules.ts", "Allow it with wsh-orchestrator answer.", "wsh-orchestrator answer"],
  ])("finds in %s: %s", (file, text, word) => {
    expect(found(file, text)).toEqual([word]);
  });

  it.each([
    ["src/core/acts/send.ts", "wsh Orchestrator cannot read it -- look there."],
    ["src/core/acts/send.ts", "Start the server, then run the project again."],
    ["src/core/sense/typing.ts", "string unescape --style=url"],
    ["src/cli/remedyText.ts", "Choose one with --server."],
    ["src/extension/remedies.ts", "Choose Server"],
  ])("leaves alone in %s: %s", (file, text) => {
    expect(found(file, text)).toEqual([]);
  });
});
