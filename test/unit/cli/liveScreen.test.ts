import { EventEmitter } from "node:events";
import { Terminal } from "@xterm/headless";
import { describe, expect, it } from "vitest";
import { LiveScreen } from "../../../src/cli/liveScreen";
import { createPaint } from "../../../src/cli/paint";
import type { Piece } from "../../../src/protocol/piece";
import { until } from "../../support/until";

/** A terminal that takes what is written to it as a stream does. */
class TerminalStream extends EventEmitter {
  readonly terminal: Terminal;
  columns: number;
  rows: number;
  written = "";
  writes = 0;

  constructor(columns: number, rows: number) {
    super();
    this.columns = columns;
    this.rows = rows;
    this.terminal = new Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: true });
  }

  write(text: string): boolean {
    this.writes++;
    this.written += text;
    this.terminal.write(text);
    return true;
  }

  resize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    this.terminal.resize(columns, rows);
    this.emit("resize");
  }

  async lines(): Promise<string[]> {
    await new Promise<void>((resolve) => this.terminal.write("", resolve));
    const { active } = this.terminal.buffer;
    const all = Array.from({ length: active.length }, (_, row) => active.getLine(row)?.translateToString(true) ?? "");
    return all.slice(0, all.findLastIndex((line) => line !== "") + 1);
  }
}

function open(
  columns = 40,
  rows = 10,
): { stream: TerminalStream; screen: LiveScreen; show: (...lines: string[]) => void } {
  const stream = new TerminalStream(columns, rows);
  let picture: Piece[][] = [[{ text: "picture" }]];
  const screen = new LiveScreen(stream as unknown as NodeJS.WriteStream, () => picture, createPaint(false));
  return {
    stream,
    screen,
    show: (...lines) => {
      picture = lines.map((text) => [{ text }]);
      screen.changed();
    },
  };
}

describe("a picture that is redrawn in place", () => {
  it("lets lines scroll above it and leaves nothing behind", async () => {
    const { stream, screen, show } = open();
    screen.start();
    screen.above(["first line"]);
    screen.above(["second line", "third line"]);
    expect(await stream.lines()).toEqual(["first line", "second line", "third line", "picture"]);
    show("one", "two");
    await until("the picture changed", async () => (await stream.lines()).includes("two"));
    expect(await stream.lines()).toEqual(["first line", "second line", "third line", "one", "two"]);
    screen.stop();
    expect(await stream.lines()).toEqual(["first line", "second line", "third line"]);
    expect(stream.written.split("\u001b[?25l").length).toBe(stream.written.split("\u001b[?25h").length);
  });

  it("scrolls long histories through a small terminal", async () => {
    const { stream, screen } = open(20, 4);
    screen.start();
    for (let line = 0; line < 30; line++) screen.above([`line ${line}`]);
    const lines = await stream.lines();
    expect(lines).toEqual([...Array.from({ length: 30 }, (_, line) => `line ${line}`), "picture"]);
    screen.stop();
  });

  it("draws nothing when nothing changed, and at most ten times a second", async () => {
    const { stream, screen, show } = open();
    screen.start();
    const before = stream.writes;
    screen.changed();
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(stream.writes).toBe(before);
    const begun = performance.now();
    let count = 0;
    while (performance.now() - begun < 450) {
      show(`number ${count++}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(stream.writes - before).toBeGreaterThanOrEqual(3);
    expect(stream.writes - before).toBeLessThanOrEqual(5);
    screen.stop();
  });

  it("finds its way when the terminal becomes narrower and reflows", async () => {
    const { stream, screen } = open(40, 12);
    screen.start();
    screen.above(["above"]);
    stream.resize(14, 12);
    stream.resize(60, 12);
    screen.above(["after"]);
    expect((await stream.lines()).filter((line) => line === "picture")).toHaveLength(1);
    expect((await stream.lines()).at(-1)).toBe("picture");
    screen.stop();
  });
});
