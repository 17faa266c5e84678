import { type Command, Option } from "commander";
import type { AssignOptions } from "./commands/assign";
import type { AnswerOptions } from "./commands/attention";
import type { AttachOptions } from "./commands/attach";
import type { DoOptions } from "./doOptions";
import type { HandoffOptions } from "./commands/handoff";
import type { KillOptions } from "./commands/kill";
import type { SessionsOptions } from "./commands/lists";
import type { LogOptions } from "./commands/log";
import type { NoteOptions } from "./commands/note";
import type { PullOptions } from "./commands/pull";
import type { SendOptions } from "./commands/send";
import type { WaitOptions } from "./commands/wait";
import type { RunServerOptions } from "./commands/wshServer";
import { defaultDetachKey } from "./detachKey";
import { collect, duration, example, portNumber, type Registration, wholeNumber } from "./commandOptions";

/** All commands with their options. What a command needs is loaded when it runs. */
export function registerCommands(registration: Registration): void {
  registerWork(registration);
  registerSessions(registration);
  registerRecord(registration);
  registerPeople(registration);
  registerMachine(registration);
}

function registerWork({ program, action }: Registration): void {
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
    .option("-d, --detach", "leave it to a process of its own, which outlives this terminal")
    .addOption(new Option("--detached", "be that process").hideHelp())
    .addOption(new Option("--after-runner", "be that process, once the present driver has handed over").hideHelp())
    .addHelpText(
      "after",
      example('do demo --run "make" --run "make test"', "do alpha --plan plan.yaml", "do alpha", "do alpha --detach"),
    )
    .action(
      action<DoOptions>(async (container, [project = ""], options) => {
        const { doProject } = await import("./commands/do");
        return doProject(container, project, options);
      }),
    );
  program
    .command("stop")
    .description("end the run of a project, wherever it is; its sessions stay")
    .argument("<project>")
    .addHelpText("after", example("stop alpha"))
    .action(
      action(async (container, [project = ""]) => {
        const { stop } = await import("./commands/stop");
        return stop(container, project);
      }),
    );
  program
    .command("retry")
    .description("do a task that did not succeed again, with all that need it")
    .argument("<project>")
    .argument("<task>", "its id in the plan")
    .addHelpText("after", example("retry alpha build"))
    .action(
      action(async (container, [project = "", task = ""]) => {
        const { retry } = await import("./commands/retry");
        return retry(container, project, task);
      }),
    );
  program
    .command("assign")
    .description("give a role of a project one more task, now")
    .argument("<project>")
    .argument("<role>", "a role of the plan, or a new one with a shell")
    .option("--run <command>", "a command; several run one after the other", collect)
    .option("--cwd <dir>", "folder to work in")
    .addHelpText("after", example('assign alpha reviewer --run "git diff --stat"'))
    .action(
      action<AssignOptions>(async (container, [project = "", role = ""], options) => {
        const { assign } = await import("./commands/assign");
        return assign(container, project, role, options);
      }),
    );
}

const attachHelp = `
Every key goes to the session, the detach key alone does not: to send that one, choose another with --detach-key.
While you are attached the session has the size of this terminal. Keys and output are written nowhere.`;

const waitHelp = `
A session of ours is idle when its shell is back at the prompt; any other when it has been quiet for two seconds.
A project: 0 done, 1 failed, 3 when it waits for a person or nobody drives it. 3 also when the time is over.`;

function registerSessions({ program, action }: Registration): void {
  program
    .command("send")
    .description("type into a session")
    .argument("<session>", "its name, or an unambiguous end of it")
    .argument("<text...>", "what to type; put -- before text that begins with a dash")
    .option("--no-enter", "do not press Enter")
    .option("--wait", "wait for the end of the command; its exit code is in the answer")
    .option("-y, --yes", "confirm what the policy asks about (at a terminal)")
    .addHelpText("after", example('send builder::1 "make test" --wait', "send builder::1 --no-enter -- --help"))
    .action(
      action<SendOptions>(async (container, [session = "", ...text], options) => {
        const { sendText } = await import("./commands/send");
        return sendText(container, session, text, options);
      }),
    );
  program
    .command("pull")
    .description("show screen and scrollback of a session")
    .argument("<session>")
    .option("-n, --lines <n>", "only the last lines", wholeNumber)
    .option("-f, --follow", "go on as lines come, until the session ends")
    .option("--styled", "with colours and styles")
    .addHelpText("after", example("pull builder::1 --lines 50", "pull proj-alpha::builder::1 --follow"))
    .action(
      action<PullOptions>(async (container, [session = ""], options) => {
        const { pullSession } = await import("./commands/pull");
        return pullSession(container, session, options);
      }),
    );
  program
    .command("attach")
    .description("make this terminal that session, until you detach or it ends")
    .argument("<session>", "its name; of a session that is not ours the full one")
    .option(
      "--detach-key <key>",
      `the key that detaches: ctrl- and a letter or one of ] \\ ^ _ @ (default: ${defaultDetachKey})`,
    )
    .addHelpText("after", attachHelp)
    .addHelpText("after", example("attach builder::1", "attach proj-alpha::builder::1 --detach-key ctrl-q"))
    .action(
      action<AttachOptions>(async (container, [session = ""], options) => {
        const { attachSession } = await import("./commands/attach");
        return attachSession(container, session, options);
      }),
    );
  program
    .command("wait")
    .description("wait until a session is idle or ended, or until nobody drives a project any more")
    .argument("<session|project>", "the name of a project, or of a session or an unambiguous end of it")
    .option("-t, --timeout <time>", "give up after this time: 30s, 10m, 1h30m", duration)
    .addHelpText("after", waitHelp)
    .addHelpText("after", example("wait alpha --timeout 1h", "wait builder::1 --json"))
    .action(
      action<WaitOptions>(async (container, [name = ""], options) => {
        const { waitFor } = await import("./commands/wait");
        return waitFor(container, name, options);
      }),
    );
  program
    .command("kill")
    .description("end a session and what runs there")
    .argument("<session>")
    .option("-y, --yes", "do not ask")
    .addHelpText("after", example("kill builder::2 --yes"))
    .action(
      action<KillOptions>(async (container, [session = ""], options) => {
        const { killSession } = await import("./commands/kill");
        return killSession(container, session, options);
      }),
    );
  program
    .command("sessions")
    .alias("ls")
    .description("list the sessions of one or all projects")
    .argument("[project]")
    .option("-a, --all", "also sessions of the servers that are not ours")
    .addHelpText("after", example("sessions alpha", "sessions --all"))
    .action(
      action<SessionsOptions>(async (container, [project], options) => {
        const { listSessions } = await import("./commands/lists");
        return listSessions(container, project, options);
      }),
    );
}

function registerRecord({ program, action }: Registration): void {
  program
    .command("status")
    .alias("st")
    .description("what every project and session is doing, the oldest need first")
    .argument("[project]")
    .addHelpText("after", example("status", "status alpha --json"))
    .action(
      action(async (container, [project]) => {
        const { showStatus } = await import("./commands/status");
        return showStatus(container, project);
      }),
    );
  program
    .command("projects")
    .description("list the projects of the workspace")
    .addHelpText("after", example("projects"))
    .action(
      action(async (container) => {
        const { listProjects } = await import("./commands/lists");
        return listProjects(container);
      }),
    );
  program
    .command("log")
    .alias("logs")
    .description("read a project's record")
    .argument("<project>")
    .option("-f, --follow", "go on as entries come")
    .option("--since <time>", "entries from then on: 10m, 2h, 1d, or a date and time")
    .option("-k, --kind <kind>", "only entries of this kind; may be repeated", collect)
    .option("-s, --session <session>", "only entries of this session")
    .option("-n, --tail <n>", "only the last entries", wholeNumber)
    .option("-a, --all", "also leases, deliveries and heartbeats, which are left out otherwise; --json has them always")
    .addHelpText("after", example("log alpha --since 1h", "log alpha --kind note --kind handoff --follow"))
    .action(
      action<LogOptions>(async (container, [project = ""], options) => {
        const { showLog } = await import("./commands/log");
        return showLog(container, project, options);
      }),
    );
  program
    .command("verify")
    .description("read every byte of the record and say what is damaged")
    .argument("[project]")
    .addHelpText("after", example("verify alpha"))
    .action(
      action(async (container, [project]) => {
        const { verifyRecords } = await import("./commands/verify");
        return verifyRecords(container, project);
      }),
    );
}

function registerPeople({ program, action }: Registration): void {
  program
    .command("note")
    .description("write a note into a project's record")
    .argument("<project>")
    .argument("<text...>")
    .option("-s, --session <session>", "about this session")
    .addHelpText("after", example('note alpha "The staging key changes on Friday."'))
    .action(
      action<NoteOptions>(async (container, [project = "", ...text], options) => {
        const { noteProject } = await import("./commands/note");
        return noteProject(container, project, text.join(" "), options);
      }),
    );
  program
    .command("handoff")
    .description("hand something over from one session to a role or session")
    .argument("<project>")
    .argument("<text...>")
    .requiredOption("--from <session>", "who hands over")
    .requiredOption("--to <receiver>", "the role or session that goes on")
    .addHelpText("after", example('handoff alpha --from builder::1 --to reviewer "Look at the parser first."'))
    .action(
      action<HandoffOptions>(async (container, [project = "", ...text], options) => {
        const { handOver } = await import("./commands/handoff");
        return handOver(container, project, text.join(" "), options);
      }),
    );
  program
    .command("attention")
    .description("list the open questions, the one that blocks the oldest work first")
    .argument("[project]")
    .addHelpText("after", example("attention"))
    .action(
      action(async (container, [project]) => {
        const { listAttention } = await import("./commands/attention");
        return listAttention(container, project);
      }),
    );
  program
    .command("answer")
    .description("answer a question")
    .argument("<entry-id>", "its id, or the end of it")
    .argument("<answer...>", "one of its options, or words")
    .option("--resume", "run the project, if it is not running")
    .addHelpText("after", example("answer 7KQX2M run", "answer 7KQX2M run --resume"))
    .action(
      action<AnswerOptions>(async (container, [id = "", ...words], options) => {
        const { answerOne } = await import("./commands/attention");
        return answerOne(container, id, words, options);
      }),
    );
}

function registerMachine({ program, action }: Registration): void {
  program
    .command("doctor")
    .description("look at what is there, what is missing, and say what to do")
    .addHelpText("after", example("doctor"))
    .action(
      action(async (container) => {
        const { runDoctor } = await import("./commands/doctor");
        return runDoctor(container);
      }),
    );
  registerServer({ program, action });
  program
    .command("tour")
    .description("see it work: a small project from beginning to end")
    .addHelpText("after", example("tour"))
    .action(
      action(async (container) => {
        const { takeTour } = await import("./commands/tour");
        return takeTour(container);
      }),
    );
  program
    .command("completion")
    .description("print the completion script for a shell")
    .argument("<shell>", "bash, zsh or fish")
    .addHelpText(
      "after",
      example(
        "completion bash > ~/.local/share/bash-completion/completions/wsh-orchestrator",
        "completion fish | source",
      ),
    )
    .action(
      action(async (container, [shell = ""]) => {
        const { printCompletion } = await import("./commands/completion");
        return printCompletion(container, program, shell);
      }),
    );
}

function registerServer({ program, action }: Registration): void {
  const server: Command = program
    .command("wsh-server")
    .description("the built-in session server")
    .addHelpText("after", example("wsh-server status", "wsh-server run --port 8081"));
  server
    .command("start")
    .description("start it detached, unless it runs")
    .addHelpText("after", example("wsh-server start"))
    .action(
      action(async (container) => {
        const { startServer } = await import("./commands/wshServer");
        return startServer(container);
      }),
    );
  server
    .command("stop")
    .description("end it with all its sessions")
    .addHelpText("after", example("wsh-server stop"))
    .action(
      action(async (container) => {
        const { stopServer } = await import("./commands/wshServer");
        return stopServer(container);
      }),
    );
  server
    .command("status")
    .description("say whether and where it runs")
    .addHelpText("after", example("wsh-server status --json"))
    .action(
      action(async (container) => {
        const { serverStatus } = await import("./commands/wshServer");
        return serverStatus(container);
      }),
    );
  server
    .command("run")
    .description("run one in the foreground, until Ctrl-C")
    .option("--socket <path>", "listen on this Unix socket")
    .option(
      "--port <n>",
      "listen on this port of the loopback address, with a token (--token-file says where it is kept)",
      portNumber,
    )
    .option("--no-auth", "no token: as open as wsh on loopback")
    .addHelpText(
      "after",
      example("wsh-server run --socket /tmp/mine.sock", "wsh-server run --port 8081 --token-file token"),
    )
    .action(
      action<RunServerOptions>(async (container, _args, options) => {
        const { runServer } = await import("./commands/wshServer");
        return runServer(container, options);
      }),
    );
}
