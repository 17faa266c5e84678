import type { AddHelpTextContext, Argument, Command, Help, HelpConfiguration, Option } from "commander";

const widest = 80;
/** With less room than this beside the terms, what is said of them stands below. */
const narrowestBeside = 20;
/** Narrower text is left to the terminal. */
const narrowest = 8;
const belowIndent = "    ";

/** Of the options that every command has; all of them stand in the program's own help. */
const globalOptionsLine = "Global options: --dir, --server, --json and more (see: wsh-orchestrator --help)";

/** How help looks: commands come before options, and the options that every command has are shown once. */
export function helpConfiguration(columns: number): HelpConfiguration {
  return {
    helpWidth: Math.min(widest, columns),
    minWidthToWrap: narrowest,
    formatItem: (term, width, description, help) => {
      const cells = help.helpWidth ?? widest;
      if (description === "") return `  ${term}`;
      if (cells - width - 4 >= narrowestBeside)
        return `  ${term.padEnd(width)}  ${help.boxWrap(description, cells - width - 4).replaceAll("\n", `\n${" ".repeat(width + 4)}`)}`;
      const below = help.boxWrap(description, cells - belowIndent.length);
      return `  ${term}\n${belowIndent}${below.replaceAll("\n", `\n${belowIndent}`)}`;
    },
    subcommandTerm: (command) => [command.name(), ...command.aliases()].join(", "),
    formatHelp: (command, help) =>
      [
        `Usage: ${help.commandUsage(command)}`,
        "",
        help.boxWrap(help.commandDescription(command), help.helpWidth ?? widest),
        "",
        ...commandLists(command, help),
        ...optionLists(command, help),
      ].join("\n"),
  };
}

/** Paragraphs below the options, as wide as the rest. */
export function paragraphs(...texts: readonly string[]): (context: AddHelpTextContext) => string {
  return ({ command }) => {
    const help = command.createHelp();
    return texts.map((text) => `\n${help.boxWrap(text, help.helpWidth ?? widest)}`).join("\n");
  };
}

/** The last lines of every help: examples, without the name of the program. */
export function examples(...lines: readonly string[]): string {
  return `\nExample${lines.length > 1 ? "s" : ""}:\n${lines.map((line) => `  $ wsh-orchestrator ${line}`).join("\n")}`;
}

/** Points from the help of a command to the options that it shares with all others. */
export function globalOptionsPointer(context: AddHelpTextContext): string {
  return context.command.parent ? paragraphs(globalOptionsLine)(context) : "";
}

function commandLists(command: Command, help: Help): string[] {
  const width = help.longestSubcommandTermLength(command, help);
  const groups = help.groupItems([...command.commands], help.visibleCommands(command), groupOf);
  return [...groups].flatMap(([title, commands]) =>
    list(
      title,
      commands.map((each) => help.formatItem(help.subcommandTerm(each), width, help.subcommandDescription(each), help)),
    ),
  );
}

function groupOf(command: Command): string {
  return command.helpGroup() || "Commands:";
}

function optionLists(command: Command, help: Help): string[] {
  const width = Math.max(help.longestArgumentTermLength(command, help), help.longestOptionTermLength(command, help));
  const argument = (each: Argument): string =>
    help.formatItem(help.argumentTerm(each), width, help.argumentDescription(each), help);
  const option = (each: Option): string =>
    help.formatItem(help.optionTerm(each), width, help.optionDescription(each), help);
  return [
    ...list("Arguments:", help.visibleArguments(command).map(argument)),
    ...list(command.parent ? "Options:" : "Global options:", help.visibleOptions(command).map(option)),
  ];
}

function list(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [title, ...items, ""];
}
