import { describe, expect, it } from "vitest";
import { type MouseAct, mouseBytes, takesMouse, takesMoves } from "../../../src/protocol/mouseReport";

const at: MouseAct = {
  action: "press",
  button: "left",
  row: 4,
  col: 9,
  x: 85,
  y: 70,
  shift: false,
  alt: false,
  ctrl: false,
  lines: 0,
};
const sent = (act: Partial<MouseAct>, modes: readonly number[], alternate = true): string => {
  const bytes = mouseBytes({ ...at, ...act }, modes, alternate);
  return typeof bytes === "string" ? bytes : Buffer.from(bytes).toString("latin1");
};
const release = { action: "release" } as const;
const move = { action: "move", button: "none" } as const;
const wheel = (action: MouseAct["action"], lines = 3): Partial<MouseAct> => ({ action, button: "none", lines });

describe("what the mouse sends", () => {
  it.each([
    ["a press, SGR", {}, [1000, 1006], "\x1b[<0;10;5M"],
    ["a release, SGR", release, [1000, 1006], "\x1b[<0;10;5m"],
    [
      "a middle press with Ctrl and Alt, SGR",
      { button: "middle", ctrl: true, alt: true },
      [1002, 1006],
      "\x1b[<25;10;5M",
    ],
    ["a drag, SGR", { action: "move" }, [1002, 1006], "\x1b[<32;10;5M"],
    ["a drag that nobody asked for", { action: "move" }, [1000, 1006], ""],
    ["a move, SGR", move, [1003, 1006], "\x1b[<35;10;5M"],
    ["a move that nobody asked for", move, [1002, 1006], ""],
    ["the wheel up, SGR", wheel("wheelUp"), [1000, 1006], "\x1b[<64;10;5M"],
    ["the wheel down, SGR", wheel("wheelDown"), [1002, 1006], "\x1b[<65;10;5M"],
    ["the wheel sideways, SGR", wheel("wheelRight"), [1003, 1006], "\x1b[<67;10;5M"],
    ["pixels", {}, [1003, 1016], "\x1b[<0;85;70M"],
    ["a press, as xterm began", {}, [1000], "\x1b[M \x2a\x25"],
    ["a release, as xterm began", release, [1000], "\x1b[M#\x2a\x25"],
    ["a byte that is no ASCII", { col: 150 }, [1000], "\x1b[M \xb7\x25"],
    ["a place that a byte has no room for", { col: 223 }, [1000], ""],
    ["a press of X10", { shift: true }, [9], "\x1b[M \x2a\x25"],
    ["a release of X10", release, [9], ""],
    ["the wheel of X10", wheel("wheelUp"), [9], ""],
    ["UTF-8", { col: 299 }, [1000, 1005], "\x1b[M \u014c\x25"],
    ["urxvt's", release, [1000, 1015], "\x1b[35;10;5M"],
  ] as const)("%s", (_name, act, modes, bytes) => expect(sent(act as Partial<MouseAct>, modes)).toBe(bytes));

  it("turns the wheel into arrows in a full-screen program that asked for no mouse, and into nothing at a prompt", () => {
    expect(sent(wheel("wheelUp", 2), [])).toBe("\x1b[A\x1b[A");
    expect(sent(wheel("wheelDown", 1), [1])).toBe("\x1bOB");
    expect(sent(wheel("wheelLeft"), [])).toBe("");
    expect(sent({}, [])).toBe("");
    expect(sent(wheel("wheelUp"), [], false)).toBe("");
  });

  it("knows who asked", () => {
    expect([[], [1006], [1, 2004], [9], [1000], [1003]].map(takesMouse)).toEqual([
      false,
      false,
      false,
      true,
      true,
      true,
    ]);
    expect([[1002], [1003]].map(takesMoves)).toEqual([false, true]);
  });
});
