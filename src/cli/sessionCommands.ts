import type { AttachOptions } from "./commands/attach";
import type { ExplainOptions } from "./commands/explain";
import type { KillOptions } from "./commands/kill";
import type { SessionsOptions } from "./commands/lists";
import type { PromptOptions } from "./commands/prompt";
import type { PullOptions } from "./commands/pull";
import type { SendOptions } from "./commands/send";
import type { WaitOptions } from "./commands/wait";
import { duration, type Registration, wholeNumber } from "./commandOptions";
import { examples, paragraphs } from "./programHelp";
import { defaultDetachKey } from "./detachKey";

const sessionArgument = "Name of the session; its last part is enough, such as builder::1";

const attachHelp = [
  "Every key goes to the session, except the detach key. To send that one, choose another with --detach-key.",
  "While you are attached, the session has the size of this terminal. Keys and output are not saved.",
  "A session that belongs to no project here needs its whole name.",
];

const sendHelp = [
  "With --wait, the exit code is 0 if that of the command is 0, else 1; 3 if it is not known, or when --timeout " +
    "expires. After --timeout, Ctrl-C or a signal the command still runs in its session, and a message says so; " +
    "with --interrupt it is interrupted first.",
  "What is typed where a program asks for a password is not recorded, only that something was sent. " +
    "The built-in server can tell for programs that hide what is typed (read -s in bash and zsh, sudo, ssh, git); " +
    "for all others (read -s in fish, a wsh server, another machine behind ssh) use --secret.",
];

const promptHelp = [
  "The agent is the one that the session was started with, or one that you started there. The prompt is sent as " +
    "text, also if it begins with / ! @ or #, and it is seen to be taken; else a message says what became of it.",
  "Nothing is sent while the agent asks something, while unsent text is in its input, or, without --when-idle, " +
    "while it is at work.",
  "With --wait, the agent's answer is printed when it is done. The exit code is 0 then, 1 if the agent has ended, and " +
    "3 if it needs you, if it is not known what became of the prompt, or when --timeout expires. The agent continues " +
    "after --timeout, Ctrl-C or a signal, unless --interrupt interrupts it.",
];

const waitHelp = [
  "A session of a project is idle when its shell is back at the prompt; " +
    "any other session, when it has printed nothing for 2 seconds.",
  "With --state, the state is the one that sessions and explain show: starting, working, waiting, idle, done_unseen, " +
    "limited, failed, exited, lost or unclear, alone or with a kind, such as waiting:permission or working:server. " +
    "A session that is done_unseen is idle, too.",
  "With --text, what is there already counts: what the last command that was sent or run has printed, else the whole " +
    "screen; with --new, only what comes from now on. What is typed at the prompt of a project's session does not " +
    "count; elsewhere, anchor the expression (^ and $ match at each line).",
  "Exit codes for a project: 0 done, 1 failed, 3 stopped or needs your answer. " +
    "With --state or --text, 1 when the session ends first. The exit code is also 3 when --timeout expires.",
];

const explainHelp = [
  "Beside <name>.txt a sample may have <name>.json (tool, cols, rows, cursor, title, alternate, mouse, " +
    "foreground_command), <name>.ansi and <name>.raw. A program that is not an agent has the state " +
    "shell, pager, editor, repl or running.",
  "--wrong saves what the session shows, without secrets, as a sample of the state that you name: " +
    "starting, working, waiting, idle, limited, failed or exited, with a kind or without one. " +
    "The log of its project says so, and a question that was asked by mistake is closed. " +
    "Samples and rules of your own are in your settings folder (samples, programs); the README says how to write a rule.",
];

export function registerSessions(registration: Registration): void {
  registerLooking(registration);
  registerExplaining(registration);
  registerTyping(registration);
}

function registerLooking({ program, action }: Registration): void {
  program
    .command("sessions")
    .alias("ls")
    .description("List the sessions of one project or of all")
    .argument("[project]", "Name of a project (default: all)")
    .option("-a, --all", "Also list sessions of the servers that belong to no project here")
    .addHelpText("after", examples("sessions alpha", "sessions --all"))
    .action(
      action<SessionsOptions>(async (container, [project], options) => {
        const { listSessions } = await import("./commands/lists");
        return listSessions(container, project, options);
      }),
    );
  program
    .command("pull")
    .description("Print the screen and scrollback of a session")
    .argument("<session>", sessionArgument)
    .option("-n, --lines <n>", "Only the last n lines", wholeNumber)
    .option("-f, --follow", "Keep printing new lines until the session ends")
    .option("--styled", "Keep colours and styles")
    .addHelpText("after", examples("pull builder::1 --lines 50", "pull proj-alpha::builder::1 --follow"))
    .action(
      action<PullOptions>(async (container, [session = ""], options) => {
        const { pullSession } = await import("./commands/pull");
        return pullSession(container, session, options);
      }),
    );
  program
    .command("wait")
    .description("Wait until a session is idle or a project stops running")
    .argument("<session|project>", "Name of a project or session; the last part of a session's name is enough")
    .option("-t, --timeout <time>", "Give up after this time, such as 30s, 10m or 1h30m (default: never)", duration)
    .option("--state <state>", "Wait until a session is in this state, such as waiting or waiting:permission")
    .option("--text <regex>", "Wait until a session shows text that matches this regular expression")
    .option("--new", "With --text: only text that comes from now on counts")
    .option("--stable <time>", "Wait until what a session shows has not changed for this time, such as 2s", duration)
    .addHelpText("after", paragraphs(...waitHelp))
    .addHelpText(
      "after",
      examples(
        "wait alpha --timeout 1h",
        "wait builder::1 --json",
        "wait coder::1 --state waiting --timeout 10m",
        'wait server::1 --text "ready on http"',
        "wait coder::1 --stable 5s",
      ),
    )
    .action(
      action<WaitOptions>(async (container, [name = ""], options) => {
        const { waitFor } = await import("./commands/wait");
        return waitFor(container, name, options);
      }),
    );
}

function registerExplaining({ program, action }: Registration): void {
  program
    .command("explain")
    .description("Say what a session's program is doing, and what that is known by")
    .argument("[session]", sessionArgument)
    .option("--screen <file>", "Explain a recorded screen instead: its text")
    .option("--ansi <file>", "The same screen with its styles; enough without --screen")
    .option("--raw <file>", "With a recorded screen: all bytes that the terminal got until then")
    .option("--meta <file>", "With a recorded screen: what else was known of the terminal, as JSON")
    .option("--samples <folder...>", "Explain all recorded screens in these folders: <folder>/<program>/<name>.txt")
    .option("--wrong <state[:kind]>", "Say that the session is in this state, and save its screen as a sample")
    .option("--test", "Try all rules and samples of your own, and say what fails")
    .addHelpText("after", paragraphs(...explainHelp))
    .addHelpText(
      "after",
      examples(
        "explain builder::1",
        "explain --screen screen.txt --meta screen.json",
        "explain --samples samples --json",
        "explain builder::1 --wrong waiting:permission",
        "explain --test",
      ),
    )
    .action(
      action<ExplainOptions>(async (container, [session], options) => {
        const { explain } = await import("./commands/explain");
        return explain(container, session, options);
      }),
    );
}

function registerTyping({ program, action }: Registration): void {
  program
    .command("send")
    .description("Type text into a session and press Enter")
    .argument("<session>", sessionArgument)
    .argument("[text...]", "What to type; put -- before text that begins with a dash")
    .option("--wait", "Wait until the command ends, and print its output")
    .option("-t, --timeout <time>", "With --wait: stop waiting after this time, such as 30s or 10m", duration)
    .option("--interrupt", "With --wait: when the time is up, or on a signal, interrupt the command")
    .option("--no-enter", "Do not press Enter")
    .option("--secret", "Ask for the text without showing it, or read it from a pipe; it is not recorded")
    .option("-y, --yes", "Confirm a command that needs confirmation (only at a terminal)")
    .addHelpText("after", paragraphs(...sendHelp))
    .addHelpText(
      "after",
      examples(
        'send builder::1 "make test" --wait --timeout 10m',
        "send builder::1 --no-enter -- --help",
        "send builder::1 --secret",
        "pass show db | wsh-orchestrator send builder::1 --secret",
      ),
    )
    .action(
      action<SendOptions>(async (container, [session = "", ...text], options) => {
        const { sendText } = await import("./commands/send");
        return sendText(container, session, text, options);
      }),
    );
  program
    .command("prompt")
    .description("Give the coding agent in a session a prompt")
    .argument("<session>", sessionArgument)
    .argument("[text...]", "What it should do; - reads it from a pipe")
    .option("-f, --file <file>", "Read the prompt from this file")
    .option("--wait", "Wait until the agent is done, and print its answer")
    .option("-t, --timeout <time>", "Stop waiting after this time, such as 30s or 10m", duration)
    .option("--interrupt", "With --wait: when the time is up, or on a signal, interrupt the agent")
    .option("--when-idle", "If the agent is at work, send the prompt when it is done")
    .addHelpText("after", paragraphs(...promptHelp))
    .addHelpText(
      "after",
      examples(
        'prompt coder::1 "Fix the failing test" --wait --timeout 20m',
        "prompt coder::1 --file prompt.md",
        "git diff | wsh-orchestrator prompt reviewer::1 - --wait",
      ),
    )
    .action(
      action<PromptOptions>(async (container, [session = "", ...text], options) => {
        const { promptAgent } = await import("./commands/prompt");
        return promptAgent(container, session, text, options);
      }),
    );
  program
    .command("attach")
    .description("Work in a session from this terminal, until you detach")
    .argument("<session>", sessionArgument)
    .option(
      "--detach-key <key>",
      `Key that detaches: Ctrl- and a letter or one of ] \\ ^ _ @ (default: ${defaultDetachKey})`,
    )
    .addHelpText("after", paragraphs(...attachHelp))
    .addHelpText("after", examples("attach builder::1", "attach builder::1 --detach-key Ctrl-Q"))
    .action(
      action<AttachOptions>(async (container, [session = ""], options) => {
        const { attachSession } = await import("./commands/attach");
        return attachSession(container, session, options);
      }),
    );
  program
    .command("kill")
    .description("End a session and what runs in it")
    .argument("<session>", sessionArgument)
    .option("-y, --yes", "Do not ask for confirmation")
    .addHelpText("after", examples("kill builder::2 --yes"))
    .action(
      action<KillOptions>(async (container, [session = ""], options) => {
        const { killSession } = await import("./commands/kill");
        return killSession(container, session, options);
      }),
    );
}
