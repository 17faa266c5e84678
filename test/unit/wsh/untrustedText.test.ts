import { describe, expect, it } from "vitest";
import { mayBeRepaint } from "../../../src/adapters/wsh/rawSocket";
import { untrustedText } from "../../../src/adapters/wsh/untrustedText";

describe("text of a server in a sentence for people", () => {
  it("is one line without control, formatting and invisible characters", () => {
    expect(untrustedText("a\u001b]0;title\u0007b\r\nc\u202ed\u2028e\u0000f\u009bg")).toBe("a ]0;title b c d e f g");
  });

  it("is cut", () => {
    expect(untrustedText("x".repeat(100_000)).length).toBe(200);
    expect(untrustedText("short")).toBe("short");
  });
});

describe("repaint of a raw stream", () => {
  it.each([
    ["\x1b[H\x1b[2Jline\r\n\x1b[1;1H", true],
    ["\x1b[H\x1b[2J", true],
    ["\x1b[H\x1b[2J\x1b[3J", false],
    ["before\x1b[H\x1b[2J", false],
    ["\x1b[2J\x1b[H", false],
    ["\x1b[H", false],
    ["", false],
  ])("%j: %s", (frame, expected) => {
    expect(mayBeRepaint(Buffer.from(frame))).toBe(expected);
  });
});
