import { describe, expect, it } from "vitest";
import { isAnswer, queriesIn } from "../../../src/core/sense/terminalQueries";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("what programs ask of a terminal", () => {
  it("is found in output, in its order, also across pieces", () => {
    const asked =
      "\x1b[?u\x1b[>0q\x1b]11;?\x1b\\\x1bP+q696e646e\x1b\\\x1b[0c\x1b[6n\x1b[?996n\x1b[18t\x1b[?2026$p\x1b]4;1;?\x07\x1bP$qm\x1b\\";
    expect(queriesIn([bytes(`a\x1b[1m${asked}žluť`)])).toBe(asked);
    expect(queriesIn(Array.from(asked, bytes))).toBe(asked);
  });

  it("is nothing else", () => {
    const shown =
      "text \x1b[31m\x1b[2J\x1b[3;4H\x1b[?25h\x1b]11;#102030\x07\x1b]0;title?\x07\x1b[8;24;80t\x1b[=5u\x1b[0 q";
    expect(queriesIn([bytes(shown)])).toBe("");
  });
});

describe("keys that a terminal sends by itself", () => {
  it.each([
    "\x1b[?62;22c",
    "\x1b[>0;276;0c",
    "\x1b[0n",
    "\x1b[24;80R",
    "\x1b[?0u",
    "\x1b[?2026;2$y",
    "\x1b[8;24;80t",
    "\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\",
    "\x1bP>|iTerm2 3.5\x1b\\",
    "\x1b]11;rgb:0/0/0\x07\x1b[?1;2c",
  ])("%j is an answer", (keys) => {
    expect(isAnswer(bytes(keys))).toBe(true);
  });

  it.each(["", "\x1b", "a", "\x1b[A", "\x1b[27u", "\x1b[200~ls\x1b[201~", "\x1b[I", "\x1b[<0;1;1M", "\x1b[?1;2cx"])(
    "%j is none",
    (keys) => {
      expect(isAnswer(bytes(keys))).toBe(false);
    },
  );
});
