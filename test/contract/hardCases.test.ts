import { beforeAll, expect } from "vitest";
import type { RunResult } from "../../src/core/run/projectRun";
import type { ContextEntry } from "../../src/core/model/entry";
import type { IntegratedShell } from "../../src/core/sense/shellMarks";
import { briefly, type HardCaseWorld, hardCases, resultsOf, statesOf, yamlText } from "../support/hardCases";

type ByShell<T> = Partial<Readonly<Record<IntegratedShell, T>>>;

interface Case {
  readonly name: string;
  /** Commands of one task; absent for a shell: it has no such thing. */
  readonly run: string | readonly string[] | ByShell<string | readonly string[]>;
  /** The task's state and each command's outcome, exit code and evidence, in order. */
  readonly becomes: readonly string[] | ByShell<readonly string[]>;
  /** Where the server tells no exit code of a session that ended by itself. */
  readonly onWsh?: readonly string[] | ByShell<readonly string[]>;
  /** Its session; default `w`. */
  readonly role?: string;
  /** Shells that print nothing at all then: only the prompt tells, when it is asked. */
  readonly asksPrompt?: readonly IntegratedShell[];
  /** Of the last command. */
  readonly output?: string;
}

const isList = (value: unknown): value is readonly string[] => Array.isArray(value);
const of = (value: Case["becomes"], shell: IntegratedShell): readonly string[] | undefined =>
  isList(value) ? value : value[shell];
const textOf = ({ run }: Case, shell: IntegratedShell): string | readonly string[] | undefined =>
  typeof run === "string" || isList(run) ? run : run[shell];

const done = ["succeeded", "exited 0 mark"];
const parseError: ByShell<number> = { bash: 2, zsh: 1, fish: 123 };
const everywhere = (make: (shell: IntegratedShell) => readonly string[]): ByShell<readonly string[]> => ({
  bash: make("bash"),
  zsh: make("zsh"),
  fish: make("fish"),
});
const refused = everywhere((shell) => ["failed", "rejected null probe", `exited ${parseError[shell]} mark`]);
const takenAsEval = everywhere((shell) => ["failed", `exited ${parseError[shell]} mark`]);
const ended = (code: number): string[] => ["failed", `session_ended ${code} session_end`];
const untold = ["unknown", "unknown null none"];

/** In this order, in one session as long as it lives. */
const cases: readonly Case[] = [
  { name: "a syntax error is refused, then has a status as eval", run: "for ) (", becomes: refused },
  // zsh takes more for whole when it is no line but an eval: there this would loop for ever.
  {
    name: "a loop that is not finished is taken back, then has a status as eval",
    run: "while true",
    becomes: { ...refused, zsh: ["failed", "rejected null probe"] },
    asksPrompt: ["fish"],
  },
  { name: "an open quote has a status at once", run: "echo 'open", becomes: takenAsEval },
  { name: "a `!` is taken literally", run: "echo hi!nothing !!", becomes: done, output: "hi!nothing !!" },
  { name: "a comment alone does nothing", run: "# only a comment", becomes: done, output: "" },
  { name: "more lines are one command", run: "echo one\nfalse\necho 'two'", becomes: done, output: "one\ntwo" },
  {
    name: "a here-document",
    run: { bash: "cat <<'EOF'\n$HOME \"it's\" \\\nEOF", zsh: "cat <<'EOF'\n$HOME \"it's\" \\\nEOF" },
    becomes: done,
    output: '$HOME "it\'s" \\',
  },
  { name: "100 kB of text", run: `true '${"y".repeat(100_000)}'\necho whole`, becomes: done, output: "whole" },
  {
    name: "marks that a command prints are no marks",
    run: String.raw`printf '\033]133;D;9\007\033]133;A\007\033]133;B;k=other;n=7\007'; echo real; sh -c 'exit 5'`,
    becomes: ["failed", "exited 5 mark"],
    output: "real",
  },
  {
    name: "a job in the background is not waited for",
    role: "s",
    run: "sh -c 'sleep 0.3; echo late' & true",
    becomes: done,
  },
  {
    name: "a full-screen program",
    run: String.raw`printf 'before\n\033[?1049h\033[Hmenu'; printf '\033[?1049lafter\n'`,
    becomes: done,
    output: "before\nafter",
  },
  // bash takes the mark of the next start from PS0 before the prompt can put it back: that line has an end and no
  // start.
  {
    name: "a command that throws the mark of the next start away too",
    run: {
      bash: [
        "unset PROMPT_COMMAND PS0",
        "echo x >>once",
        "cat once; unset PROMPT_COMMAND; PS0=mine",
        "sleep 1.2; echo y >>once",
        "for ) (",
      ],
    },
    becomes: {
      bash: [
        "failed",
        "exited 0 probe",
        "exited 0 mark",
        "exited 0 probe",
        "exited 0 mark",
        "rejected null probe",
        "exited 2 mark",
      ],
    },
  },
  {
    name: "and a line that is refused then",
    run: { bash: ["cat once; unset PROMPT_COMMAND PS0", "for ) ("] },
    becomes: { bash: ["failed", "exited 0 probe", "exited 2 mark"] },
  },
  { name: "each of them ran once", run: { bash: "cat once" }, becomes: done, output: "x\ny" },
  {
    name: "a terminal left raw and silent",
    run: ["stty raw -echo", "echo fine"],
    becomes: [...done, "exited 0 mark"],
    output: "fine",
  },
  {
    name: "a refused line in such a terminal",
    run: { bash: ["stty raw -echo", "for ) ("], zsh: ["stty raw -echo", "for ) ("] },
    becomes: {
      bash: ["failed", "exited 0 mark", "rejected null probe", "exited 2 mark"],
      zsh: ["failed", "exited 0 mark", "rejected null probe", "exited 1 mark"],
    },
  },
  {
    name: "a changed prompt",
    run: {
      bash: ["PS1='new> '", "echo still"],
      zsh: ["PS1='new> '", "echo still"],
      fish: ["function fish_prompt; echo -n 'new> '; end", "echo still"],
    },
    becomes: [...done, "exited 0 mark"],
    output: "still",
  },
  {
    name: "a command that throws the shell's hooks away",
    run: {
      bash: ["unset PROMPT_COMMAND; sh -c 'exit 0'", "echo still"],
      zsh: ["precmd_functions=() preexec_functions=()", "echo still"],
    },
    becomes: { bash: ["succeeded", "exited 0 probe", "exited 0 mark"], zsh: [...done, "exited 0 mark"] },
    output: "still",
  },
  {
    name: "a program that stops itself is suspended",
    role: "s",
    run: "sh -c 'kill -TSTP $$'",
    becomes: ["blocked", "suspended 148 mark"],
  },
  {
    name: "a program that is stopped is suspended",
    role: "s",
    run: "sh -c 'kill -STOP $$'",
    becomes: {
      bash: ["blocked", "suspended 147 mark"],
      zsh: ["blocked", "suspended 147 mark"],
      fish: ["blocked", "suspended 148 mark"],
    },
  },
  {
    name: "our commands are not in the history",
    run: { bash: "history", zsh: "fc -l 1 2>&1; true", fish: "history" },
    becomes: done,
  },
  { name: "exit with a code", run: "exit 7", becomes: ["failed", "exited 7 mark"] },
  { name: "exec of another program", run: "exec sh -c 'exit 9'", becomes: ended(9), onWsh: untold },
  {
    name: "exec of a program that is missing",
    run: "exec no-such-program-here",
    becomes: { bash: ["failed", "exited 127 mark"], zsh: ended(127), fish: ["failed", "exited 127 mark"] },
    onWsh: { bash: ["failed", "exited 127 mark"], zsh: untold, fish: ["failed", "exited 127 mark"] },
  },
  {
    name: "set -e and a line that fails",
    run: { bash: ["set -e", "false"], zsh: ["set -e", "false"] },
    becomes: {
      bash: ["failed", "exited 0 mark", "exited 1 mark"],
      zsh: ["failed", "exited 0 mark", "session_ended 1 session_end"],
    },
    onWsh: {
      bash: ["failed", "exited 0 mark", "exited 1 mark"],
      zsh: ["unknown", "exited 0 mark", "unknown null none"],
    },
  },
  {
    name: "an exit trap of one's own, then exit",
    run: {
      bash: ["trap 'echo bye' EXIT", "exit 4"],
      zsh: ["trap 'echo bye' EXIT", "exit 4"],
      fish: ["function bye --on-event fish_exit; echo bye; end", "exit 4"],
    },
    becomes: {
      bash: ["failed", "exited 0 mark", "session_ended 4 session_end"],
      zsh: ["failed", "exited 0 mark", "exited 4 mark"],
      fish: ["failed", "exited 0 mark", "exited 4 mark"],
    },
    onWsh: {
      bash: ["unknown", "exited 0 mark", "unknown null none"],
      zsh: ["failed", "exited 0 mark", "exited 4 mark"],
      fish: ["failed", "exited 0 mark", "exited 4 mark"],
    },
  },
  {
    name: "a shell that is killed",
    run: { bash: "kill -9 $$", zsh: "kill -9 $$", fish: "kill -9 $fish_pid" },
    becomes: untold,
  },
  { name: "and a new session goes on after it", run: "echo alive", becomes: done, output: "alive" },
];

function quickCases({ shell, isWsh, test, missing, project }: HardCaseWorld): void {
  let entries: ContextEntry[];
  let result: RunResult;
  let canAsk = true;

  beforeAll(async () => {
    if (missing !== undefined) return;
    const run = await project();
    canAsk = (await run.server.info()).capabilities.resize;
    const tasks = cases.flatMap((each, index) => {
      const text = textOf(each, shell);
      return text === undefined || (!canAsk && each.asksPrompt?.includes(shell))
        ? []
        : [`  - { id: t${index}, role: ${each.role ?? "w"}, run: ${yamlText(text)} }`];
    });
    result = await run.run(`roles: { w: { shell: ${shell} }, s: { shell: ${shell} } }\ntasks:\n${tasks.join("\n")}`);
    entries = await run.entries();
  }, 120_000);

  for (const [index, each] of cases.entries()) {
    if (textOf(each, shell) === undefined) continue;
    test(each.name, async (context) => {
      if (!canAsk && each.asksPrompt?.includes(shell))
        context.skip("this version of wsh cannot resize a terminal, so the prompt cannot be asked");
      const id = `t${index}`;
      const results = resultsOf(entries, id);
      const expected = of((isWsh ? each.onWsh : undefined) ?? each.becomes, shell);
      expect([statesOf(result)[id], ...results.map(briefly)]).toEqual(expected);
      if (each.output !== undefined) expect(results.at(-1)?.output).toBe(each.output);
      if (each.name.includes("history")) expect(results.at(-1)?.output).not.toMatch(/whole|fine|hi!nothing/);
      return Promise.resolve();
    });
  }
}

hardCases("each hard case of a command is recorded as what it is", quickCases);
