import { describe, expect, it } from "vitest";
import { commandIn, commandNames } from "../../../src/cli/commandNames";
import { createProgram } from "../../../src/cli/program";

describe("the name of the command, before the arguments are understood", () => {
  it("is that of any command, or its short form", () => {
    const program = createProgram(80, () => () => Promise.resolve());
    const all = program.commands.flatMap((command) => [command.name(), ...command.aliases()]);
    expect([...commandNames].sort()).toEqual([...all, "help"].sort());
  });

  it("is found behind options, and none is none", () => {
    expect([
      commandIn(["--json", "status"]),
      commandIn(["--dir", "/w", "send", "b", "x"]),
      commandIn(["--help"]),
    ]).toEqual(["status", "send", "none"]);
  });
});
