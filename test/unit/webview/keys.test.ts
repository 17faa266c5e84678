import { describe, expect, it } from "vitest";
import { keyMeaning, type KeyMeaning, type KeyModes } from "../../../webview-ui/shared/keys";

const usual: KeyModes = { mac: false, modes: [], selected: false };

/** `Ctrl+Shift+x` and so on. */
function meaning(chord: string, modes: Partial<KeyModes> = {}): KeyMeaning {
  const parts = chord === "+" ? ["+"] : chord.split("+");
  const key = parts.pop() ?? "";
  const has = (name: string): boolean => parts.includes(name);
  return keyMeaning(
    {
      key: key === "Space" ? " " : key,
      ctrl: has("Ctrl"),
      alt: has("Alt"),
      shift: has("Shift"),
      meta: has("Meta"),
      altGraph: has("AltGr"),
    },
    { ...usual, ...modes },
  );
}

const bytes = (chord: string, modes: Partial<KeyModes> = {}): unknown => {
  const found = meaning(chord, modes);
  return typeof found === "string" ? found : found.bytes;
};

describe("keys of a session", () => {
  it("are what xterm sends", () => {
    const table: readonly (readonly [string, string])[] = [
      ["Enter", "\r"],
      ["Escape", "\x1b"],
      ["Backspace", "\x7f"],
      ["Ctrl+Backspace", "\b"],
      ["Alt+Backspace", "\x1b\x7f"],
      ["Tab", "\t"],
      ["Shift+Tab", "\x1b[Z"],
      ["ArrowUp", "\x1b[A"],
      ["Ctrl+ArrowLeft", "\x1b[1;5D"],
      ["Shift+ArrowRight", "\x1b[1;2C"],
      ["Alt+ArrowDown", "\x1b[1;3B"],
      ["Home", "\x1b[H"],
      ["End", "\x1b[F"],
      ["Delete", "\x1b[3~"],
      ["Insert", "\x1b[2~"],
      ["PageUp", "\x1b[5~"],
      ["PageDown", "\x1b[6~"],
      ["Shift+Delete", "\x1b[3;2~"],
      ["F2", "\x1bOQ"],
      ["F5", "\x1b[15~"],
      ["F12", "\x1b[24~"],
      ["Shift+F3", "\x1b[1;2R"],
      ["Ctrl+a", "\x01"],
      ["Ctrl+c", "\x03"],
      ["Ctrl+d", "\x04"],
      ["Ctrl+p", "\x10"],
      ["Ctrl+r", "\x12"],
      ["Ctrl+z", "\x1a"],
      ["Ctrl+Space", "\0"],
      ["Ctrl+[", "\x1b"],
      ["Ctrl+\\", "\x1c"],
      ["Ctrl+/", "\x1f"],
      ["Alt+b", "\x1bb"],
      ["Alt+.", "\x1b."],
    ];
    expect(table.map(([chord]) => [chord, bytes(chord)])).toEqual(table);
  });

  it("follow the mode of application cursor keys", () => {
    expect(["ArrowUp", "Home", "Ctrl+ArrowUp"].map((chord) => bytes(chord, { modes: [1] }))).toEqual([
      "\x1bOA",
      "\x1bOH",
      "\x1b[1;5A",
    ]);
  });

  it("leave characters to the browser, also those of AltGr, dead keys and a Mac's Option", () => {
    expect(["a", "é", "漢", "AltGr+@", "Ctrl+Alt+AltGr+{"].map((chord) => meaning(chord))).toEqual(
      Array(5).fill("text"),
    );
    expect(meaning("Alt+l", { mac: true })).toBe("text");
  });

  it("leave VS Code and the browser their own", () => {
    const kept = [
      "F1",
      "F6",
      "F11",
      "Ctrl+Shift+P",
      "Ctrl+Shift+p",
      "Ctrl+Shift+V",
      "Ctrl+v",
      "Shift+Insert",
      "Meta+c",
      "Meta+k",
      "Ctrl+Tab",
      "Ctrl+PageDown",
      "Ctrl+1",
      "Ctrl+`",
      "Ctrl+Alt+k",
      "Shift+PageUp",
      "Shift",
      "Control",
      "Dead",
      "AudioVolumeUp",
      "Ctrl+F4",
    ];
    expect(kept.map((chord) => [chord, meaning(chord)])).toEqual(kept.map((chord) => [chord, "editor"]));
  });

  it("give the keyboard back with Ctrl+], and copy what is selected with Ctrl+C", () => {
    expect(meaning("Ctrl+]")).toBe("leave");
    expect(meaning("Ctrl+c", { selected: true })).toBe("copy");
  });
});
