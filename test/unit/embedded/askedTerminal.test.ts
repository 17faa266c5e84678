import { describe, expect, it } from "vitest";
import { AskedTerminal } from "../../../src/embedded/askedTerminal";

class Terminal {
  shown = "";

  output(bytes: Buffer): void {
    this.shown += bytes.toString("latin1");
  }
}

function opened(count: number): { asked: AskedTerminal; terminals: Terminal[]; print: (text: string) => void } {
  const asked = new AskedTerminal();
  const terminals = Array.from({ length: count }, () => new Terminal());
  for (const terminal of terminals) asked.opened(terminal);
  return { asked, terminals, print: (text) => asked.output(Buffer.from(text, "latin1")) };
}

describe("several terminals on one session", () => {
  it("see the same, and the one that was opened last is asked", () => {
    const { terminals, print } = opened(3);
    print("a\x1b[31mb\x1b[6nc");
    expect(terminals.map(({ shown }) => shown)).toEqual(["a\x1b[31mbc", "a\x1b[31mbc", "a\x1b[31mb\x1b[6nc"]);
  });

  it("hand over when the one that is asked is closed, and only then", () => {
    const { asked, terminals, print } = opened(3);
    const [first, second, third] = terminals as [Terminal, Terminal, Terminal];
    asked.closed(first);
    print("\x1b[c");
    asked.closed(third);
    print("\x1b[c");
    expect([first.shown, second.shown, third.shown]).toEqual(["", "\x1b[c", "\x1b[c"]);
    asked.closed(second);
    expect(asked.isThere).toBe(false);
    print("\x1b[c");
    asked.opened(first);
    print("\x1b[c");
    expect([first.shown, second.shown]).toEqual(["\x1b[c", "\x1b[c"]);
  });

  it("are asked once, however a question is cut", () => {
    const question = "\x1b]11;?\x1b\\";
    for (let cut = 1; cut < question.length; cut++) {
      const { terminals, print } = opened(2);
      print(`a${question.slice(0, cut)}`);
      print(`${question.slice(cut)}b`);
      expect(terminals.map(({ shown }) => shown)).toEqual(["ab", `a${question}b`]);
    }
  });

  it("are asked whole and once when the one that was asked is closed in the middle of a question", () => {
    const { asked, terminals, print } = opened(2);
    print("a\x1b[");
    asked.closed(terminals[1] as Terminal);
    print("6nb");
    expect(terminals.map(({ shown }) => shown)).toEqual(["a\x1b[6nb", "a\x1b["]);
  });

  it("leave a question that has begun to the one who heard its beginning when another one is opened", () => {
    const { asked, terminals, print } = opened(1);
    const late = new Terminal();
    print("a\x1b[");
    asked.opened(late);
    print("6nb");
    print("\x1b[c");
    expect([terminals[0]?.shown, late.shown]).toEqual(["a\x1b[6nb", "b\x1b[c"]);
  });

  it("get the beginning of a question that nobody was there for", () => {
    const { asked, print } = opened(0);
    const late = new Terminal();
    print("a\x1b[");
    asked.opened(late);
    print("6nb");
    expect(late.shown).toBe("\x1b[6nb");
  });
});
