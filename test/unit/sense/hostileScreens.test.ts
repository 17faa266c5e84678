import { describe, expect, it } from "vitest";
import { sessionStates } from "../../../src/core/model/states";
import { shippedCatalog } from "../../../src/core/sense/programs/catalog";
import { ProgramStatusTree } from "../../../src/core/sense/programStatus";
import { RuleCatalog, senseTerminal } from "../../../src/core/sense/senseTerminal";
import type { Sensed, TerminalFacts } from "../../../src/core/sense/terminalFacts";

/** Characters that patterns were given. */
let looked = 0;

/** The same rules, whose patterns count what they are given. */
function counting<Value>(value: Value): Value {
  if (value instanceof RegExp) {
    const pattern = {
      source: value.source,
      test: (text: string) => ((looked += text.length), value.test(text)),
      exec: (text: string) => ((looked += text.length), value.exec(text)),
    };
    return pattern as unknown as Value;
  }
  if (Array.isArray(value)) return value.map(counting) as unknown as Value;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, counting(each)])) as Value;
}

const catalog = new RuleCatalog(counting(shippedCatalog.shipped), counting(shippedCatalog.anyAgent));

function facts(lines: readonly string[], more: Partial<TerminalFacts> = {}): TerminalFacts {
  const row = Math.max(0, lines.length - 1);
  return {
    lines,
    cols: Math.max(1, ...lines.slice(0, 1000).map(({ length }) => length)),
    cursor: { row, col: lines[row]?.length ?? 0, visible: true },
    alternate: false,
    ...more,
  };
}

/** What is found, with how many characters patterns were given for it. */
function look(screen: TerminalFacts): { sensed: Sensed; characters: number } {
  looked = 0;
  const sensed = senseTerminal(screen, catalog);
  expect(sessionStates).toContain(sensed.state);
  return { sensed, characters: looked };
}

const programs = [
  undefined,
  "claude",
  "codex",
  "gemini",
  "qwen",
  "opencode",
  "copilot",
  "cline",
  "bash",
  "vim",
  "less",
];
const filled = (rows: number, cols: number, text = "Do you want to proceed? [y/N] ❯ 1. Yes "): string[] =>
  Array<string>(rows).fill(text.repeat(Math.ceil(cols / text.length)).slice(0, cols));

/** Every condition of every rule looks at a part of the screen at most once. */
const conditions = JSON.stringify(counting([shippedCatalog.shipped, shippedCatalog.anyAgent])).split('"source"').length;

describe.each(programs)("screens that no program means well with, started as %s", (started) => {
  const named = started === undefined ? {} : { started };

  it.each<readonly [string, TerminalFacts]>([
    ["no line at all", facts([])],
    ["one empty cell", facts([""], { cols: 1 })],
    ["one cell", facts(["❯"], { cols: 1 })],
    ["a cursor that is not on it", facts(["a"], { cursor: { row: 900, col: 4_000_000, visible: true } })],
    ["a cursor before it", facts(["a"], { cursor: { row: -1, col: -1, visible: true } })],
    ["halves of characters", facts(["\ud83d", "\ude00 \ud83d? [y/N] \udfff"], { title: "\ud83d\ude00\udc00" })],
    ["text from right to left", facts(["\u202eהאם להמשיך? [y/N] ", "كلمة المرور: "])],
    [
      "wide characters at the cursor",
      facts(["続行しますか？ [y/N] ", "密码："], { cursor: { row: 1, col: 6, visible: true } }),
    ],
    ["marks that combine", facts([`a${"\u0301".repeat(5000)}? [y/N] `])],
    ["control characters", facts(["\0\u0007\u001b[31m? [y/N]\u0085\u2028 "])],
    ["500 rows of 1000 columns", facts(filled(500, 1000))],
    ["1 row of 200,000 columns", facts(filled(1, 200_000))],
    ["a title of 1 MB", facts(["$ "], { title: "✳ Claude Code (y/n) ".repeat(50_000) })],
    ["100,000 lines", facts(filled(100_000, 30))],
  ])("tells some state of %s, with a look that grows with the screen", (_what, screen) => {
    const { sensed, characters } = look({ ...screen, ...named });
    const cells = screen.lines.reduce((sum, { length }) => sum + length + 1, (screen.title ?? "").length);
    expect(characters).toBeLessThanOrEqual(cells * conditions + 1_000_000);
    for (const { lines } of sensed.evidence) expect(lines.length).toBeLessThanOrEqual(6);
  });

  it("takes twice as much for twice the lines, and no more for what no terminal shows", () => {
    const [once, twice, all] = [100, 200, 20_000].map((rows) => look(facts(filled(rows, 80), named)).characters);
    expect(twice).toBeLessThanOrEqual((once ?? 0) * 2 + 10_000);
    expect(all).toBeLessThanOrEqual((twice ?? 0) * 5 + 10_000);
  });
});

describe("a program that says of itself what is not so", () => {
  const statuses = (...reports: string[]): Pick<TerminalFacts, "statuses"> => {
    const tree = new ProgramStatusTree();
    for (const report of reports) tree.report(report);
    return { statuses: tree.records };
  };
  const prompt = ["ada@host:~$ "];

  it.each([
    ["done", "state=done:app=claude-code"],
    ["blocked", "state=blocked:kind=permission:app=claude-code"],
    ["working", "state=working:app=codex"],
    ["failed", "state=error:app=codex"],
  ])("is not believed that it is %s while the shell is in front", (_what, report) => {
    const told = statuses(report);
    const alone = senseTerminal(facts(prompt, { foreground: "bash", ...told }), catalog);
    expect([alone.state, alone.kind]).toEqual(["idle", "shell"]);
    const started = senseTerminal(facts(prompt, { foreground: "bash", started: "claude", ...told }), catalog);
    expect(started).toMatchObject({ state: "exited", program: { name: "claude" } });
  });

  it("cannot say that it ended, or a state that there is not", () => {
    for (const report of ["state=exited:app=codex", "state=lost:app=codex", "state=:app=codex", "exited"]) {
      const { state } = senseTerminal(facts(["› "], { started: "codex", ...statuses(report) }), catalog);
      expect(["exited", "lost"]).not.toContain(state);
    }
  });

  it("does not speak for the program in front", () => {
    const { program } = senseTerminal(
      facts(["> "], { foreground: "claude", ...statuses("state=done:app=codex") }),
      catalog,
    );
    expect(program?.name).toBe("claude");
  });

  it("is asked for nothing by a pager or an editor in front", () => {
    const told = statuses("state=blocked:kind=permission:app=codex");
    const { state, kind } = senseTerminal(
      facts([...filled(20, 80, "text "), ":"], { foreground: "less", alternate: true, ...told }),
      catalog,
    );
    expect([state, kind]).toEqual(["idle", "pager"]);
  });
});
