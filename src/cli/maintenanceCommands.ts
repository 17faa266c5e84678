import type { Command } from "commander";
import type { GateOptions } from "./commands/gate";
import type { RunServerOptions } from "./commands/wshServer";
import { portNumber, type Registration, wholeNumber } from "./commandOptions";
import { examples, paragraphs } from "./programHelp";

const completionHelp = `
Add to ~/.bashrc:
  source <(wsh-orchestrator completion bash)
or to ~/.zshrc:
  source <(wsh-orchestrator completion zsh)
or to ~/.config/fish/config.fish:
  wsh-orchestrator completion fish | source`;

const verifyHelp =
  "Reads every byte. What cannot be read is listed in the project's quarantine.jsonl; nothing is deleted. " +
  "The exit code is 1 if something is damaged.";

const gateHelp = [
  "The text is judged for your shell ($SHELL), as a task's commands are.",
  "Exit codes: 0 it runs at once, 3 it needs your answer, 1 it is forbidden.",
];

export function registerMaintenance(registration: Registration): void {
  const { program, action } = registration;
  program
    .command("verify")
    .description("Check the saved files of projects for damage")
    .argument("[project]", "Name of a project (default: all)")
    .addHelpText("after", paragraphs(verifyHelp))
    .addHelpText("after", examples("verify alpha"))
    .action(
      action(async (container, [project]) => {
        const { verifyRecords } = await import("./commands/verify");
        return verifyRecords(container, project);
      }),
    );
  registerGate(registration);
  registerServer(registration);
  program
    .command("completion")
    .description("Print the script that completes commands in a shell")
    .argument("<shell>", "bash, zsh or fish")
    .addHelpText("after", completionHelp)
    .addHelpText("after", examples("completion fish | source"))
    .action(
      action(async (container, [shell = ""]) => {
        const { printCompletion } = await import("./commands/completion");
        return printCompletion(container, program, shell);
      }),
    );
}

function registerGate({ program, action }: Registration): void {
  program
    .command("gate")
    .description("Say whether a command would run at once or needs your answer first; nothing runs")
    .argument("[command...]", "The command; several words are joined by spaces")
    .option("--stdin", "Read the text from standard input")
    .addHelpText("after", paragraphs(...gateHelp))
    .addHelpText("after", examples("gate -- git push --force", "gate --stdin < script.sh"))
    .action(
      action<GateOptions>(async (container, words, options) => {
        const { judgeCommand } = await import("./commands/gate");
        return judgeCommand(container, words, options);
      }),
    );
}

function registerServer({ program, action }: Registration): void {
  const server: Command = program
    .command("wsh-server")
    .description("Control the built-in session server, which runs the terminals")
    .helpCommand("help [command]", "Show the help of a command")
    .addHelpText("after", examples("wsh-server status", "wsh-server run --port 8081"));
  server
    .command("start")
    .description("Start the built-in server in the background if it is not running")
    .addHelpText("after", examples("wsh-server start"))
    .action(
      action(async (container) => {
        const { startServer } = await import("./commands/wshServer");
        return startServer(container);
      }),
    );
  server
    .command("stop")
    .description("Stop the built-in server; this ends all its sessions")
    .addHelpText("after", examples("wsh-server stop"))
    .action(
      action(async (container) => {
        const { stopServer } = await import("./commands/wshServer");
        return stopServer(container);
      }),
    );
  server
    .command("status")
    .description("Show whether the built-in server is running, and where")
    .addHelpText("after", examples("wsh-server status --json"))
    .action(
      action(async (container) => {
        const { serverStatus } = await import("./commands/wshServer");
        return serverStatus(container);
      }),
    );
  server
    .command("run")
    .description("Run a session server in this terminal, until Ctrl-C")
    .option("--socket <path>", "Listen on this Unix socket")
    .option(
      "--port <n>",
      "Listen on this port of 127.0.0.1; clients need the token of --token-file (created if there is none)",
      portNumber,
    )
    .option("--no-auth", "With --port: ask for no token; every user of this machine can connect")
    .option("--max-sessions <n>", "How many sessions may be open at once (default: 256)", wholeNumber)
    .addHelpText(
      "after",
      examples("wsh-server run --socket /tmp/mine.sock", "wsh-server run --port 8081 --token-file token"),
    )
    .action(
      action<RunServerOptions>(async (container, _args, options) => {
        const { runServer } = await import("./commands/wshServer");
        return runServer(container, options);
      }),
    );
}
