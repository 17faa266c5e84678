import { Command, CommanderError, Option } from "commander";
import { OrchestratorError } from "../core/model/errors";
import { version } from "../../package.json";
import { Container, type GlobalOptions } from "./container";
import { type Action, example } from "./commandOptions";
import { type ExitCode, exitCode } from "./exitCodes";
import { reportFailure } from "./failure";
import type { Interrupts } from "./interrupts";
import type { Output } from "./output";
import { advice } from "../core/model/remedy";

/** Reads the arguments and runs the command. The exit code is told, never an exception. */
export async function runProgram(argv: readonly string[], output: Output, interrupts: Interrupts): Promise<ExitCode> {
  let code: ExitCode = exitCode.done;
  const verbose = argv.includes("--verbose");
  const program = new Command("wsh-orchestrator");
  const action = <O = object>(run: Action<O>): ((...parameters: unknown[]) => Promise<void>) => {
    return async (...parameters) => {
      const command = parameters.at(-1) as Command;
      const options = command.optsWithGlobals<O & GlobalOptions>();
      const container = new Container(options, output, interrupts);
      interrupts.leaving = () => container.leave();
      try {
        code = await run(container, command.args, options);
      } finally {
        container.close();
      }
    };
  };
  configure(program, output);
  const { registerCommands } = await import("./commands");
  registerCommands({ program, action });
  const all = (command: Command): Command[] => [command, ...command.commands.flatMap(all)];
  for (const command of all(program)) command.configureOutput(quiet).exitOverride();
  try {
    await program.parseAsync([...argv], { from: "user" });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) return reportFailure(error, output, verbose);
    if (error.exitCode === 0) return exitCode.done;
    return reportFailure(usageError(error, argv), output, verbose);
  }
}

/** Commander's own messages are reported as all other errors are. */
const quiet = { writeErr: () => undefined, outputError: () => undefined };

function configure(program: Command, output: Output): void {
  program
    .description(
      "Runs projects across many terminal sessions, keeps a readable record, and asks you only when it must.",
    )
    .version(version, "-V, --version", "print the version")
    .option(
      "--dir <dir>",
      "the workspace: the folder that holds .orchestrator (default: the nearest parent that has one)",
    )
    .option("--server <address>", "builtin, http(s)://HOST:PORT or unix:PATH")
    .option("--token-file <file>", "file with the server's token (or set WSH_TOKEN)")
    .option("--ca-file <file>", "certificates (PEM) to trust besides the system's, for https (or set WSH_CA_FILE)")
    .option("--json", "JSON on stdout, for programs")
    .option("--verbose", "say more on stderr")
    .addOption(new Option("--no-color", "no colours").hideHelp())
    .helpOption("-h, --help", "show help")
    .helpCommand("help [command]", "show help for a command")
    .configureHelp({ showGlobalOptions: true, helpWidth: Math.min(100, output.columns) })
    .configureOutput(quiet)
    .showSuggestionAfterError()
    .exitOverride()
    .addHelpText("after", example('do demo --run "echo hello"', "status", "tour"))
    .addHelpText(
      "after",
      "\nExit codes: 0 done, 1 failed, 2 usage, 3 needs a person or unknown, 4 no server, 5 not found, 130 interrupted.",
    );
}

/** `log` or `wsh-server run`, as far as the arguments name one; values of options that stand before it may hide it. */
function commandOf(argv: readonly string[]): string | undefined {
  const at = argv.findIndex((word) => !word.startsWith("-"));
  const [first, second] = [argv[at], argv[at + 1]];
  return first === "wsh-server" && second !== undefined && /^[a-z]+$/.test(second) ? `${first} ${second}` : first;
}

function usageError(error: CommanderError, argv: readonly string[]): OrchestratorError {
  const command = commandOf(argv);
  const [first = "", ...more] = error.message.replace(/^error: /, "").split("\n");
  const sentence =
    error.code === "commander.help"
      ? "A command is needed."
      : `${first.charAt(0).toUpperCase()}${first.slice(1).replace(/\.?$/, ".")}`;
  const hint = more.map((line) => line.replace(/^\((.*)\)$/, "$1")).join(" ");
  const known = error.code === "commander.help" || error.code === "commander.unknownCommand" || command === undefined;
  return new OrchestratorError(
    "usage",
    sentence,
    advice(`${hint === "" ? "" : `${hint} `}See: wsh-orchestrator ${known ? "" : `${command} `}--help`),
  );
}
