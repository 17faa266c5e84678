import { describe, expect, it } from "vitest";
import type { Screen } from "../../../src/core/ports/sessions";
import { DrawnTerminal } from "../../../src/extension/terminals/drawnTerminal";

const screen = (text: string, alternate_active: boolean): Screen => ({
  lines: [text, ""],
  rows: 2,
  cols: 40,
  cursor: { row: 0, col: 0, visible: true },
  total_lines: 2,
  alternate_active,
});

function terminal(): { drawn: DrawnTerminal; shown: () => string } {
  const parts: string[] = [];
  const drawn = new DrawnTerminal((text) => parts.push(text));
  drawn.size = { rows: 2, cols: 40 };
  drawn.enter();
  return { drawn, shown: () => parts.splice(0).join("") };
}

describe("a session's terminal in VS Code", () => {
  it("keeps a full-screen picture when its server is lost, and says why over its last row", () => {
    const { drawn, shown } = terminal();
    drawn.draw(screen("full picture", true));
    expect(shown()).toContain("\x1b[?1049h");
    drawn.leave();
    drawn.say("The server\x1b[2J is gone.");
    const said = shown();
    expect(said).toContain("\x1b7\x1b[2;1H\x1b[2K\x1b[0;7m The server is gone. \x1b[0m\x1b8");
    expect(said).not.toMatch(/\?1049l|\x1b\[2J|\n/);
    drawn.enter();
    drawn.draw(screen("full picture", true));
    expect(shown()).not.toContain("\x1b[?1049h");
  });

  it("says below the screen what it has to say, and uncovers the screen when a full-screen program ends with its session", () => {
    const { drawn, shown } = terminal();
    drawn.draw(screen("$ ", false));
    shown();
    drawn.say("It has ended.");
    expect(shown()).toBe("\r\n\x1b[0;7m It has ended. \x1b[0m\r\n");
    drawn.draw(screen("full picture", true));
    shown();
    drawn.uncover();
    drawn.say("It has ended.");
    expect(shown()).toBe("\x1b[?1049l\r\n\x1b[0;7m It has ended. \x1b[0m\r\n");
  });

  it("has the screen below a full-screen picture drawn anew when it was attached again: what stands there is older", () => {
    const { drawn } = terminal();
    let uncovered = 0;
    const ignore = (): void => undefined;
    drawn.listener = { keys: ignore, resized: ignore, uncovered: () => uncovered++, disturbed: ignore, gone: ignore };
    const leave = new TextEncoder().encode("\x1b[?1049l");
    drawn.draw(screen("$ ", false));
    drawn.draw(screen("full picture", true));
    drawn.write(leave);
    expect(uncovered).toBe(0);
    drawn.leave();
    drawn.enter();
    expect(drawn.isDrawn).toBe(false);
    drawn.draw(screen("full picture", true));
    expect(drawn.isDrawn).toBe(true);
    drawn.write(leave);
    expect(uncovered).toBe(1);
  });
});
