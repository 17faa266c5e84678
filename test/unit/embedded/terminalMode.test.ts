import { describe, expect, it } from "vitest";
import { parseTerminalMode, programName } from "../../../src/embedded/terminalMode";

const linux = (local: string): string =>
  `speed 38400 baud; rows 50; columns 200; line = 0;\nintr = ^C; min = 1; time = 0;\n-parenb cs8\n${local} iexten -echok echoctl echoke\n`;
const mac = (local: string): string =>
  `speed 9600 baud; 50 rows; 200 columns;\nlflags: ${local} -echoe -echok -echonl\niflags: -istrip icrnl\n`;

describe("how a terminal takes what is typed", () => {
  it.each([
    ["a command that shows it", linux("isig icanon echo echoe"), { echo: true, canonical: true }],
    ["a password prompt", linux("isig icanon -echo echoe"), { echo: false, canonical: true }],
    ["a shell's prompt", linux("isig -icanon -echo echoe"), { echo: false, canonical: false }],
    ["a password prompt of macOS", mac("icanon isig iexten -echo"), { echo: false, canonical: true }],
    ["a prompt of macOS", mac("-icanon isig iexten -echo"), { echo: false, canonical: false }],
  ])("is read from what stty prints of %s", (_, text, mode) => {
    expect(parseTerminalMode(text)).toEqual(mode);
  });

  it.each(["", "stty: standard input: Inappropriate ioctl for device", "echoe icanonx"])(
    "is unknown from %j",
    (text) => {
      expect(parseTerminalMode(text)).toBeUndefined();
    },
  );
});

describe("the name of the program in front", () => {
  it.each([
    ["vi\n", "vi\0notes.txt\0", "vi"],
    ["-bash\n", "-bash\0", "bash"],
    ["tmux: client\n", "tmux\0attach\0", "tmux"],
    ["/usr/bin/top\n", "", "top"],
    ["MainThread\n", "node\0/opt/bin/agent\0", "node"],
    ["MainThread\n", "/opt/node/bin/node\0", "node"],
    ["claude\n", "claude\0", "claude"],
  ])("is known from %j and %j", (process, commandLine, name) => {
    expect(programName(process, commandLine)).toBe(name);
  });

  it("is unknown where neither says it", () => {
    expect(programName("", "")).toBeUndefined();
    expect(programName("MainThread\n", "")).toBeUndefined();
  });
});
