import { Command, CommanderError } from "commander";
import { describe, expect, it } from "vitest";
import { allCommands, createProgram } from "../../../src/cli/program";
import { usageError } from "../../../src/cli/usageError";
import { defaultMaxSessions } from "../../../src/core/model/planSchema";

const noAction = (): (() => Promise<void>) => () => Promise.resolve();

function program(columns: number): Command {
  return createProgram(columns, noAction);
}

/** `do`, `wsh-server run`; empty for the program itself. */
function nameOf(command: Command): string {
  return command.parent ? `${nameOf(command.parent)} ${command.name()}`.trim() : "";
}

function helpOf(command: Command): string {
  let text = "";
  command.configureOutput({ writeOut: (part) => (text += part) });
  command.outputHelp();
  return text;
}

const commands = allCommands(program(80)).map((command) => [nameOf(command), command] as const);

describe.each(commands.filter(([name]) => name !== ""))("the help of %s", (name, command) => {
  const help = helpOf(command);

  it("has an example of it", () => expect(help).toContain(`$ wsh-orchestrator ${name}`));

  it("points to the options of all commands in one line", () => {
    expect(help.match(/^Global options: .*$/gm)).toEqual([
      "Global options: --dir, --server, --json and more (see: wsh-orchestrator --help)",
    ]);
    expect(help).not.toContain("--token-file <file>");
  });

  it("says something of each argument and option", () => {
    for (const { description } of command.registeredArguments) expect(description).not.toBe("");
    for (const { description, hidden } of command.options) expect(hidden || description !== "").toBe(true);
  });
});

describe.each([80, 60])("help in %i columns", (columns) => {
  it.each(allCommands(program(columns)).map((command) => [nameOf(command), command] as const))(
    "fits: %s",
    (_name, command) => {
      // What people copy stays on one line.
      const lines = helpOf(command)
        .split("\n")
        .filter((line) => columns === 80 || !line.includes("wsh-orchestrator "));
      expect(lines.filter((line) => line.length > columns)).toEqual([]);
    },
  );
});

describe("the help of the program", () => {
  const help = helpOf(program(80));

  it("names all commands, before the options of all of them", () => {
    const [before, after] = help.split("Global options:");
    for (const [name] of commands.filter(([each]) => each !== "" && !each.includes(" ")))
      expect(before).toMatch(new RegExp(`^  ${name}(?:, \\w+)? {2,}\\S`, "m"));
    for (const option of ["--dir", "--server", "--token-file", "--ca-file", "--json", "--verbose", "--no-color"])
      expect(after).toContain(`  ${option}`);
  });

  it("says how many sessions a plan may have that does not say it", () => {
    const run = commands.find(([name]) => name === "do")?.[1];
    expect(helpOf(run ?? new Command()).replace(/\s+/g, " ")).toContain(
      `as the plan says, else ${defaultMaxSessions})`,
    );
  });
});

describe("a wrong command line", () => {
  it.each([
    [[], "No command was given.", "See: wsh-orchestrator --help"],
    [["statsu"], "There is no command statsu.", "Did you mean one of stats, status? See: wsh-orchestrator --help"],
    [["wsh-server"], "wsh-server needs a command.", "See: wsh-orchestrator wsh-server --help"],
    [
      ["wsh-server", "rum"],
      "There is no command wsh-server rum.",
      "Did you mean run? See: wsh-orchestrator wsh-server --help",
    ],
    [["--foo"], "There is no option --foo.", "See: wsh-orchestrator --help"],
    [
      ["--dir", "x", "log", "a", "--folow"],
      "log has no option --folow.",
      "Did you mean --follow? See: wsh-orchestrator log --help",
    ],
    [["do"], "do needs the argument <project>.", "See: wsh-orchestrator do --help"],
    [["do", "a", "--goal"], "The option --goal <text> needs a value.", "See: wsh-orchestrator do --help"],
    [
      ["handoff", "a", "b", "--to", "c"],
      "handoff needs the option --from <session>.",
      "See: wsh-orchestrator handoff --help",
    ],
    [
      ["assign", "a", "b", "--run", "ls", "--prompt", "x"],
      "--prompt <text> and --run <command> cannot be used together.",
      "See: wsh-orchestrator assign --help",
    ],
    [
      ["stop", "a", "b"],
      "stop takes only 1 argument, not 2.",
      "Put text with spaces in quotes. See: wsh-orchestrator stop --help",
    ],
    [["tour", "a"], "tour takes no arguments, not 1.", "See: wsh-orchestrator tour --help"],
    [["pull", "a", "--lines", "0"], "--lines must be a whole number, 1 or more.", "See: wsh-orchestrator pull --help"],
    [
      ["wait", "a", "-t", "5\n' x"],
      `The option --timeout cannot be "5 ' x".`,
      "Give a time such as 30s, 10m or 1h30m. See: wsh-orchestrator wait --help",
    ],
  ])("%j", async (argv: string[], message: string, next: string) => {
    const root = program(80);
    let refusing = root;
    for (const command of allCommands(root))
      command.exitOverride((error) => {
        refusing = command;
        throw error;
      });
    const refusal: unknown = await root.parseAsync(argv, { from: "user" }).catch((error: unknown) => error);
    if (!(refusal instanceof CommanderError)) throw new Error("It was not refused.");
    expect(usageError(refusal, refusing)).toMatchObject({ code: "usage", message, remedy: { text: next } });
  });
});
