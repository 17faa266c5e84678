import { Option, type Command } from "commander";
import { agentModes, type AgentMode } from "../core/model/agentProfile";
import { collect } from "./commandOptions";

/** What a task of `do` and `assign` is to do. */
export interface WorkOptions {
  readonly run?: readonly string[];
  readonly prompt?: string;
  readonly promptFile?: string;
  readonly agent?: string;
  readonly mode?: AgentMode;
  readonly model?: string;
}

/** Adds the options that say what a task is to do. */
export function workOptions(command: Command): Command {
  return command
    .option(
      "--run <command>",
      "Command to run. Repeat --run for more; each runs only if the one before succeeded",
      collect,
    )
    .addOption(new Option("--prompt <text>", "What a coding agent should do, in place of --run").conflicts("run"))
    .addOption(
      new Option("--prompt-file <file>", "The same from a text file, which is read now").conflicts(["run", "prompt"]),
    )
    .addOption(
      new Option(
        "--agent <name>",
        "Coding agent that gets the prompt: codex, claude … (default: as the role says)",
      ).conflicts("run"),
    )
    .addOption(
      new Option("--mode <mode>", "How much the agent may do without asking (default: as it is set up)")
        .choices(agentModes)
        .conflicts("run"),
    )
    .addOption(new Option("--model <model>", "Model that the agent is started with").conflicts("run"));
}
