import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type PromptPlace, typeAnswer } from "../../../src/core/command/promptTyping";
import type { Screen } from "../../../src/core/ports/sessions";
import { choiceList, choicesInRow } from "../../../src/core/sense/listedChoices";
import { shippedCatalog } from "../../../src/core/sense/programs/catalog";
import { senseTerminal } from "../../../src/core/sense/senseTerminal";
import { terminalFacts } from "../../../src/core/session/sensedTerminal";
import { FakeClock } from "../../support/fakeClock";
import { recordings } from "../../support/recordedScreens";

/** A recorded dialog whose mark the arrow keys move, and what was typed at it. */
class Dialog {
  readonly typed: string[] = [];
  /** What each key does besides; it may show another dialog. */
  onKey: () => void = () => undefined;
  lines: readonly string[];
  readonly #rule: string;
  readonly #fingerprint: string;
  readonly choices: readonly string[];
  readonly #cols: number;
  readonly #clock = new FakeClock();

  constructor(agent: string, screen = "approve-shell") {
    const found = recordings(agent).find(({ name }) => name === screen);
    if (!found) throw new Error(`There is no screen ${screen} of ${agent}.`);
    this.lines = found.facts.lines;
    this.#cols = found.facts.cols;
    this.#rule = senseTerminal(found.facts, shippedCatalog).evidence[0]?.rule ?? "";
    const prompt = shippedCatalog.askedBy(this.#rule, found.facts);
    this.#fingerprint = prompt?.fingerprint ?? "";
    this.choices = prompt?.choices ?? [];
  }

  async answer(choice: string): Promise<string> {
    const place: PromptPlace = {
      server: {
        screen: () =>
          Promise.resolve({
            lines: [...this.lines],
            cursor: { row: 0, col: 0, visible: false },
            rows: this.lines.length,
            cols: this.#cols,
            total_lines: this.lines.length,
            alternate_active: false,
          }),
        terminalMode: () => Promise.resolve({ echo: false, canonical: false, foreground: "agent" }),
        sendInput: (_wire, keys) => {
          this.typed.push(String(keys));
          if (keys === "\x1b[B") this.#move(1);
          if (keys === "\x1b[A") this.#move(-1);
          this.onKey();
          return Promise.resolve();
        },
      },
      wire: "alpha.agent.1",
      clock: this.#clock,
      catalog: shippedCatalog,
    };
    const typing = typeAnswer(place, { rule: this.#rule, fingerprint: this.#fingerprint }, choice);
    let over = false;
    typing.finally(() => (over = true)).catch(() => undefined);
    while (!over) await this.#clock.advanceAsync(25);
    return typing;
  }

  asksAbout(command: string): void {
    this.lines = this.lines.map((line) => line.replaceAll("rm -rf build", command));
  }

  #move(by: number): void {
    const choices = choiceList({ lines: this.lines })?.choices ?? [];
    const wanted = choices.findIndex(({ marked }) => marked) + by + 1;
    const at = this.lines.findLastIndex((line) => /[❯›●]\s+\d\. /u.test(line));
    const column = /[❯›●](?=\s+\d\. )/u.exec(this.lines[at] ?? "")?.index ?? 0;
    const mark = this.lines[at]?.charAt(column) ?? "";
    this.lines = this.lines.map((line, row) => {
      const isWanted = row !== at && new RegExp(`^[\\s│]*${wanted}\\. `, "u").test(line);
      return row === at || isWanted ? line.slice(0, column) + (isWanted ? mark : " ") + line.slice(column + 1) : line;
    });
  }
}

describe("a choice of an agent's dialog", () => {
  it.each(["claude", "codex", "gemini", "qwen", "copilot"])(
    "is reached key by key, and taken by Enter: %s",
    async (agent) => {
      const dialog = new Dialog(agent);
      const last = dialog.choices.length - 1;
      expect(await dialog.answer(dialog.choices[last] ?? "")).toBe("typed");
      expect(dialog.typed).toEqual([...Array<string>(last).fill("\x1b[B"), "\r"]);
    },
  );

  it("is taken by Enter alone where it is marked, and by its key where it names one", async () => {
    const [claude, cline] = [new Dialog("claude"), new Dialog("cline")];
    expect([await claude.answer("1. Yes"), claude.typed]).toEqual(["typed", ["\r"]]);
    expect([await cline.answer("[n] Deny"), cline.typed]).toEqual(["typed", ["n"]]);
  });

  it("is not taken where the same is asked about another command by then", async () => {
    const dialog = new Dialog("claude");
    dialog.asksAbout("rm -rf /etc/");
    expect([await dialog.answer("1. Yes"), dialog.typed]).toEqual(["gone", []]);
  });

  it("is not taken where that comes between two of its keys", async () => {
    const dialog = new Dialog("codex");
    dialog.onKey = () => dialog.asksAbout("rm -rf /etc/");
    expect(await dialog.answer(dialog.choices.at(-1) ?? "")).toBe("in_part");
    expect(dialog.typed).toEqual(["\x1b[B"]);
  });

  it("is none that the dialog does not have", async () => {
    const dialog = new Dialog("gemini");
    expect([await dialog.answer("9. Everything"), dialog.typed]).toEqual(["gone", []]);
  });
});

/** The permission of opencode with each of its choices marked, as the built-in server tells it. */
const recorded = JSON.parse(readFileSync("test/fixtures/choices/opencode-permission.json", "utf8")) as {
  readonly cols: number;
  readonly screens: Readonly<Record<string, Screen["lines"]>>;
};
const names = Object.keys(recorded.screens);

describe("a choice that only its colours show", () => {
  const screenOf = (name: string, format = "styled"): Screen => {
    const lines = recorded.screens[name] ?? [];
    const rows = { rows: lines.length, cols: recorded.cols, total_lines: lines.length };
    const plain = lines.map((row) =>
      typeof row === "string"
        ? row
        : row
            .map(({ text }) => text)
            .join("")
            .trimEnd(),
    );
    const cursor = { row: 0, col: 0, visible: false };
    return { ...rows, lines: format === "styled" ? lines : plain, cursor, alternate_active: true };
  };

  /** Answers where `marked` is chosen; what was typed then. */
  async function answer(marked: string, choice: string, move = true): Promise<{ how: string; typed: string[] }> {
    const clock = new FakeClock();
    const rule = "opencode/permission";
    const prompt = shippedCatalog.askedBy(rule, terminalFacts(screenOf(marked, "plain"), {}));
    const typed: string[] = [];
    let at = names.indexOf(marked);
    const place: PromptPlace = {
      server: {
        screen: (_wire, format) => Promise.resolve(screenOf(names[at] ?? "", format)),
        terminalMode: () => Promise.resolve({ echo: false, canonical: false, foreground: "opencode" }),
        sendInput: (_wire, keys) => {
          typed.push(String(keys));
          if (move) at += keys === "\x1b[C" ? 1 : keys === "\x1b[D" ? -1 : 0;
          return Promise.resolve();
        },
      },
      wire: "alpha.agent.1",
      clock,
      catalog: shippedCatalog,
    };
    const typing = typeAnswer(place, { rule, fingerprint: prompt?.fingerprint ?? "" }, choice);
    let over = false;
    typing.finally(() => (over = true)).catch(() => undefined);
    while (!over) await clock.advanceAsync(25);
    return { how: await typing, typed };
  }

  it.each(names)("is seen: %s", (name) => {
    const { choices } = choicesInRow(screenOf(name).lines, names) ?? { choices: [] };
    expect(choices).toEqual(names.map((label) => ({ label, marked: label === name })));
    expect(choicesInRow(screenOf(name, "plain").lines, names)?.choices.some(({ marked }) => marked)).toBe(false);
  });

  it("is reached to both sides, and taken by Enter", async () => {
    expect(await answer("Allow once", "Allow once")).toEqual({ how: "typed", typed: ["\r"] });
    expect(await answer("Allow once", "Reject")).toEqual({ how: "typed", typed: ["\x1b[C", "\x1b[C", "\r"] });
    expect(await answer("Reject", "Allow always")).toEqual({ how: "typed", typed: ["\x1b[D", "\r"] });
  });

  it("is not taken where the mark stays elsewhere", async () => {
    expect(await answer("Allow once", "Reject", false)).toEqual({ how: "in_part", typed: ["\x1b[C"] });
  });
});
