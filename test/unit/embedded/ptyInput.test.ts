import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { InputRefusal, PtyInput } from "../../../src/embedded/ptyInput";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A terminal that takes at most so many bytes at a time, and none while it is stuck. */
function terminal(atOnce: number): { written: string; stuck: boolean; write: (bytes: Buffer) => number } {
  const self = {
    written: "",
    stuck: false,
    write: (bytes: Buffer): number => {
      if (self.stuck) return 0;
      const taken = bytes.subarray(0, atOnce);
      self.written += taken.toString("latin1");
      return taken.length;
    },
  };
  return self;
}

describe("input for a terminal", () => {
  it("is written in order and whole, however little the terminal takes", async () => {
    const target = terminal(7);
    const input = new PtyInput(target.write);
    const pieces = ["a".repeat(100), "b".repeat(3), "c".repeat(50)];
    await Promise.all(pieces.map((piece) => input.send(Buffer.from(piece))));
    await vi.runAllTimersAsync();
    expect(target.written).toBe(pieces.join(""));
  });

  it("waits for a terminal that takes nothing for a while", async () => {
    const target = terminal(1_000);
    target.stuck = true;
    const input = new PtyInput(target.write);
    await input.send(Buffer.from("hello"));
    await vi.advanceTimersByTimeAsync(60_000);
    target.stuck = false;
    await vi.advanceTimersByTimeAsync(20);
    expect(target.written).toBe("hello");
  });

  it("is refused after 5 s of a full queue, and taken when there is room before", async () => {
    const target = terminal(1_000_000);
    target.stuck = true;
    const input = new PtyInput(target.write);
    for (let piece = 0; piece < 64; piece++) await input.send(Buffer.alloc(5_000, 120));
    const outcomes: string[] = [];
    const send = (): Promise<void> =>
      input.send(Buffer.from("late")).then(
        () => void outcomes.push("taken"),
        (error: unknown) => void outcomes.push(error instanceof InputRefusal ? error.kind : "?"),
      );
    void send();
    await vi.advanceTimersByTimeAsync(4_900);
    expect(outcomes).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect(outcomes).toEqual(["full"]);
    void send();
    target.stuck = false;
    await vi.advanceTimersByTimeAsync(100);
    expect(outcomes).toEqual(["full", "taken"]);
    expect(target.written).toBe("x".repeat(320_000) + "late");
  });

  it("takes many small pieces although nobody reads them", async () => {
    const target = terminal(0);
    const input = new PtyInput(target.write);
    for (let key = 0; key < 1_000; key++) await input.send(Buffer.from("k"));
    input.close();
  });

  it("is refused once the session is over, also what waits", async () => {
    const target = terminal(0);
    const input = new PtyInput(target.write);
    for (let piece = 0; piece < 64; piece++) await input.send(Buffer.alloc(5_000));
    const waiting = expect(input.send(Buffer.from("x"))).rejects.toMatchObject({ kind: "ended" });
    input.close();
    await waiting;
    await expect(input.send(Buffer.from("x"))).rejects.toMatchObject({ kind: "ended" });
  });

  it("that is meant for this moment is written in it or never", async () => {
    const target = terminal(4);
    const input = new PtyInput(target.write);
    expect(input.writeNow(Buffer.from("yes\r"))).toBe(true);
    expect(target.written).toBe("yes\r");
    target.stuck = true;
    expect(input.writeNow(Buffer.from("late"))).toBe(false);
    await input.send(Buffer.from("typed"));
    target.stuck = false;
    expect(input.writeNow(Buffer.from("late"))).toBe(false);
    await vi.runAllTimersAsync();
    expect(target.written).toBe("yes\rtyped");
    input.close();
    expect(input.writeNow(Buffer.from("late"))).toBe(false);
  });
});
