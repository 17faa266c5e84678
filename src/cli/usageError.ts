import { readFileSync } from "node:fs";
import type { Command, CommanderError } from "commander";
import { OrchestratorError } from "../core/model/errors";
import { advice } from "../core/model/remedy";
import { brief, plural } from "../core/model/sentences";

const meantPattern = /\n\((Did you mean .*)\)$/;

/** What is wrong with a command line, in our words, and where its help is. `command`: the one that refused it. */
export function usageError(error: CommanderError, command: Command): OrchestratorError {
  const said = error.message.replace(/^error: /, "").replace(meantPattern, "");
  const meant = meantPattern.exec(error.message)?.[1] ?? "";
  const name = pathOf(command).slice(1).join(" ");
  const [sentence, next] = wordsOf(error.code, said, name, /'([^']*)'/.exec(said)?.[1] ?? "");
  const help = `See: ${pathOf(command).join(" ")} --help`;
  return new OrchestratorError("usage", sentence, advice([next, meant, help].filter((each) => each !== "").join(" ")));
}

/** An argument that is not UTF-8: Node gives another text for it, which would be typed or saved in its place. */
export function unreadableArgument(argv: readonly string[]): OrchestratorError | undefined {
  const argument = argv.find((each) => each.includes("\ufffd"));
  if (argument === undefined || wasGivenSo()) return undefined;
  return new OrchestratorError(
    "usage",
    `The argument ${JSON.stringify(brief(argument, 60))} is not UTF-8.`,
    advice("Give it in UTF-8; the locale of the terminal may be another one."),
  );
}

/** Whether the arguments are UTF-8 as they were given, so that a replacement character in them is meant. */
function wasGivenSo(): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(readFileSync("/proc/self/cmdline"));
    return true;
  } catch {
    return false;
  }
}

function pathOf(command: Command): string[] {
  return [...(command.parent ? pathOf(command.parent) : []), command.name()];
}

/** What is wrong, and what to do where that is more than to read the help. */
function wordsOf(code: string, said: string, name: string, flag: string): [string, string] {
  switch (code) {
    case "commander.help":
      return [name === "" ? "No command was given." : `${name} needs a command.`, ""];
    case "commander.unknownCommand":
      return [`There is no command ${[name, flag].filter((each) => each !== "").join(" ")}.`, ""];
    case "commander.unknownOption":
      return [name === "" ? `There is no option ${flag}.` : `${name} has no option ${flag}.`, ""];
    case "commander.missingArgument":
      return [`${name} needs the argument <${flag}>.`, ""];
    case "commander.missingMandatoryOptionValue":
      return [`${name} needs the option ${longOf(flag)}.`, ""];
    case "commander.optionMissingArgument":
      return [`The option ${longOf(flag)} needs a value.`, ""];
    case "commander.conflictingOption": {
      const [, one = "", other = ""] = /^option '(.+?)' cannot be used with option '(.+?)'/.exec(said) ?? [];
      return [`${longOf(one)} and ${longOf(other)} cannot be used together.`, ""];
    }
    case "commander.excessArguments": {
      const [, most = "", given = ""] = /Expected (\d+) arguments? but got (\d+)/.exec(said) ?? [];
      const taken = most === "0" ? "no arguments" : `only ${plural(Number(most), "argument")}`;
      return [`${name} takes ${taken}, not ${given}.`, most === "0" ? "" : "Put text with spaces in quotes."];
    }
    case "commander.invalidArgument": {
      const [, flags = "", wrong = "", next = ""] =
        /^option '(.+?)' argument '(.*)' is invalid\. (.*)$/s.exec(said) ?? [];
      const option = longOf(flags).replace(/ .*/, "");
      if (next.startsWith("must ")) return [`${option} ${next}.`, ""];
      return [`The option ${option} cannot be ${JSON.stringify(brief(wrong, 40))}.`, next];
    }
    default:
      return [`${said.charAt(0).toUpperCase()}${said.slice(1).replace(/\.?$/, ".")}`, ""];
  }
}

/** `--lines <n>` of `-n, --lines <n>`. */
function longOf(flags: string): string {
  return flags.replace(/^-\w, /, "");
}
