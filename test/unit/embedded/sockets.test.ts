import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { keepAlive } from "../../../src/embedded/keepAlive";
import { OutgoingQueue } from "../../../src/embedded/outgoingQueue";
import { FakeWebSocket } from "./fakeWebSocket";

beforeEach(
  () =>
    void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "setTimeout", "clearTimeout", "performance"] }),
);
afterEach(() => void vi.useRealTimers());

describe("keeping a socket alive [84]", () => {
  it("pings after 30 s, and closes with 1000 after 60 s without an answer", () => {
    const peer = new FakeWebSocket();
    keepAlive(peer.socket);
    vi.advanceTimersByTime(29_900);
    expect(peer.pings).toBe(0);
    vi.advanceTimersByTime(200);
    expect([peer.pings, peer.closing]).toEqual([1, undefined]);
    vi.advanceTimersByTime(30_000);
    expect(peer.closing).toEqual([1000, "session ended"]);
    vi.advanceTimersByTime(2_100);
    expect(peer.terminated).toBe(true);
  });

  it("goes on for ever with a peer that answers", () => {
    const peer = new FakeWebSocket();
    keepAlive(peer.socket);
    peer.answers = true;
    vi.advanceTimersByTime(3_600_000);
    expect([peer.pings, peer.closing]).toEqual([120, undefined]);
  });

  it("asks nothing of a peer that speaks by itself, until it falls silent", () => {
    const peer = new FakeWebSocket();
    keepAlive(peer.socket);
    for (let at = 0; at < 60; at++) {
      vi.advanceTimersByTime(10_000);
      peer.emit(at % 2 === 0 ? "ping" : "message");
    }
    expect([peer.pings, peer.closing]).toEqual([0, undefined]);
    vi.advanceTimersByTime(60_000);
    expect([peer.pings, peer.closing]).toEqual([1, undefined]);
    vi.advanceTimersByTime(30_000);
    expect(peer.closing).toEqual([1000, "session ended"]);
  });
});

describe("what waits for a socket", () => {
  it("goes out in order, small pieces joined, at most 256 KiB ahead of the reader", () => {
    const peer = new FakeWebSocket();
    const queue = new OutgoingQueue(peer.socket, () => undefined);
    const pieces = Array.from({ length: 400 }, (_, index) => Buffer.alloc(4_000, index % 256));
    for (const piece of pieces) queue.push(piece);
    expect(queue.pendingBytes).toBe(1_600_000);
    expect(peer.sent.reduce((sum, frame) => sum + frame.length, 0)).toBeLessThan(256 * 1024 + 64 * 1024);
    peer.readAll();
    expect(Buffer.concat(peer.sent as Buffer[]).equals(Buffer.concat(pieces))).toBe(true);
    expect(peer.sent.length).toBeLessThan(150);
    expect(queue.pendingBytes).toBe(0);
  });

  it("keeps texts apart from each other and from bytes", () => {
    const peer = new FakeWebSocket();
    const queue = new OutgoingQueue(peer.socket, () => undefined);
    queue.push(Buffer.alloc(300_000));
    for (const item of [Buffer.from("a"), Buffer.from("b"), "text", "more", Buffer.from("c")]) queue.push(item);
    peer.readAll();
    expect(peer.sent.slice(1)).toEqual([Buffer.from("ab"), "text", "more", Buffer.from("c")]);
  });

  it("ends the connection when a send is blocked for 5 s, and not when it only is slow", () => {
    const peer = new FakeWebSocket();
    const queue = new OutgoingQueue(peer.socket, () => undefined);
    for (let piece = 0; piece < 20; piece++) queue.push(Buffer.alloc(100_000));
    for (let second = 0; second < 10; second++) {
      vi.advanceTimersByTime(4_000);
      peer.read();
    }
    expect(peer.terminated).toBe(false);
    vi.advanceTimersByTime(6_100);
    expect(peer.terminated).toBe(true);
  });

  it("closes after the last piece", () => {
    const peer = new FakeWebSocket();
    const queue = new OutgoingQueue(peer.socket, () => undefined);
    queue.push(Buffer.alloc(300_000));
    queue.push("last");
    queue.finish();
    queue.push("too late");
    expect(peer.closing).toBeUndefined();
    peer.readAll();
    expect(peer.sent.at(-1)).toBe("last");
    expect(peer.closing).toEqual([1000, "session ended"]);
  });
});
