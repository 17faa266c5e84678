import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { StreamScanner } from "../../../src/core/sense/streamScanner";

interface Seen {
  readonly events: string[];
  output: string;
}

/** Scans the chunks one after the other; runs of output are joined, because chunks may cut them. */
function scan(...chunks: (string | Uint8Array)[]): Seen {
  const seen: Seen = { events: [], output: "" };
  const note = (text: string): unknown => seen.events.push(text);
  const scanner = new StreamScanner({
    mark: (mark) => {
      note(
        `mark ${mark.letter} ${mark.status ?? "-"} ${JSON.stringify(mark.fields)} after ${JSON.stringify(seen.output)}`,
      );
      seen.output += "|";
    },
    printable: () => undefined,
    output: (bytes) => {
      seen.output += Buffer.from(bytes).toString("latin1");
    },
    mode: (mode) => note(`mode ${JSON.stringify(mode)}`),
    title: (text) => note(`title ${text}`),
    bell: () => note("bell"),
    osc: (code, data) => note(`osc ${code} ${data}`),
  });
  for (const chunk of chunks) scanner.write(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
  return seen;
}

function printables(...chunks: string[]): number {
  let count = 0;
  const scanner = new StreamScanner({ printable: () => count++ });
  for (const chunk of chunks) scanner.write(Buffer.from(chunk));
  return count;
}

describe("StreamScanner", () => {
  it("reads marks ended by BEL and by ST, with fields and status", () => {
    const seen = scan("a\x1b]133;D;42;k=ab;n=7\x07b\x1b]133;A;l=1:0,2:1,\x1b\\c");
    expect(seen.events).toEqual(['mark D 42 {"k":"ab","n":"7"} after "a"', 'mark A - {"l":"1:0,2:1,"} after "a|b"']);
    expect(seen.output).toBe("a|b|c");
  });

  it("does not take a field for a property of all objects", () => {
    expect(scan("\x1b]133;A;__proto__=x;constructor=y\x07").events[0]).toContain('"constructor":"y"');
  });

  it("gives everything else as output, byte by byte", () => {
    const text = "x\x1b[31m\x1b]0;ti;tle\x07\x1b]8;;http://x\x1b\\é\x00\xff\x1bPq#0\x1b\\\x1b(B\x1b=\x1b";
    expect(scan(Buffer.from(text, "latin1"), "[m").output).toBe(`${text}[m`);
  });

  it("tells titles, bells, modes and other commands", () => {
    expect(
      scan("\x07\x1b]2;hello; world\x07\x1b[?1049;2004h\x1b[?25l\x1b[?47l\x1b]7;file://h/p\x1b\\\x1bc").events,
    ).toEqual([
      "bell",
      "title hello; world",
      'mode {"bracketedPaste":true,"alternateScreen":true}',
      'mode {"cursorVisible":false}',
      'mode {"alternateScreen":false}',
      "osc 7 file://h/p",
      'mode {"bracketedPaste":false,"alternateScreen":false,"cursorVisible":true,"mouse":false}',
    ]);
  });

  it("counts visible characters only, once a run", () => {
    expect(printables("\r\n \t\x1b[31m\x1b=\x1b]0;title\x07\x1b[K\x1bPdata\x1b\\\b\x7f\x00")).toBe(0);
    expect(printables("abc def")).toBe(1);
    expect(printables("a\x1b[mb")).toBe(2);
    expect(printables("é")).toBe(1);
    expect(printables("\x1b[3", "1m")).toBe(0);
  });

  it("tells how the cursor goes around visible text, in order", () => {
    const told: string[] = [];
    const scanner = new StreamScanner({ printable: () => told.push("text"), cursor: (move) => told.push(move) });
    scanner.write(Buffer.from("\r\n  a b\rc\x1b[3C\x1b[2D\x1b[1A\x1b[4;5H\x1b[31m\x1b[K\x1b[?1h\bd\ne"));
    expect(told.join(" ")).toBe("return down text return text right left elsewhere elsewhere left text");
  });

  it("takes a mark that is broken off for no mark, and reads the next one", () => {
    for (const broken of [
      "\x1b]133;D;0",
      "\x1b]133;D;0\x18",
      "\x1b]133;D;0\x1a",
      "\x1b]0;title",
      "\x1b[",
      "\x1b",
      "\x1bPdata",
    ]) {
      const seen = scan(`${broken}\x1b]133;A\x07`);
      expect(seen.events, JSON.stringify(broken)).toEqual([`mark A - {} after ${JSON.stringify(broken)}`]);
    }
  });

  it("skips a command that is too long, passes it on, and reads what follows", () => {
    const long = `\x1b]52;c;${"A".repeat(70_000)}`;
    const seen = scan(long.slice(0, 40_000), `${long.slice(40_000)}\x07text\x1b]133;B\x07`);
    expect(seen.events).toEqual([`mark B - {} after ${JSON.stringify(`${long}\x07text`)}`]);
  });

  it("forgets a half-read mark when it is reset", () => {
    const events: string[] = [];
    const scanner = new StreamScanner({ mark: (mark) => events.push(mark.letter) });
    scanner.write(Buffer.from("\x1b]133;A"));
    scanner.reset();
    scanner.write(Buffer.from(";k=1\x07\x1b]133;B\x07"));
    expect(events).toEqual(["B"]);
  });

  it("sees the same however the bytes are cut", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "\x1b]133;A;k=1\x07",
        "\x1b]133;D;3;k=1\x1b\\",
        "\x1b]0;t\x07",
        "\x1b[?1049h",
        "\x1b[?2004l",
        "\x1b[1;31m",
        "\x1b",
        "\x1b\x1b",
        "\x1b]",
        "\x1b]133;C",
        "\x1b[",
        "\x07",
        "\x18",
        "\x1bPq",
        "\x1b\\",
        "\x1b(",
        "漢é",
        "\r\n",
        "\0",
      ),
      fc.string({ maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), fc.array(fc.nat(60), { maxLength: 12 }), (pieces, cuts) => {
        const bytes = Buffer.from(pieces.join(""));
        const chunks: Uint8Array[] = [];
        let from = 0;
        for (const cut of cuts) {
          chunks.push(bytes.subarray(from, from + cut));
          from += cut;
        }
        chunks.push(bytes.subarray(from));
        const whole = scan(bytes);
        const parts = scan(...chunks);
        expect(parts.events).toEqual(whole.events);
        // A sequence that the text ends with is held back by both alike.
        expect(parts.output).toBe(whole.output);
      }),
      { numRuns: 3000, seed: 20261123 },
    );
  });

  it("loses no byte of a text without marks, once a sequence is over", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const text = Buffer.from(bytes).toString("latin1");
        fc.pre(!text.includes("133"));
        expect(scan(bytes, "\x18").output).toBe(`${text}\x18`);
      }),
      { numRuns: 1000, seed: 20261123 },
    );
  });

  it("is fast on plain and on colored text", () => {
    const plain = Buffer.from("The quick brown fox jumps over the lazy dog.\r\n".repeat(1500));
    const colored = Buffer.from("\x1b[32mok\x1b[0m some text that follows it\r\n".repeat(1700));
    const scanner = new StreamScanner({
      mark: () => undefined,
      printable: () => undefined,
      output: () => undefined,
      mode: () => undefined,
      bell: () => undefined,
    });
    const rate = (chunk: Uint8Array): number => {
      for (let round = 0; round < 50; round++) scanner.write(chunk);
      const start = performance.now();
      for (let round = 0; round < 100; round++) scanner.write(chunk);
      return (chunk.length * 100) / 1000 / (performance.now() - start);
    };
    // In MB/s, with a wide margin for a busy machine.
    const rates = { plain: rate(plain), colored: rate(colored) };
    expect(rates.plain, JSON.stringify(rates)).toBeGreaterThan(100);
    expect(rates.colored, JSON.stringify(rates)).toBeGreaterThan(10);
  });
});
