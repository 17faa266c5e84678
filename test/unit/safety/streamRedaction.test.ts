import { describe, expect, test } from "vitest";
import { createRedactor } from "../../../src/core/safety/redaction";
import { redactedCommand, redactedPieces, redactedStream } from "../../../src/core/safety/streamRedaction";

const token = "ghp_abcdefghijklmnopqrstuvwxyz0123456789";
const redactor = createRedactor({ key: "test" });
const redact = (text: string): string => redactor.redact(text);
const masked = redact(token);

function encoded(text: string): string {
  return Buffer.from(text).toString("base64");
}

describe("pieces of one text", () => {
  test("a secret that reaches over several is masked once", () => {
    expect(redactedPieces(["token ", token.slice(0, 9), token.slice(9, 20), `${token.slice(20)} end`], redact)).toEqual(
      ["token ", masked, "", " end"],
    );
  });

  test("several secrets, and text without any", () => {
    const other = `ghp_${"Z9".repeat(18)}`;
    const pieces = redactedPieces([`a ${token} b ${other.slice(0, 10)}`, `${other.slice(10)} c`], redact);
    expect(pieces).toEqual([`a ${masked} b ${redact(other)}`, " c"]);
    expect(redactedPieces(["plain ", "text"], redact)).toEqual(["plain ", "text"]);
  });

  test("however it is cut, nothing of it stays, and all else does", () => {
    const whole = `before ${token} between ${token} after`;
    for (let one = 0; one <= whole.length; one += 3)
      for (let other = one; other <= whole.length; other += 5) {
        const pieces = redactedPieces([whole.slice(0, one), whole.slice(one, other), whole.slice(other)], redact);
        expect(pieces.join("")).toBe(redact(whole));
      }
  });
});

describe("a stream", () => {
  test("colours within a secret do not hide it", () => {
    const stream = `\x1b[1mkey: ${token.slice(0, 12)}\x1b[31m${token.slice(12)}\x1b[0m\r\n`;
    expect(redactedStream(stream, redact, false)).toBe(`\x1b[1mkey: ${masked}\x1b[31m\x1b[0m\r\n`);
  });

  test("texts of statuses are decoded first; titles and notifications are read, too", () => {
    const status = `7501;state=blocked:kind=permission:msg=${encoded(`run deploy ${token}`)}:id=a`;
    const clean = redactedStream(`\x1b]${status}\x1b\\\x1b]0;at ${token}\x07\x1b]9;${token}\x07`, redact, false);
    expect(clean).not.toContain("ghp_");
    expect(clean).toContain(`msg=${encoded(`run deploy ${masked}`)}:id=a\x1b\\`);
    expect(clean).toContain(`\x1b]0;at ${masked}\x07`);
    expect(redactedCommand("7501;state=idle:title=%%%", redact)).toBe("7501;state=idle:title=");
  });

  test("a clipboard, pictures and other strings of the terminal are left out, and a session's key is masked", () => {
    const clipboard = `\x1b]52;c;${encoded(token)}\x07`;
    const picture = `\x1bPq${"A".repeat(50)}\x1b\\\x1b]1337;File=:${encoded(token)}\x07`;
    expect(redactedStream(`a${clipboard}b${picture}c`, redact, false)).toBe("abc");
    expect(redactedStream("\x1b]133;A;k=6b96630ab6923506;n=1\x07$ ", redact, false)).toBe("\x1b]133;A;k=0;n=1\x07$ ");
  });

  test("one whose beginning is missing does not begin within a sequence", () => {
    expect(redactedStream(`${encoded(token)}\x07rest\x1b[0mnext\n`, redact, true)).toBe("\x1b[0mnext\n");
    expect(redactedStream(`${encoded(token)} without an end`, redact, true)).toBe("");
  });

  test("a string without an end hides nothing", () => {
    expect(redactedStream(`\x1b]0;${token}`, redact, false)).toBe(`\x1b]0;${masked}`);
  });
});
