import { describe, expect, it } from "vitest";
import { readKeptTerminals, readTerminalPlace, terminalMemory } from "../../../src/extension/terminals/terminalMemory";

const memory = (stored: Readonly<Record<string, unknown>>): Parameters<typeof readKeptTerminals>[0] => ({
  get: (key: string) => stored[key] as never,
});

describe("what a window remembers of its terminals", () => {
  it("is read as it was written", () => {
    const kept = [
      { key: "/w#a", name: "proj-a::shell::1", column: null, front: false },
      { key: "/w#a", name: "proj-a::shell::2", column: 2, front: true },
    ];
    expect(readKeptTerminals(memory({ [terminalMemory.attached]: kept }))).toEqual(kept);
    expect(readTerminalPlace(memory({ [terminalMemory.place]: "beside" }))).toBe("beside");
  });

  it("is nothing where something else stands there", () => {
    const whole = { key: "k", name: "n", column: 1, front: false };
    const broken = [null, 7, {}, { ...whole, column: 0 }, { ...whole, column: 1.5 }, { ...whole, name: undefined }];
    expect(readKeptTerminals(memory({ [terminalMemory.attached]: [...broken, whole] }))).toEqual([whole]);
    for (const stored of [undefined, "text", { length: 1 }])
      expect(readKeptTerminals(memory({ [terminalMemory.attached]: stored }))).toEqual([]);
    for (const stored of [undefined, "elsewhere", 1])
      expect(readTerminalPlace(memory({ [terminalMemory.place]: stored }))).toBe("editor");
  });
});
