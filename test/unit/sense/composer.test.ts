import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { Screen } from "../../../src/core/ports/sessions";
import { composerOn, shownText, textKey, timesShown } from "../../../src/core/sense/composer";
import { shippedCatalog } from "../../../src/core/sense/programs/catalog";
import { ScreenRegions } from "../../../src/core/sense/screenRegions";
import { recordings } from "../../support/recordedScreens";
import { terminalFacts } from "../../../src/core/session/sensedTerminal";

/** Screens of the real agents with their colours, as the built-in server tells them, and what was typed there. */
const folder = path.resolve("test/fixtures/composers");

interface Recorded {
  readonly tool: string;
  /** `PASTED`: what stands for 120 lines that were pasted. */
  readonly text: string;
  readonly takesText: boolean;
  readonly screen: Screen;
}

const many = Array.from({ length: 120 }, (_, index) => `line ${index} of many`).join("\n");

function read(name: string): Recorded & { readonly found: ReturnType<typeof composerOn> } {
  const recorded = JSON.parse(readFileSync(path.join(folder, name), "utf8")) as Recorded;
  const rules = shippedCatalog.named(recorded.tool);
  if (!rules?.composer) throw new Error(`No composer of ${recorded.tool} is known`);
  const regions = new ScreenRegions(terminalFacts(recorded.screen, {}), rules.regions);
  return { ...recorded, found: composerOn(recorded.screen, regions, rules.composer) };
}

describe("the composer of an agent", () => {
  const names = readdirSync(folder);

  it("is recorded of each that is shipped", () => {
    expect(new Set(names.map((name) => name.split("-")[0]))).toEqual(
      new Set(["claude", "cline", "codex", "copilot", "gemini", "opencode", "qwen"]),
    );
  });

  it.each(names)("holds what was typed there, and nothing that is only proposed: %s", (name) => {
    const { found, text, takesText } = read(name);
    expect(found).toMatchObject({ takesText });
    if (!found || !takesText) return;
    if (text === "") expect(found.text).toBe("");
    else expect(shownText(found, text === "PASTED" ? many : text)).not.toBe("no");
    if (text !== "PASTED" && text !== "") expect(shownText(found, text)).toBe("whole");
  });

  it.each([
    ["copilot", "half-blocks-ready", "", true],
    ["copilot", "half-blocks-draft", "a draft of text", true],
    ["copilot", "half-blocks-shell-draft", "ls", false],
    ["copilot", "half-blocks-finished", "", true],
    ["gemini", "finished-text", "", true],
    ["gemini", "few-colours-ready", "", true],
  ])("is read without the edges that are drawn around it: %s %s", (tool, name, text, takesText) => {
    const recorded = recordings(tool).find((each) => each.name === name);
    const rules = shippedCatalog.named(tool);
    if (!recorded || !rules?.composer) throw new Error(`There is no recording ${tool}/${name}`);
    const { lines, cursor, cols, alternate } = recorded.facts;
    const at = { row: cursor.row, col: cursor.col, visible: cursor.visible };
    const screen = {
      lines,
      cursor: at,
      rows: lines.length,
      cols,
      total_lines: lines.length,
      alternate_active: alternate,
    };
    const regions = new ScreenRegions(recorded.facts, rules.regions);
    expect(composerOn(screen, regions, rules.composer)).toMatchObject({ text, takesText });
  });

  it("is known to hold the whole of a long paste only where its length says so", () => {
    const whole = names.filter(
      (name) => name.includes("pasted") && shownText(read(name).found ?? { text: "" }, many) === "whole",
    );
    expect(whole).toEqual(["codex-pasted.json", "qwen-pasted.json"]);
  });
});

describe("a text in a composer", () => {
  const long = `${"word ".repeat(40)}and an end that is long enough to be seen in the last rows of it`;

  it.each([
    ["as it was typed", "fix it", "fix it", "whole"],
    ["wrapped", "fix\nit please", "fix it please", "whole"],
    ["of which only the end has room", long.slice(-60), long, "part"],
    ["of which hardly anything is seen", "last rows of it", long, "no"],
    ["with something behind it", "fix it now", "fix it", "no"],
    ["with something before it", "please fix it", "fix it", "no"],
    ["that is another one", "fix that", "fix it", "no"],
    ["with the same length in a paste", "[Pasted Content 6 chars]", "fix it", "whole"],
    ["with another length in a paste", "[Pasted Content 7 chars]", "fix it", "no"],
    ["with as many lines in a paste", "[Pasted text #1 +2 lines]", "a\nb\nc", "part"],
    ["with more lines in a paste", "[Pasted text #1 +9 lines]", "a\nb\nc", "no"],
    [
      "with its beginning in a paste",
      "[See [a] and do what i... Pasted +3 lines]",
      "See [a] and do what is said\nb\nc",
      "part",
    ],
    [
      "with its beginning in a paste, a dot of it lost",
      "[See [a] and do what i.. Pasted +3 lines]",
      "See [a] and do what is said\nb\nc",
      "part",
    ],
    [
      "with another beginning in a paste",
      "[See [a] and do what i... Pasted +3 lines]",
      "See [b] and do what is\nb\nc",
      "no",
    ],
    [
      "in a paste whose end is cut off",
      "[\u2060/etc/hosts is a... Pasted +2 lines",
      "\u2060/etc/hosts is a file\nb",
      "part",
    ],
    ["with something beside a paste", "[Pasted text #1 +2 lines] and more", "a\nb\nc", "no"],
    ["nothing", "", "fix it", "no"],
  ])("%s", (_what, text, typed, shown) => {
    expect(shownText({ text }, typed)).toBe(shown);
  });

  it("is known again by a key, however it is wrapped", () => {
    expect(textKey("a  b\nc")).toBe(textKey("a b c"));
    expect(textKey("a b c")).not.toBe(textKey("a b d"));
  });

  it("is counted where it was sent", () => {
    expect(timesShown(["› fix it", "done", "› fix", "  it"], "fix it")).toBe(2);
    expect(timesShown(["done"], "fix it")).toBe(0);
    expect(timesShown(["  > /help item20x556cen", "  ◆ It is done."], "\u2060/help item20x556cend ")).toBe(1);
    expect(timesShown(["  > /help item20x556cen", "  ◆ It is done."], "/help item20x556cend ")).toBe(0);
    const rows = [" ❯ [Please look at item1x and say. What the tas...", "    Pasted +3 lines]", " * It is done."];
    expect(timesShown(rows, "Please look at item1x and say.\nWhat the tasks left\nis here")).toBe(1);
    expect(timesShown(rows, "Please look at item1x and say.\nWhat the tasks left")).toBe(0);
  });
});
