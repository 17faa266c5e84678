import { describe, expect, it } from "vitest";
import { readScrollback } from "../../../src/adapters/wsh/scrollbackPages";
import { maxScrollbackPage } from "../../../src/adapters/wsh/wire";

/** A buffer of numbered lines that may grow and drop lines between requests, as a full history does. */
class Buffered {
  lines: string[];
  requests = 0;
  constructor(
    count: number,
    readonly between: (buffer: Buffered) => void = () => undefined,
  ) {
    this.lines = Array.from({ length: count }, (_, index) => String(index));
  }

  /** Prints `count` more lines and forgets as many. */
  scroll(count: number): void {
    const last = Number(this.lines.at(-1));
    for (let index = 1; index <= count; index++) this.lines.push(String(last + index));
    this.lines.splice(0, count);
  }

  page = (offset: number, limit: number): Promise<{ lines: string[]; total_lines: number }> => {
    const answer = {
      lines: this.lines.slice(offset, offset + Math.min(limit, maxScrollbackPage)),
      total_lines: this.lines.length,
    };
    this.requests++;
    this.between(this);
    return Promise.resolve(answer);
  };
}

function consecutive(lines: readonly unknown[]): boolean {
  return lines.every((line, index) => index === 0 || Number(line) === Number(lines[index - 1]) + 1);
}

describe("scrollback in pages", () => {
  it("reads the last lines, oldest first", async () => {
    const buffer = new Buffered(200);
    expect(await readScrollback(3, buffer.page)).toEqual({ lines: ["197", "198", "199"], total_lines: 200 });
    expect(buffer.requests).toBe(2);
  });

  it("gives all there is when more is wanted, and nothing when nothing is", async () => {
    expect((await readScrollback(1_000, new Buffered(5).page)).lines).toEqual(["0", "1", "2", "3", "4"]);
    expect(await readScrollback(0, new Buffered(5).page)).toEqual({ lines: [], total_lines: 5 });
    expect(await readScrollback(10, new Buffered(0).page)).toEqual({ lines: [], total_lines: 0 });
  });

  it("joins pages without a gap or a double", async () => {
    const { lines } = await readScrollback(50_000, new Buffered(25_024).page);
    expect(lines.length).toBe(25_024);
    expect(consecutive(lines)).toBe(true);
  });

  it("reads again when the history moved between two pages", async () => {
    let moves = 1;
    const buffer = new Buffered(10_024, (self) => {
      if (self.requests === 2 && moves-- > 0) self.scroll(30);
    });
    const { lines } = await readScrollback(50_000, buffer.page);
    expect(consecutive(lines)).toBe(true);
    expect(lines.length).toBe(10_024);
    expect(buffer.requests).toBe(6);
  });

  it("ends also when the history never rests or gets shorter", async () => {
    const restless = new Buffered(10_024, (self) => self.scroll(5));
    expect((await readScrollback(50_000, restless.page)).lines.length).toBe(10_024);
    const shrinking = new Buffered(10_024, (self) => self.lines.splice(24));
    expect((await readScrollback(50_000, shrinking.page)).lines.length).toBeLessThanOrEqual(24);
  });
});
