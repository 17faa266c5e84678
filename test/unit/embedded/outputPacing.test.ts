import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { OutputPacing } from "../../../src/embedded/outputPacing";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] }));
afterEach(() => void vi.useRealTimers());

const megabyte = 1024 * 1024;

class Reader {
  pendingBytes = 0;
  lastProgress = performance.now();

  /** It has so much waiting, and has just taken something. */
  moves(pendingBytes: number): void {
    this.pendingBytes = pendingBytes;
    this.lastProgress = performance.now();
  }
}

function pacing(...readers: Reader[]): {
  paused: () => boolean;
  emulator: { pending: number };
  check: () => void;
  remove: (reader: Reader) => void;
} {
  let paused = false;
  const emulator = { pending: 0 };
  const source = {
    pause: (): void => {
      paused = true;
    },
    resume: (): void => {
      paused = false;
    },
  };
  const own = new OutputPacing(source, () => emulator.pending);
  for (const reader of readers) own.add(reader);
  return { paused: () => paused, emulator, check: () => own.check(), remove: (reader) => own.remove(reader) };
}

describe("pacing of a terminal's output", () => {
  it("waits for the emulator between its marks", () => {
    const { paused, emulator, check } = pacing();
    const states = [299_000, 301_000, 150_000, 99_000, 150_000].map((pending) => {
      emulator.pending = pending;
      check();
      return paused();
    });
    expect(states).toEqual([false, true, true, false, false]);
  });

  it("waits for an only reader as long as it takes something", () => {
    const reader = new Reader();
    const { paused, check } = pacing(reader);
    for (let second = 0; second < 60; second++) {
      reader.moves(2 * megabyte);
      check();
      expect(paused()).toBe(true);
      vi.advanceTimersByTime(900);
    }
    reader.moves(megabyte / 8);
    check();
    expect(paused()).toBe(false);
  });

  it("goes on without a reader that takes nothing", () => {
    const reader = new Reader();
    const { paused, check } = pacing(reader);
    reader.moves(2 * megabyte);
    check();
    expect(paused()).toBe(true);
    vi.advanceTimersByTime(1_100);
    expect(paused()).toBe(false);
  });

  it("waits for a fast reader that is behind, beside one that stands still", () => {
    const [stalled, fast] = [new Reader(), new Reader()];
    const { paused, check } = pacing(stalled, fast);
    stalled.moves(4 * megabyte);
    vi.advanceTimersByTime(2_000);
    fast.moves(2 * megabyte);
    check();
    expect(paused()).toBe(true);
    fast.moves(0);
    check();
    expect(paused()).toBe(false);
  });

  it("lets a slow reader hold up a fast one only for a short part of the time", () => {
    const [slow, fast] = [new Reader(), new Reader()];
    const { paused, check } = pacing(slow, fast);
    let held = 0;
    for (let step = 0; step < 1_000; step++) {
      slow.moves(3 * megabyte);
      fast.moves(0);
      check();
      if (paused()) held++;
      vi.advanceTimersByTime(50);
    }
    expect(held).toBeGreaterThan(10);
    expect(held).toBeLessThan(150);
  });

  it("goes on when the reader that it waited for is gone", () => {
    const reader = new Reader();
    const { paused, check, remove } = pacing(reader);
    reader.moves(2 * megabyte);
    check();
    remove(reader);
    expect(paused()).toBe(false);
  });
});
