import { Command, CommanderError } from "commander";
import { version } from "../../package.json";
import { commandIn } from "./commandNames";
import { registerCommands } from "./commands";
import { defaultColumns } from "../core/session/sessionSize";
import { columnCount, durationOrNone, type MakeAction } from "./commandOptions";
import { Container, type GlobalOptions } from "./container";
import { type ExitCode, exitCode } from "../protocol/exitCodes";
import { reportFailure } from "./failure";
import type { Interrupts } from "./interrupts";
import type { Output } from "./output";
import { examples, globalOptionsPointer, helpConfiguration, paragraphs } from "./programHelp";
import { unreadableArgument, usageError } from "./usageError";

/** Reads the arguments and runs the command. The exit code is told, never an exception. */
export async function runProgram(argv: readonly string[], output: Output, interrupts: Interrupts): Promise<ExitCode> {
  const unreadable = unreadableArgument(argv);
  if (unreadable) return reportFailure(unreadable, output, argv.includes("--verbose"));
  const asksForHelp = argv.some((argument) => argument === "--help" || argument === "-h");
  const named = asksForHelp ? undefined : commandIn(argv);
  const code = named === undefined ? undefined : await runCommand(argv, output, interrupts, named);
  return code ?? (await runCommand(argv, output, interrupts)) ?? exitCode.failed;
}

/** `named`: only its group is known. Undefined when the arguments make no sense then: they may with all commands. */
async function runCommand(
  argv: readonly string[],
  output: Output,
  interrupts: Interrupts,
  named?: string,
): Promise<ExitCode | undefined> {
  let code: ExitCode = exitCode.done;
  const makeAction: MakeAction = (run) => {
    return async (...parameters) => {
      const command = parameters.at(-1) as Command;
      const options = command.optsWithGlobals<Parameters<typeof run>[2] & GlobalOptions>();
      const container = new Container(options, output, interrupts);
      interrupts.leaving = () => container.leave();
      try {
        code = await run(container, command.args, options);
      } finally {
        container.close();
      }
    };
  };
  const program = createProgram(output.columns, makeAction, named);
  let refusing = program;
  for (const command of allCommands(program))
    command.configureOutput({ ...quiet, writeOut: (text) => output.raw(text) }).exitOverride((error) => {
      refusing = command;
      throw error;
    });
  try {
    await program.parseAsync([...argv], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCode.done;
    if (error instanceof CommanderError && refusing === program && named !== undefined) return undefined;
    const said = error instanceof CommanderError ? usageError(error, refusing) : error;
    return reportFailure(said, output, argv.includes("--verbose"));
  }
}

/** Commander's own messages are reported as all other errors are. */
const quiet = { writeErr: () => undefined, outputError: () => undefined };

/** The program and its commands, those of its commands too. */
export function allCommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(allCommands)];
}

const exitCodesHelp =
  "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 needs your answer or has an unknown outcome, 4 no server, " +
  "5 not found, 130 interrupted.";

/** All commands and options, or those of the `named` one's group. `columns`: of the terminal that shows the help. */
export function createProgram(columns: number, action: MakeAction, named?: string): Command {
  const program = new Command("wsh-orchestrator")
    .description(
      "Runs projects in many terminal sessions, keeps a log of what happens, " +
        "and asks you only when your answer is needed.",
    )
    .option(
      "--dir <dir>",
      "Workspace: the folder that holds .orchestrator (default: the nearest parent folder that has one, " +
        "not above the root of a git work tree, else the current folder; env: WSH_ORCHESTRATOR_DIR)",
    )
    .option(
      "--server <address>",
      "Session server: builtin, http(s)://HOST:PORT or unix:PATH (default: that of the project, once you have " +
        "chosen it, else a running wsh of yours, else builtin; env: WSH_ORCHESTRATOR_SERVER)",
    )
    .option(
      "--token-file <file>",
      "File that holds the token of the server (or set WSH_TOKEN to the token); only the server that you name with " +
        "it, now or earlier, gets it",
    )
    .option("--ca-file <file>", "PEM file of certificates to trust for https, besides the system's (env: WSH_CA_FILE)")
    .option(
      "--quiet-after <time>",
      "Say that a session at work is quiet when it has printed nothing new for this time, such as 10m; 0: never " +
        "(default: 10m; env: WSH_ORCHESTRATOR_QUIET_AFTER)",
      durationOrNone,
    )
    .option(
      "--ask-when-quiet",
      "Ask about a command of a task that has printed nothing new for that time, also where its plan has no quiet " +
        "(env: WSH_ORCHESTRATOR_ASK_WHEN_QUIET=1)",
    )
    .option(
      "--session-columns <n>",
      `Make new sessions this wide (default: ${defaultColumns}; env: WSH_ORCHESTRATOR_SESSION_COLUMNS)`,
      columnCount,
    )
    .option("--json", "Print JSON, for programs")
    .option("--verbose", "Print details on stderr")
    .option("--no-color", "Print without colours (env: NO_COLOR)")
    .option(
      "--no-signals",
      "Do not tell the terminal what runs: no title, progress or status (env: WSH_ORCHESTRATOR_NO_SIGNALS=1)",
    )
    .version(version, "-V, --version", "Print the version")
    .helpOption("-h, --help", "Show this help")
    .configureHelp(helpConfiguration(columns))
    .configureOutput(quiet)
    .showSuggestionAfterError()
    .exitOverride()
    .addHelpText("after", examples("tour", 'do demo --run "echo hello"', "status", "help do"))
    .addHelpText("after", paragraphs(exitCodesHelp))
    .addHelpText("afterAll", globalOptionsPointer);
  registerCommands({ program, action }, named);
  return program;
}
