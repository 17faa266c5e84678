import { describe, expect, it } from "vitest";
import type { ContextEntry } from "../../../src/core/model/entry";
import { dayMarkdown, entryMarkdown } from "../../../src/protocol/logMarkdown";
import { asked, entry, history, session } from "./rowScene";

const options = { late: false, redact: (text: string): string => text };
const item = (of: ContextEntry): string => entryMarkdown(of, options).join("\n");
const note = (text: string): ContextEntry => entry({ kind: "note", session_name: session, text }, 9);

describe("an entry as Markdown", () => {
  it("is an item with time, who and what happened", () => {
    expect(item(history[3] as ContextEntry)).toMatch(/^- \d\d:\d\d:03 \*\*builder::1\*\* build \\\$ make$/);
  });

  it("has the end of a failure's output, and what is asked about, as they are", () => {
    const output = `${Array.from({ length: 40 }, (_, row) => `line ${row}`).join("\n")}\n\`\`\` <b>\n`;
    const failed = entry(
      { kind: "result", session_name: session, task_id: "build", outcome: "exited", exit_code: 2, output, text: "x" },
      5,
    );
    const lines = entryMarkdown(failed, options);
    expect(lines[0]).toMatch(/build exit code 2$/);
    expect(lines[1]).toBe("  ````text");
    expect(lines.slice(2)).toContain("  ``` <b>");
    expect(lines.at(-1)).toBe("  ````");
    expect(lines).toHaveLength(23);
    expect(item(asked)).toMatch(/\n {2}```text\n {2}\$ rm -rf x\n {2}```$/);
    expect(item({ ...failed, exit_code: 0 })).not.toContain("```");
  });

  it.each([
    ["[run](command:quit)", "\\[run\\](command:quit)"],
    ["<img src=x onerror=alert(1)> &lt;", "\\<img src=x onerror=alert(1)\\> \\&lt;"],
    ["see https://evil.example now", "see `https://evil.example` now"],
    ["www.evil.example", "`www.evil.example`"],
    ["ask @ada or a@b.example", "ask `@ada` or `a@b.example`"],
    ["evil.example and //evil.example", "`evil.example` and `//evil.example`"],
    ['in "src/a.ts:3", (see b.ts).', 'in "`src/a.ts:3`", (see `b.ts`).'],
    ["as in #12", "as in `#12`"],
    ["`code` *bold* _it_ ~~no~~ $x$ a|b", "\\`code\\` \\*bold\\* \\_it\\_ \\~\\~no\\~\\~ \\$x\\$ a\\|b"],
    ["``@a`", "``` ``@a` ```"],
    ["a\\", "a\\\\"],
  ])("says %j as plain text", (text, expected) => {
    expect(item(note(text)).replace(/^- [\d:]+ \*\*builder::1\*\* /, "")).toBe(expected);
  });

  it("has no line that begins a heading, a list, a quote, a table or a definition", () => {
    const text = "first\n# two\n- three\n1. four\n> five\n===\n[six]: https://x\n\n   seven\n    eight\n```\n---";
    expect(item(note(text)).split("\n").slice(1)).toEqual([
      "  \\# two\\",
      "  \\- three\\",
      "  1\\. four\\",
      "  \\> five\\",
      "  \\===\\",
      "  \\[six\\]: `https://x`\\",
      "  seven\\",
      "  eight\\",
      "  \\`\\`\\`\\",
      "  \\---",
    ]);
  });

  it("is cut where nobody would read on", () => {
    expect(item(note("x.y..".repeat(200_000))).length).toBeLessThan(10_100);
  });

  it("has no secrets and no control characters", () => {
    const redact = (text: string): string => text.replaceAll("hunter2", "‹redacted›");
    const [line] = entryMarkdown(note("pass hunter2\u001b[2J\u202e"), { late: false, redact });
    expect(line).toMatch(/ pass ‹redacted›$/);
  });
});

describe("the heading of a day", () => {
  it("has the project's name as text", () => {
    expect(dayMarkdown("<alpha> x.example", "2026-12-01")).toBe("## \\<alpha\\> `x.example`, 2026-12-01");
  });
});
