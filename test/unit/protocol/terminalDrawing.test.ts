import { Terminal } from "@xterm/headless";
import { describe, expect, it } from "vitest";
import {
  guessedModes,
  noticeOver,
  pictureOf,
  restoredTerminal,
  sendingModesOf,
} from "../../../src/protocol/terminalDrawing";
import { toScreen } from "../../../src/adapters/wsh/wireConversions";
import type { Screen } from "../../../src/core/ports/sessions";
import { ScreenModel } from "../../../src/embedded/screenModel";

const ignore = { parsed: (): void => undefined, switched: (): void => undefined };

async function screenOf(text: string, size = { rows: 6, cols: 20 }): Promise<Screen> {
  const model = new ScreenModel(size, ignore);
  await new Promise<void>((resolve) => model.write(Buffer.from(text), resolve));
  return toScreen(model.screen("styled"));
}

/** What a terminal shows that got these bytes: another model of it. */
const shown = (text: string, size?: { rows: number; cols: number }): Promise<Screen> => screenOf(text, size);

const full = "\x1b[1;31mred\x1b[0m plain \x1b[48;2;1;2;3mrgb  \x1b[0m\r\n日本語 e\u0301\r\n\x1b[7minverse\x1b[0m";

describe("a session's screen", () => {
  it.each([
    ["text and styles", full],
    ["a cursor in the middle", `${full}\x1b[2;4H`],
    ["a hidden cursor", `${full}\x1b[?25l`],
    ["full rows", `${"x".repeat(20)}\r\n${"y".repeat(40)}\x1b[1;1H`],
    ["a pending wrap", `a\r\n${"x".repeat(20)}`],
    ["an empty one", ""],
    ["the last row", "1\r\n2\r\n3\r\n4\r\n5\r\n6"],
  ])("is drawn truly: %s", async (_, text) => {
    const screen = await screenOf(text);
    // On a terminal that is full of something else, in the middle of a sequence, with margins and without wrapping.
    const before = `${"junk ".repeat(24)}\x1b[2;3r\x1b[?7l\x1b[1;4;33m\x1b]0;half a tit`;
    const drawn = await shown(before + pictureOf(screen, 6));
    expect({ ...drawn, total_lines: 0 }).toEqual({ ...screen, total_lines: 0 });
  });

  it("goes on as the session would", async () => {
    for (const text of [`a\r\n${"x".repeat(20)}`, full, "1\r\n2\r\n3\r\n4\r\n5\r\n6"]) {
      const more = "and more text than fits\r\nnext";
      const drawn = await shown(pictureOf(await screenOf(text), 6) + more);
      const real = await screenOf(text + more);
      expect({ lines: drawn.lines, cursor: drawn.cursor }).toEqual({ lines: real.lines, cursor: real.cursor });
    }
  });

  it("fits another size", async () => {
    const screen = await screenOf("1\r\n2\r\n3\r\n4\r\n5\r\n6", { rows: 6, cols: 20 });
    const small = await shown(pictureOf(screen, 3), { rows: 3, cols: 20 });
    expect(
      small.lines.map((line) => (typeof line === "string" ? line : line.map(({ text }) => text).join(""))),
    ).toEqual(["4", "5", "6"]);
    expect(small.cursor).toEqual(expect.objectContaining({ row: 2, col: 1 }));
    const large = await shown(`${"junk\r\n".repeat(8)}${pictureOf(screen, 8)}`, { rows: 8, cols: 20 });
    expect(large.lines.slice(6)).toEqual([[], []]);
    expect(large.cursor).toEqual(expect.objectContaining({ row: 5, col: 1 }));
  });

  it("has the notice over a row where nobody types", async () => {
    const text = (screen: Screen): string[] =>
      screen.lines.map((line) => (typeof line === "string" ? line : line.map((span) => span.text).join("")).trim());
    const high = await screenOf("$ ");
    expect(
      text(await shown(pictureOf(high, 6) + noticeOver(high, { rows: 6, cols: 20 }, "Ctrl-] detaches"))).at(-1),
    ).toBe("Ctrl-] detaches");
    const low = await screenOf("1\r\n2\r\n3\r\n4\r\n5\r\n$ ");
    const drawn = await shown(
      pictureOf(low, 6) + noticeOver(low, { rows: 6, cols: 20 }, "Ctrl-] detaches, and a long tail"),
    );
    expect(text(drawn)).toEqual(["Ctrl-] detaches,", "2", "3", "4", "5", "$"]);
    expect(drawn.cursor).toEqual(low.cursor);
  });
});

describe("the modes that decide what is sent", () => {
  it("are those of the session, whatever they were", async () => {
    for (const modes of [[], [1, 66, 1000, 1006], [1002, 1006, 2004], [1003, 1004], [9]]) {
      expect((await shown(`\x1b[?1;1003;1004;2004h\x1b=${sendingModesOf(modes)}`)).private_modes).toEqual(modes);
    }
    const terminal = new Terminal({ allowProposedApi: true });
    await new Promise<void>((resolve) => terminal.write(sendingModesOf([1, 66, 1002, 1006, 2004]), resolve));
    expect(terminal.modes).toMatchObject({
      applicationCursorKeysMode: true,
      applicationKeypadMode: true,
      mouseTrackingMode: "drag",
      bracketedPasteMode: true,
    });
  });

  it("are guessed where the server does not tell", () => {
    expect(guessedModes({ alternate_active: true }, false)).toEqual([1, 66]);
    expect(guessedModes({ alternate_active: false }, true)).toEqual([2004]);
    expect(guessedModes({ alternate_active: false }, false)).toEqual([]);
  });
});

describe("the terminal afterwards", () => {
  it("has no mode of the session left", async () => {
    const terminal = new Terminal({ rows: 6, cols: 20, allowProposedApi: true });
    const untouched = terminal.modes;
    const session =
      "mine\r\n\x1b[?1049h\x1b[?1;6;1003;1004;1006;2004h\x1b[4h\x1b=\x1b[?7l\x1b[2;4r\x1b[1;31m\x1b(0\x0e\x1b[?25lqqq\x1b]2;half";
    await new Promise<void>((resolve) =>
      terminal.write(session + restoredTerminal({ alternate: true, palette: [] }), resolve),
    );
    expect(terminal.modes).toEqual(untouched);
    expect(terminal.buffer.active.type).toBe("normal");
    expect(terminal.buffer.active.getLine(0)?.translateToString(true)).toBe("mine");
    // Next to the saved place, plain, with the whole screen to scroll.
    await new Promise<void>((resolve) => terminal.write("after", resolve));
    expect(terminal.buffer.active.getLine(1)?.translateToString(true)).toBe("after");
    expect(terminal.buffer.active.getLine(1)?.getCell(0)?.isAttributeDefault()).toBe(true);
  });

  it("gets back the colours that were changed, and no others", () => {
    expect(restoredTerminal({ alternate: false, palette: [4, 11] })).toMatch(/\x1b\]104\x07\x1b\]111\x07/);
    expect(restoredTerminal({ alternate: false, palette: [] })).not.toContain("\x1b]");
  });
});
