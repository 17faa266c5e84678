import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AnswerQueue } from "../../../src/embedded/answerQueue";
import { PtyInput } from "../../../src/embedded/ptyInput";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

class Terminal {
  typed = "";
  canonical: boolean | undefined = false;
  looks = 0;
  /** Nobody reads: nothing more fits. */
  full = false;
  readonly input = new PtyInput((bytes) => {
    if (this.full) return 0;
    this.typed += bytes.toString("latin1");
    return bytes.length;
  });
  readonly queue = new AnswerQueue(this, () => Promise.resolve());

  terminalMode(): Promise<{ canonical: boolean } | undefined> {
    this.looks++;
    return Promise.resolve(this.canonical === undefined ? undefined : { canonical: this.canonical });
  }
}

const passed = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

describe("answers to a program", () => {
  it("are typed in order, where it reads keys and where that cannot be told", async () => {
    for (const canonical of [false, undefined]) {
      const terminal = new Terminal();
      terminal.canonical = canonical;
      for (const text of ["one", "two", "three"]) terminal.queue.add(text);
      await passed(0);
      expect(terminal.typed).toBe("onetwothree");
      terminal.queue.add("four");
      await passed(0);
      expect(terminal.typed).toBe("onetwothreefour");
    }
  });

  it("wait until it has set up its terminal", async () => {
    const terminal = new Terminal();
    terminal.canonical = true;
    terminal.queue.add("answer");
    await passed(100);
    expect(terminal.typed).toBe("");
    terminal.canonical = false;
    await passed(320);
    expect(terminal.typed).toBe("answer");
  });

  it("are dropped where whole lines are read: nobody asked, and the next prompt would have them", async () => {
    const terminal = new Terminal();
    terminal.canonical = true;
    terminal.queue.add("answer");
    await passed(2_000);
    terminal.canonical = false;
    await passed(10_000);
    expect(terminal.typed).toBe("");
    expect(terminal.looks).toBeLessThan(12);
  });

  it("are dropped when the command ends that asked", async () => {
    const terminal = new Terminal();
    terminal.canonical = true;
    terminal.queue.add("answer");
    await passed(20);
    terminal.queue.clear();
    terminal.canonical = false;
    await passed(10_000);
    expect(terminal.typed).toBe("");
    terminal.queue.add("next");
    await passed(0);
    expect(terminal.typed).toBe("next");
  });

  it("are as many as fit for a program that floods its terminal with questions, and keys come soon after", async () => {
    const terminal = new Terminal();
    terminal.full = true;
    for (let count = 0; count < 250_000; count++) terminal.queue.add("\x1b[24;80R");
    await passed(60_000);
    const keys = terminal.input.send(Buffer.from("\x03"));
    terminal.full = false;
    await passed(10);
    await keys;
    expect(terminal.typed.indexOf("\x03")).toBeLessThanOrEqual(512);
    await passed(10_000);
    expect(terminal.typed.length).toBeLessThanOrEqual(16 * 1024 + 1);
  });
});
