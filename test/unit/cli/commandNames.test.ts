import { describe, expect, it } from "vitest";
import { commandIn, commandNames } from "../../../src/cli/commandNames";
import { createProgram } from "../../../src/cli/program";

const noAction = () => () => Promise.resolve();

describe("the name of the command, before the arguments are understood", () => {
  it("is that of any command, or its short form", () => {
    const program = createProgram(80, noAction);
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

  it("is enough to set the command up as it is among all others", () => {
    const all = createProgram(80, noAction).commands;
    for (const name of all.flatMap((command) => [command.name(), ...command.aliases()])) {
      const whole = all.find((command) => [command.name(), ...command.aliases()].includes(name));
      const { commands } = createProgram(80, noAction, name);
      const alone = commands.find((command) => [command.name(), ...command.aliases()].includes(name));
      expect([name, alone?.helpInformation()]).toEqual([name, whole?.helpInformation()]);
    }
    expect(createProgram(80, noAction, "note").commands.length).toBeLessThan(all.length / 4);
  });
});
