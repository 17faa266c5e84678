import { collect, example, type Registration, wholeNumber } from "./program";
import type { DoOptions } from "./commands/do";

/** All commands with their options. What a command needs is loaded when it runs. */
export function registerCommands({ program, action }: Registration): void {
  program
    .command("do")
    .description("run a project: its plan, or the commands that are given")
    .argument("<project>", "name of the project; made when there is none")
    .option("--goal <text>", "what is to be reached")
    .option("--plan <file>", "take this plan (it is copied into the project)")
    .option("--role <role>", "the role that runs the commands")
    .option("--run <command>", "a command; several run one after the other, each if the one before succeeded", collect)
    .option("--cwd <dir>", "folder to work in")
    .option("--max-sessions <n>", "how many sessions may be open at once", wholeNumber)
    .option("--again", "also repeat tasks that are done and unchanged")
    .addHelpText("after", example('do demo --run "make" --run "make test"', "do alpha --plan plan.yaml", "do alpha"))
    .action(
      action<DoOptions>(async (container, [project = ""], options) => {
        const { doProject } = await import("./commands/do");
        return doProject(container, project, options);
      }),
    );
}
