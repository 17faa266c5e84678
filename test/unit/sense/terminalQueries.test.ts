import { describe, expect, it } from "vitest";
import { isAnswer, QueryFilter, unshownIn } from "../../../src/core/sense/terminalQueries";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("what programs ask of a terminal", () => {
  it("is found in output, in its order, also across pieces", () => {
    const asked =
      "\x1b[?u\x1b[>0q\x1b]11;?\x1b\\\x1bP+q696e646e\x1b\\\x1b[0c\x1b[6n\x1b[?996n\x1b[18t\x1b[?2026$p\x1b]4;1;?\x07\x1bP$qm\x1b\\\x1b]7501;?\x07";
    expect(unshownIn([bytes(`a\x1b[1m${asked}žluť`)])).toBe(asked);
    expect(unshownIn(Array.from(asked, bytes))).toBe(asked);
  });

  it("is nothing else", () => {
    const shown =
      "text \x1b[31m\x1b[2J\x1b[3;4H\x1b[?25h\x1b]11;#102030\x07\x1b]9;a notification\x07\x1b]1;icon\x07\x1b[8;24;80t\x1b[=5u\x1b[0 q";
    expect(unshownIn([bytes(shown)])).toBe("");
  });
});

describe("what programs tell a terminal beside what they draw", () => {
  it("is found in output, behind what they ask, byte by byte as it came", () => {
    const told = "\x1b]0;žluť\x07\x1b]9;4;1;20\x1b\\\x1b]7501;state=working:app=a\x1b\\\x1b]2;b\x07";
    const found = unshownIn([bytes(`a${told.slice(0, 9)}`), bytes(`${told.slice(9)}\x1b[c`)]);
    expect(Buffer.from(found, "latin1").toString()).toBe(`\x1b[c${told}`);
  });
});

describe("output without what programs ask", () => {
  const asked = [
    ..."\x1b[c \x1b[>c \x1b[=c \x1b[6n \x1b[?6n \x1b[?996n \x1b[>0q \x1b[?u \x1b[14t \x1b[?2004$p \x1b[x \x1bZ".split(
      " ",
    ),
    ..."\x1b[?4m \x1b[1$w \x1b[?1;1;0S \x1bP+q696e\x1b\\ \x1bP$q q\x1b\\ \x1b]11;?\x07".split(/ (?!q)/),
    ..."\x1b]4;1;?;2;?\x1b\\ \x1b]52;c;?\x07 \x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\".split(" "),
    ..."\x1b]7501;?\x07 \x1b]7501;?\x1b\\".split(" "),
  ];
  const shown = [
    ..."a \x1b[1;31m \x1b]0;c?\x1b\\ ž \x1b[?25h \x1b]11;#102030\x07 \x1bP1$r0m\x1b\\ \x1b]133;A\x07 \x1b[12;40H".split(
      " ",
    ),
    ..."\x1b]8;;https://a.example/?\x07 \x1b_Ga=T;AAAA\x1b\\ \x1b[2;4r \x1b(B \x1b[18;1H".split(" "),
    ..."\x1b]7501;state=idle\x07 \x1b]7501;?x\x07 \x1b]777;?\x07".split(" "),
  ];
  const output = Buffer.from(shown.map((text, index) => `${text}${asked[index] ?? ""}`).join("") + asked.join("x"));
  const wanted = `${shown.join("")}${"x".repeat(asked.length - 1)}`;
  const filtered = (...pieces: Uint8Array[]): string => {
    const filter = new QueryFilter();
    const rest = pieces.map((piece) => Buffer.from(filter.without(piece)));
    return Buffer.concat([...rest, filter.begun]).toString();
  };

  it("has all the rest, wherever it was cut", () => {
    expect(filtered(output)).toBe(wanted);
    expect(filtered(...Array.from(output, (byte) => Uint8Array.of(byte)))).toBe(wanted);
    for (let cut = 1; cut < output.length; cut++)
      expect(filtered(output.subarray(0, cut), output.subarray(cut))).toBe(wanted);
  });

  it("holds nothing back but what may be the beginning of a question, and not for ever", () => {
    const filter = new QueryFilter();
    const text = (given: string): string => Buffer.from(filter.without(bytes(given))).toString("latin1");
    expect([text("plain"), text("\x1b]0;title"), text("more\x07\x1b[1"), text("m")]).toEqual([
      "plain",
      "\x1b]0;title",
      "more\x07",
      "\x1b[1m",
    ]);
    expect(text(`\x1b]11;${"x".repeat(100)}`)).toBe("");
    expect(text("x".repeat(10_000))).toHaveLength(10_105);
    expect(filter.begun).toHaveLength(0);
  });

  it("is found quickly in what only looks like many questions", () => {
    const filter = new QueryFilter();
    const begun = performance.now();
    for (const text of ["\x1b[", "\x1bP+q", "\x1b]11;", "\x1b_Ga=q", "\x1b[1;", "\x1b"])
      filter.without(bytes(text.repeat(100_000)));
    expect(performance.now() - begun).toBeLessThan(2_000);
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
    "\x1b]7501;?\x1b\\\x1b[?1;2c",
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
