import { describe, expect, it } from "vitest";
import { type PromptPlace, typeAnswer } from "../../../src/core/command/promptTyping";
import { choiceList } from "../../../src/core/sense/listedChoices";
import { shippedCatalog } from "../../../src/core/sense/programs/catalog";
import { senseTerminal } from "../../../src/core/sense/senseTerminal";
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
