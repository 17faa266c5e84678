import { describe, expect, it } from "vitest";
import { OrchestratorError } from "../../../src/core/model/errors";
import { parsePlan } from "../../../src/core/model/plan";
import { found, head, problemsOf, withTask } from "../../support/refusedPlans";

/** A task for an agent, and tasks behind it. */
const withPrompt = (work: string, behind = ""): string =>
  `project: a\nroles: { r: { agent: codex }, s: {} }\ntasks:\n  - id: a\n    role: r\n    ${work}\n${behind}`;
const others = "  - { id: b, role: s, needs: c, run: x }\n  - { id: c, role: s, run: x }\n";

describe("a plan is refused, with places and reasons, for", () => {
  it.each<[string, string, string[]]>([
    [
      "typos of keys",
      "project: a\nrloes: {}\ntaks: []\n",
      ['2:1 unknown key "rloes"; did you mean "roles"?', '3:1 unknown key "taks"; did you mean "tasks"?'],
    ],
    [
      "typos of a task's keys",
      withTask("    chek: y\n    wholly_unknown: 1\n"),
      [
        '7:5 tasks[0]: unknown key "chek"; did you mean "check"?',
        '8:5 tasks[0]: unknown key "wholly_unknown"; known keys: id, role, needs, run, prompt, check, until, restart, timeout, quiet, retries, attempts, budget, handoff, cwd, problems',
      ],
    ],
    [
      "typos of a role's keys",
      "project: a\nroles:\n  r: { shel: zsh }\n",
      ['3:8 roles.r: unknown key "shel"; did you mean "shell"?'],
    ],
    [
      "typos within retries",
      withTask("    retries: { attempt: 2 }\n"),
      ['7:16 tasks[0].retries: unknown key "attempt"; did you mean "attempts"?'],
    ],
    [
      "an unknown role",
      "project: a\nroles: { builder: {} }\ntasks:\n  - id: one\n    role: bilder\n    run: x\n",
      ['5:11 tasks[0].role: there is no role "bilder"; did you mean "builder"?'],
    ],
    [
      "an unknown need",
      withTask("    needs: [oen, far]\n  - { id: one2, role: r, run: x }\n"),
      [
        '7:13 tasks[0].needs[0]: there is no task "oen"; did you mean "one"?',
        '7:18 tasks[0].needs[1]: there is no task "far"',
      ],
    ],
    [
      "a task that needs itself",
      withTask("    needs: [one]\n"),
      ['7:13 tasks[0].needs[0]: the task "one" needs itself'],
    ],
    ["a duplicate id", withTask("  - { id: one, role: r, run: x }\n"), ['7:11 tasks[1].id: there are two tasks "one"']],
    [
      "ids that differ in case",
      withTask("  - { id: ONE, role: r, run: x }\n"),
      ['7:11 tasks[1].id: "ONE" and "one" differ only in upper and lower case'],
    ],
    [
      "a cycle",
      `${head}tasks:\n  - { id: a, role: r, run: x, needs: [c] }\n  - { id: b, role: r, run: x, needs: [a] }\n  - { id: c, role: r, run: x, needs: [b] }\n`,
      ["5:39 tasks[1].needs[0]: circular dependency: a → c → b → a"],
    ],
    [
      "an empty command",
      `${head}tasks:\n  - { id: a, role: r, run: "" }\n  - { id: b, role: r, run: [x, "  "] }\n  - { id: c, role: r, run: [] }\n`,
      [
        "4:28 tasks[0].run: must not be empty",
        "5:32 tasks[1].run[1]: must not be empty",
        "6:28 tasks[2].run: must have at least one command",
      ],
    ],
    [
      "a name of one letter that resembles every other one",
      withTask("    needs: [x]\n  - { id: y, role: r, run: x }\n"),
      ['7:13 tasks[0].needs[0]: there is no task "x"'],
    ],
    ["no command", `${head}tasks:\n  - id: a\n    role: r\n`, ['4:5 tasks[0]: needs "run" or "prompt"']],
    ["no role", `${head}tasks:\n  - id: a\n    run: x\n`, ['4:5 tasks[0]: "role" is missing']],
    ["no project", "roles: {}\n", ['1:1 "project" is missing']],
    [
      "a bad duration",
      withTask("    timeout: 10 minutes\n"),
      ["7:14 tasks[0].timeout: must be a duration: a number of seconds, or text such as 500ms, 5s, 10m or 1h"],
    ],
    [
      "a duration of another type",
      withTask("    timeout: [1]\n"),
      ["7:14 tasks[0].timeout: must be a number or text, not a list"],
    ],
    ["no duration at all", withTask("    timeout: 0\n"), ["7:14 tasks[0].timeout: must be longer than 0"]],
    ["a negative duration", withTask("    timeout: -1\n"), ["7:14 tasks[0].timeout: must not be negative"]],
    ["an endless duration", withTask("    timeout: 30d\n"), ["7:14 tasks[0].timeout: must be at most 7 days"]],
    [
      "no tries",
      withTask("    retries: 0\n"),
      ["7:14 tasks[0].retries: must be at least 1; it counts every try, so 1 means no retry"],
    ],
    [
      "a bad name of a role",
      "project: a\nroles:\n  a.b: {}\n",
      ['3:3 roles: "a.b" must be 1 to 48 letters, digits, underscores or hyphens, and begin with a letter or digit'],
    ],
    [
      "a bad id",
      `${head}tasks:\n  - { id: "a b", role: r, run: x }\n`,
      [
        "4:11 tasks[0].id: must be 1 to 64 letters, digits, dots, underscores or hyphens, and begin with a letter or digit",
      ],
    ],
    [
      "a bad name of a project",
      'project: "a\\nb"\n',
      ["1:10 project: must not be blank or contain invisible characters"],
    ],
    [
      "a bad variable",
      "project: a\nroles:\n  r: { env: { A-B: x } }\n",
      ['3:15 roles.r.env: "A-B" is not a valid variable name; use letters, digits and underscores'],
    ],
    [
      "an unknown shell",
      "project: a\nroles:\n  r: { shell: fsh }\n",
      ['3:15 roles.r.shell: must be one of bash, zsh, fish, sh; did you mean "zsh"?'],
    ],
    [
      "two kinds of program",
      "project: a\nroles:\n  r: { program: top, shell: zsh }\n",
      ["3:17 roles.r.program: use only one of shell and program"],
    ],
    [
      "what agents cannot have yet, and a mode that is no mode",
      "project: a\nroles:\n  r: { agent: { use: codex, mode: asks }, worktree: true, confine: folder }\ntasks:\n  - id: one\n    role: r\n    prompt: Fix it\n",
      [
        '3:35 roles.r.agent.mode: must be one of ask, edits, auto, plan; did you mean "ask"?',
        '3:43 roles.r: "worktree" is not supported yet and would do nothing; remove it',
        '3:59 roles.r: "confine" is not supported yet and would do nothing; remove it',
      ],
    ],
    [
      "a command for an agent, and a prompt for a shell",
      "project: a\nroles: { c: { agent: codex }, s: {} }\ntasks:\n  - id: one\n    role: c\n    run: ls\n    attempts: 2\n  - id: two\n    role: s\n    prompt: Fix it\n    retries: 2\n",
      [
        "6:10 tasks[0].run: the role c has an agent, which takes a prompt",
        "7:15 tasks[0].attempts: goes with prompt, not with run",
        "10:13 tasks[1].prompt: needs a role with an agent; the role s has none",
        "11:14 tasks[1].retries: goes with run, not with prompt",
      ],
    ],
    [
      "settings of an agent in a wrong place",
      "project: a\nroles:\n  c: { agent: codex, mode: ask, model: gpt-5 }\n  agent: { agent: { use: claude }, arguments: ['--add-dir', 'a b'] }\ntasks:\n  - id: one\n    role: c\n    agent: codex\n    prompt: Fix it\n",
      [
        '3:22 roles.c: "mode" is a setting of the agent; write agent: { use: codex, model: gpt-5, mode: ask }',
        '3:33 roles.c: "model" is a setting of the agent; write agent: { use: codex, model: gpt-5, mode: ask }',
        "4:36 roles.agent: \"arguments\" is a setting of the agent; write agent: { use: claude, arguments: ['--add-dir', 'a b'] }",
        '8:5 tasks[0]: "agent" is a setting of the role; write it there, below "roles"',
      ],
    ],
    [
      "a prompt with settings of commands, and without text",
      withPrompt("prompt: { fil: x }\n    cwd: api\n    restart: 2\n    budget: { turn: 2 }"),
      [
        '6:13 tasks[0].prompt: "file" is missing',
        '6:15 tasks[0].prompt: unknown key "fil"; did you mean "file"?',
        "7:10 tasks[0].cwd: goes with run, not with prompt; an agent works in the folder of its role",
        "8:14 tasks[0].restart: goes with run, not with prompt",
        '9:13 tasks[0].budget: "turns" is missing',
        '9:15 tasks[0].budget: unknown key "turn"; did you mean "turns"?',
      ],
    ],
    [
      "names in a prompt that cannot be filled in",
      withPrompt("needs: [b]\n    prompt: '{{a.output}} {{c.output}} {{d.output}} {{b.outptu}} {{user}} {{ x'", others),
      [
        '7:13 tasks[0].prompt: "{{a.output}}" names the task itself; only tasks that it needs can be named',
        '7:13 tasks[0].prompt: there is no task "d"',
        '7:13 tasks[0].prompt: a task has output and handoff, not "outptu"; did you mean "output"?',
        '7:13 tasks[0].prompt: "{{user}}" cannot be filled in; known are {{task.output}}, {{task.handoff}} and {{file:PATH}}; as text it is written \\{{user}}',
        '7:13 tasks[0].prompt: after "{{" the line has no "}}"; as text it is written \\{{',
      ],
    ],
    [
      "a task in a prompt that is not needed",
      withPrompt("prompt: '{{b.handoff}}'", others),
      ['6:13 tasks[0].prompt: "{{b.handoff}}" names a task that this one does not need; add "b" to its needs'],
    ],
    [
      "files of a prompt outside of the project's folder",
      withPrompt("prompt: { file: ../x }", "  - id: e\n    role: r\n    prompt: '{{file:a/../../x}}'\n"),
      [
        "6:21 tasks[0].prompt.file: the file is outside of the project's folder",
        "9:13 tasks[1].prompt: {{file:a/../../x}} is outside of the project's folder",
      ],
    ],
    [
      "a prompt with a control character",
      withPrompt('prompt: "a\\e[201~b"'),
      ["6:13 tasks[0].prompt: must not have control characters other than tabs and line breaks"],
    ],
    [
      "a prompt that YAML cuts off at a number",
      withPrompt("prompt: Fix issue #12 soon"),
      [`6:22 what stands behind " #" is a comment; quote the whole text: 'Fix issue #12 soon'`],
    ],
    [
      "a time of silence that is none",
      withTask("    quiet: soon\n"),
      ["7:12 tasks[0].quiet: must be a duration: a number of seconds, or text such as 500ms, 5s, 10m or 1h"],
    ],
    [
      "a restart of what does not keep running",
      withTask("    restart: 3\n"),
      ['7:14 tasks[0].restart: needs "until": only a command that keeps running is restarted'],
    ],
    [
      "a misspelt setting of a restart",
      withTask("    until: { port: 80 }\n    restart: { atempts: 3 }\n"),
      ['8:16 tasks[0].restart: unknown key "atempts"; did you mean "attempts"?'],
    ],
    ["too many sessions", "project: a\nmax_sessions: 65\n", ["2:15 max_sessions: must be at most 64"]],
    [
      "no value where one must be, and what no exit code is",
      withTask("    check:\n    retries: { not_on: [256, -1, x] }\n"),
      [
        "7:11 tasks[0].check: must be text, but has no value",
        "8:25 tasks[0].retries.not_on[0]: must be an exit code from 0 to 255",
        "8:30 tasks[0].retries.not_on[1]: must be an exit code from 0 to 255",
        "8:34 tasks[0].retries.not_on[2]: must be a whole number, not text",
      ],
    ],
    [
      "more needs than there can be tasks",
      withTask(`    needs: [${Array.from({ length: 1001 }, () => "[]").join(", ")}]\n`),
      ["7:12 tasks[0].needs: must have at most 1,000 tasks"],
    ],
    ["half a session", "project: a\nmax_sessions: 1.5\n", ["2:15 max_sessions: must be a whole number"]],
    ["a list of roles", "project: a\nroles: [a]\n", ["2:8 roles: must be a map (key: value), not a list"]],
    ["a text for tasks", "project: a\ntasks: all\n", ["2:8 tasks: must be a list, not text"]],
    ["a duplicate key", "project: a\nproject: b\n", ["2:1 this key appears twice"]],
    [
      "a second document",
      "project: a\n---\nproject: b\n",
      ["3:1 a plan must be one YAML document; a second one begins here"],
    ],
    ["an empty file", "", ["1:1 the plan is empty"]],
    ["only a comment", "# nothing yet\n", ["1:1 the plan is empty"]],
    ["another thing than a map", "- a\n", ["1:1 the plan must be a map (key: value), not a list"]],
    [
      "aliases of nothing",
      "project: *a\n",
      [
        "1:10 the anchor &a is not defined before this place; text that begins with \"*\" must be quoted: project: '*a'",
      ],
    ],
  ])("%s", (_name, text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it.each([
    ["tasks: [a, b\n", 'a list is not closed; its "]" is missing'],
    ["roles: { r: {}\ntasks: []\n", 'a map is not closed; its "}" is missing'],
    ['goal: "abc\ntasks: []\n', "a quoted text is not closed; its last quote is missing"],
    ["goal: 'abc\ntasks: []\n", "a quoted text is not closed; its last quote is missing"],
    ["roles:\n\tr: {}\n", "use spaces for the indentation, not tabs"],
    ["roles: {}\n tasks: []\n", "the indentation differs from that of the lines before it"],
    ["x-a: a: b\n", 'this value has a key of its own; check the indentation, or quote text that contains ": "'],
    ["x-a: @x\n", 'text that begins with "@" must be quoted'],
    ['x-a: "a" b\n', "Unexpected scalar at node end"],
    ['goal: "a \\d"\n', 'within double quotes "\\d" means nothing; use single quotes, or write a backslash twice'],
    [
      "tasks: [{ run: [test -f a[0], b] }]\n",
      'in a list in brackets, quote text that contains one of [ ] { } , or ": "',
    ],
  ])("broken YAML, in plain words where there are some: %j", (text, words) => {
    expect(problemsOf(text).map(({ message }) => message)).toEqual([`not valid YAML: ${words}`]);
  });

  it.each([
    ["echo a: b", "text that contains \": \" must be quoted: run: 'echo a: b'"],
    ["echo a: b # why", "text that contains \": \" must be quoted: run: 'echo a: b'"],
    ["echo 'it''s': b", "text that contains \": \" must be quoted: run: \"echo 'it''s': b\""],
    ["echo a:", "text that ends with \":\" must be quoted: run: 'echo a:'"],
    ["@foo", "text that begins with \"@\" must be quoted: run: '@foo'"],
    ["%a", "text that begins with \"%\" must be quoted: run: '%a'"],
    ["`date`", "text that begins with \"`\" must be quoted: run: '`date`'"],
    [
      "*.sh",
      "the anchor &.sh is not defined before this place; text that begins with \"*\" must be quoted: run: '*.sh'",
    ],
    ["!x y", "text that begins with \"!\" must be quoted: run: '!x y'"],
    ["! test -f x", "text that begins with \"!\" must be quoted: run: '! test -f x'"],
    ["!!binary aGk=", "text that begins with \"!\" must be quoted: run: '!!binary aGk='"],
    ["&x", "text that begins with \"&\" must be quoted: run: '&x'"],
    ["& true", "text that begins with \"&\" must be quoted: run: '& true'"],
    ["> out.txt echo", "text that begins with \">\" must be quoted: run: '> out.txt echo'"],
    ["| cat", "text that begins with \"|\" must be quoted: run: '| cat'"],
    ["- x", "text that begins with \"-\" must be quoted: run: '- x'"],
    ["? x", "text that begins with \"?\" must be quoted: run: '? x'"],
    ["'a' b", "text that begins with a quoted part must be quoted as a whole: run: \"'a' b\""],
    ['"a" && "b"', "text that begins with a quoted part must be quoted as a whole"],
    ["[[ -f x ]] && y", "text that begins with \"[\" must be quoted: run: '[[ -f x ]] && y'"],
    ["{ echo; }", "run: must be text or a list, not a map; as text it is written '{ echo; }'"],
    ["[echo a: b, c]", "run[0]: must be text, not a map; as text it is written 'echo a: b'"],
    [
      'git commit -m "fix #12"',
      'what stands behind " #" is a comment; quote the whole text: \'git commit -m "fix #12"\'',
    ],
  ])("a command that YAML reads as something else, with the line as it should be: run: %s", (run, words) => {
    const problems = problemsOf(`${head}tasks:\n  - id: one\n    role: r\n    run: ${run}\n`);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ line: 6 });
    const { path = "", message = "" } = problems[0] ?? {};
    expect(`${path.replace("tasks[0].", "")}${path === "" ? "" : ": "}${message}`).toBe(words);
  });

  it("the same in lists and other texts", () => {
    expect(found(`${head}goal: Do: this\n`)).toEqual([
      "3:7 text that contains \": \" must be quoted: goal: 'Do: this'",
    ]);
    expect(found("project: a\nroles:\n  r:\n    env:\n      GREETING: a: b\n")).toEqual([
      "5:17 text that contains \": \" must be quoted: GREETING: 'a: b'",
    ]);
    expect(found(`${head}tasks:\n  - id: one\n    role: r\n    run:\n      - echo a: b\n      - "x" y\n`)).toEqual([
      "8:13 text that begins with a quoted part must be quoted as a whole: - '\"x\" y'",
    ]);
  });

  it("a no-break space that looks like a space", () => {
    expect(found(`${head}tasks:\n  - id: one\n    role: r\n    run:\u00a0x\n`)).toEqual([
      "6:5 this line has a no-break space (U+00A0) where a space must be",
    ]);
  });

  it.each([
    ["echo gr\ufffdn", "U+FFFD stands for bytes that were not UTF-8; save the file as UTF-8"],
    ["echo \u0007", "the character U+0007 is not allowed here; in double quotes it can be written as an escape"],
    ["echo \u0000", "the character U+0000 is not allowed here; in double quotes it can be written as an escape"],
    ["r\u0085m x", "the character U+0085 is not allowed here; in double quotes it can be written as an escape"],
    ["echo \ud800", "the character U+D800 is not allowed here; in double quotes it can be written as an escape"],
    ["echo a\r    x: y", "a line ends with CR alone; save the file with LF or CRLF"],
  ])("characters that are no text: %j", (run, message) => {
    const at = 10 + run.search(/[^ -~]/);
    expect(found(`${head}tasks:\n  - id: one\n    role: r\n    run: ${run}\n`)).toEqual([`6:${at} ${message}`]);
  });

  it("a NUL character, however it is written", () => {
    expect(found(withTask('    check: "a\\0b"\n'))).toEqual(["7:12 text must not have a NUL character"]);
  });

  it("the place of a task for programs, too", () => {
    expect(problemsOf(`${head}tasks:\n  - { id: a, role: r, run: "" }\n`)).toMatchObject([
      { path: "tasks[0].run", place: 'task "a": run', message: "must not be empty" },
    ]);
  });

  it("broken YAML, at its place", () => {
    const problems = problemsOf("project: a\nroles: { r: {}\ntasks: []\n");
    expect(problems.length).toBeGreaterThan(0);
    expect(problems[0]?.line).toBeGreaterThanOrEqual(2);
    expect(problems[0]?.message).toMatch(/^not valid YAML: /);
  });

  it("everything at once, in the order of the text", () => {
    const problems = problemsOf(
      "goal: x\nrolse: {}\nroles: { r: { cont: 1 } }\ntasks:\n  - { id: a, role: q, run: [], needs: [zz] }\n",
    );
    expect(problems.map((problem) => problem.line)).toEqual([1, 2, 3, 5, 5, 5]);
  });

  it("is an error that people and programs understand", () => {
    try {
      parsePlan("project: a\nrloes: {}\n");
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(OrchestratorError);
      expect(error).toMatchObject({
        code: "plan_invalid",
        message: 'The plan is not valid: line 2, column 1: unknown key "rloes"; did you mean "roles"?',
      });
    }
  });
});
