import type { DoctorOptions } from "./commands/doctor";
import type { Registration } from "./commandOptions";
import { examples } from "./programHelp";

/** What someone does first. */
export function registerStart({ program, action }: Registration): void {
  program
    .command("tour")
    .description("Watch a small sample project run from start to finish")
    .addHelpText("after", examples("tour"))
    .action(
      action(async (container) => {
        const { takeTour } = await import("./commands/tour");
        return takeTour(container);
      }),
    );
  program
    .command("doctor")
    .description("Check this machine and workspace, and say what to fix")
    .option("--fix", "Add .orchestrator to the ignore files of tools that are used here, such as .prettierignore")
    .addHelpText("after", examples("doctor", "doctor --fix"))
    .action(
      action<DoctorOptions>(async (container, _args, options) => {
        const { runDoctor } = await import("./commands/doctor");
        return runDoctor(container, options);
      }),
    );
}
