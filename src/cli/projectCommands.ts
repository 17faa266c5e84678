import { Option } from "commander";
import { entryKinds } from "../core/model/entryKinds";
import type { AssignOptions } from "./commands/assign";
import type { LogOptions } from "./commands/log";
import type { RetryOptions } from "./commands/retry";
import type { ArchiveOptions, KeepOptions } from "./commands/keep";
import type { PlanOptions } from "./commands/plan";
import type { StatsOptions } from "./commands/stats";
import type { AllOptions } from "./archivedProjects";
import type { DoOptions } from "./doOptions";
import { workOptions } from "./workOptions";
import { calendarDate, collect, type Registration, wholeNumber } from "./commandOptions";
import { examples, paragraphs } from "./programHelp";

const doHelp =
  "Without --plan and --run, do resumes the project with the plan that it has. " +
  "A task that is done and unchanged does not run again.";

const statsHelp = [
  "All figures come from the log. Times are those of sessions: two that work for an hour have worked for two. " +
    "WAITING is the time in which a session needs a person's answer. " +
    "Only time in which a process ran the project counts, because only that process writes down what sessions do.",
  "HALF WITHIN and 95% WITHIN say how soon people answered questions; " +
    "a question that was answered in the session itself has no such time. " +
    "FALSE ALARMS were shown as waiting, and a person said that they were wrong (explain --wrong).",
];

export function registerProjects(registration: Registration): void {
  registerRunning(registration);
  registerReading(registration);
  registerKeeping(registration);
}

function registerRunning({ program, action }: Registration): void {
  const run = program
    .command("do")
    .description("Run or resume a project: its plan, or what you give: commands, or a prompt for a coding agent")
    .argument("<project>", "Name of the project; it is created if it does not exist");
  workOptions(run)
    .option("--plan <file>", "Plan to run: a YAML file, which is copied into the project")
    .option("--goal <text>", "Goal of the project, in a sentence")
    .option("--role <role>", "Role of the task that you give (default: shell, or the name of the agent)")
    .option(
      "--cwd <dir>",
      "Folder that a task that you give runs in (default: the current folder), or that paths in a plan start from",
    )
    .option(
      "--max-sessions <n>",
      "How many sessions may be open at once (default: as the plan says, else 4)",
      wholeNumber,
    )
    .addOption(
      new Option(
        "--task <id>",
        "Run only this task of the plan, also when it is done, and what it needs that is not; can be repeated",
      )
        .argParser(collect)
        .conflicts(["run", "prompt", "promptFile"]),
    )
    .option("--again", "Also run the tasks that are done and unchanged")
    .option("-d, --detach", "Run in a background process, which keeps running when you close this terminal")
    .addOption(new Option("--detached", "Be that process").hideHelp())
    .addOption(new Option("--after-runner", "Be that process, once the present runner has handed over").hideHelp())
    .addHelpText("after", paragraphs(doHelp))
    .addHelpText(
      "after",
      examples(
        'do demo --run "make" --run "make test"',
        'do demo --agent codex --prompt "Add a test for the parser"',
        "do alpha --plan plan.yaml",
        "do alpha",
        "do alpha --task lint",
        "do alpha --detach",
      ),
    )
    .action(
      action<DoOptions>(async (container, [project = ""], options) => {
        const { doProject } = await import("./commands/do");
        return doProject(container, project, options);
      }),
    );
  program
    .command("plan")
    .description("Make a plan to review, of scripts, targets and tasks of this folder or of a template")
    .argument("[project]", "Name of the project (without it: list what there is)")
    .option("-l, --list", "List what there is")
    .option("--pick <name>", "Take it; repeat it for several", collect)
    .option("--template <name>", "Take a template")
    .option("--goal <text>", "Goal of the project")
    .option("--print", "Write no file")
    .addHelpText("after", examples("plan", "plan alpha --pick build --pick test", "plan demo --template node"))
    .action(
      action<PlanOptions>(async (container, [project], options) => {
        const { makePlan } = await import("./commands/plan");
        return makePlan(container, project, options);
      }),
    );
  program
    .command("stop")
    .description("Stop a running project; its sessions stay open")
    .argument("<project>", "Name of the project")
    .addHelpText("after", paragraphs("Resume it later with: wsh-orchestrator do PROJECT"))
    .addHelpText("after", examples("stop alpha"))
    .action(
      action(async (container, [project = ""]) => {
        const { stop } = await import("./commands/stop");
        return stop(container, project);
      }),
    );
  program
    .command("retry")
    .description("Run a failed task again, and the tasks that need it")
    .argument("<project>", "Name of the project")
    .argument("<task>", "Id of the task in the plan")
    .option("--again", "Also a task that succeeded")
    .addHelpText("after", examples("retry alpha build", "retry alpha build --again"))
    .action(
      action<RetryOptions>(async (container, [project = "", task = ""], options) => {
        const { retry } = await import("./commands/retry");
        return retry(container, project, task, options);
      }),
    );
  const one = program
    .command("assign")
    .description("Add one task to a project, and run it now")
    .argument("<project>", "Name of the project")
    .argument("<role>", "Role that runs the task: one of the plan, or a new one (a shell, or the agent)");
  workOptions(one)
    .option("--cwd <dir>", "Folder that the task runs in (default: the current folder)")
    .addHelpText(
      "after",
      examples(
        'assign alpha reviewer --run "git diff --stat"',
        'assign alpha coder --agent claude --prompt "Fix the build"',
      ),
    )
    .action(
      action<AssignOptions>(async (container, [project = "", role = ""], options) => {
        const { assign } = await import("./commands/assign");
        return assign(container, project, role, options);
      }),
    );
}

/** What becomes of a project that is done with. */
function registerKeeping({ program, action }: Registration): void {
  program
    .command("archive")
    .description("Put a project away: status and projects leave it out; its log, plan and sessions stay")
    .argument("<project>", "Name of the project")
    .option("--undo", "Take it back")
    .addHelpText("after", paragraphs("A project that runs again is taken back by itself."))
    .addHelpText("after", examples("archive alpha", "archive alpha --undo"))
    .action(
      action<ArchiveOptions>(async (container, [project = ""], options) => {
        const { archive } = await import("./commands/keep");
        return archive(container, project, options);
      }),
    );
  program
    .command("rename")
    .description("Give a project another name for people; its id, folder and sessions keep theirs")
    .argument("<project>", "Name or id of the project")
    .argument("<name>", "The new name")
    .addHelpText("after", examples('rename alpha "Parser of the shop"'))
    .action(
      action(async (container, [project = "", name = ""]) => {
        const { rename } = await import("./commands/keep");
        return rename(container, project, name);
      }),
    );
  program
    .command("end")
    .description("End all sessions of a project that is not running, and what runs in them")
    .argument("<project>", "Name of the project")
    .option("-y, --yes", "Do not ask")
    .addHelpText("after", examples("end alpha"))
    .action(
      action<KeepOptions>(async (container, [project = ""], options) => {
        const { end } = await import("./commands/keep");
        return end(container, project, options);
      }),
    );
  program
    .command("remove")
    .description("Take a project out of the workspace; its folder is moved beside the others")
    .argument("<project>", "Name of the project")
    .option("-y, --yes", "Do not ask")
    .addHelpText("after", examples("remove alpha"))
    .action(
      action<KeepOptions>(async (container, [project = ""], options) => {
        const { remove } = await import("./commands/keep");
        return remove(container, project, options);
      }),
    );
}

function registerReading({ program, action }: Registration): void {
  program
    .command("status")
    .alias("st")
    .description("Show what projects and sessions are doing; what needs you comes first")
    .argument("[project]", "Name of a project (default: all that are not archived)")
    .option("-a, --all", "Also archived projects (--json always has them)")
    .addHelpText("after", examples("status", "status alpha --json"))
    .action(
      action<AllOptions>(async (container, [project], options) => {
        const { showStatus } = await import("./commands/status");
        return showStatus(container, project, options);
      }),
    );
  program
    .command("log")
    .alias("logs")
    .description("Show what happened in a project, oldest first")
    .argument("<project>", "Name of the project")
    .option("-f, --follow", "Keep printing new entries until Ctrl-C")
    .option("--since <time>", "Only entries since then: an age such as 10m, 2h or 1d, or a date and time")
    .option("-n, --tail <n>", "Only the last n entries", wholeNumber)
    .option("-s, --session <session>", "Only entries of this session")
    .option("-k, --kind <kind>", "Only entries of this kind, such as note or result; repeat it for several", collect)
    .option("--day <date>", "Only entries of that day, such as 2026-11-23", calendarDate)
    .option("--markdown", "Print Markdown to paste elsewhere, in which all that others wrote is plain text")
    .addOption(
      new Option(
        "--entry <id>",
        "One entry with what belongs to it, as a command with its output, by its id or the end of it",
      ).conflicts(["follow", "since", "tail", "session", "kind", "all", "day", "markdown"]),
    )
    .option("-a, --all", "Also what prepares sessions, and what processes write for each other (--json always has it)")
    .addHelpText("after", paragraphs(`Kinds: ${entryKinds.join(", ")}.`))
    .addHelpText(
      "after",
      examples(
        "log alpha --since 1h",
        "log alpha --kind note --kind handoff --follow",
        "log alpha --entry 7Q2XKD",
        "log alpha --markdown --day 2026-11-23",
      ),
    )
    .action(
      action<LogOptions & { readonly entry?: string }>(async (container, [project = ""], options) => {
        if (options.entry !== undefined) {
          const { showEntry } = await import("./commands/logEntry");
          return showEntry(container, project, options.entry);
        }
        const { showLog } = await import("./commands/log");
        return showLog(container, project, options);
      }),
    );
  program
    .command("stats")
    .description("Show how long sessions worked and waited, and how soon people answered")
    .argument("[project]", "Name of a project (default: all)")
    .option("--since <time>", "Only what happened since then: an age such as 10m, 2h or 1d, or a date and time")
    .addHelpText("after", paragraphs(...statsHelp))
    .addHelpText("after", examples("stats", "stats alpha --since 1d", "stats alpha --json"))
    .action(
      action<StatsOptions>(async (container, [project], options) => {
        const { showStats } = await import("./commands/stats");
        return showStats(container, project, options);
      }),
    );
  program
    .command("projects")
    .description("List the projects of the workspace")
    .option("-a, --all", "Also archived projects (--json always has them)")
    .addHelpText("after", examples("projects"))
    .action(
      action<AllOptions>(async (container, _arguments, options) => {
        const { listProjects } = await import("./commands/lists");
        return listProjects(container, options);
      }),
    );
}
