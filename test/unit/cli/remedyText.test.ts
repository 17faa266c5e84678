import { describe, expect, it } from "vitest";
import { createProgram } from "../../../src/cli/program";
import { remedyText } from "../../../src/cli/remedyText";
import type { Remedy } from "../../../src/core/model/remedy";

type Kind = Remedy["kind"];
type Sample<K extends Kind> = readonly [Extract<Remedy, { kind: K }>, string];

const project = "alpha";
const replaced = { kind: "replace_session", project: "alpha", session: "proj-alpha::shell::1", role: "shell" } as const;
const create = "wsh-orchestrator do NAME --run COMMAND";

/** One kind that is missing here does not compile. */
const samples: { readonly [K in Kind]: readonly [Sample<K>, ...Sample<K>[]] } = {
  advice: [[{ kind: "advice", text: "Free some space." }, "Free some space."]],
  nothing: [[{ kind: "nothing" }, ""]],
  answer_session: [
    [
      { kind: "answer_session", session: "proj-alpha::coder::1" },
      "Answer it with: wsh-orchestrator answer proj-alpha::coder::1",
    ],
  ],
  prompt_when_idle: [
    [
      { kind: "prompt_when_idle", session: "proj-alpha::coder::1" },
      "Send it when the agent is done with: wsh-orchestrator prompt proj-alpha::coder::1 --when-idle TEXT\n" +
        "Or look at the session with: wsh-orchestrator pull proj-alpha::coder::1",
    ],
  ],
  create_project: [[{ kind: "create_project" }, `Create a project with: ${create}`]],
  choose_project: [
    [{ kind: "choose_project", known: [] }, `There are no projects yet. Create one with: ${create}`],
    [{ kind: "choose_project", known: ["alpha", "beta"] }, "Projects here: alpha, beta."],
    [
      { kind: "choose_project", known: Array.from("abcdefghijklmn") },
      "Projects here: a, b, c, d, e, f, g, h, i, j, k, l and 2 more. List all with: wsh-orchestrator projects",
    ],
  ],
  run_project: [
    [{ kind: "run_project", project }, "Resume alpha with: wsh-orchestrator do alpha"],
    [
      { kind: "run_project", project, again: true, server: "http://127.0.0.1:8080" },
      "Start the server at http://127.0.0.1:8080, then run: wsh-orchestrator do alpha --again; " +
        "or run it on the built-in one: wsh-orchestrator do alpha --again --server builtin",
    ],
    [
      { kind: "run_project", project, again: true },
      "Run all tasks of alpha again with: wsh-orchestrator do alpha --again",
    ],
  ],
  name_found_work: [
    [{ kind: "name_found_work", ids: [] }, "List what is there with: wsh-orchestrator plan --list"],
    [
      { kind: "name_found_work", ids: ["package.json:build", "Makefile:build"] },
      "Say which one you mean: package.json:build, Makefile:build.\n" +
        "List what is there with: wsh-orchestrator plan --list",
    ],
  ],
  follow_project: [[{ kind: "follow_project", project }, "Follow alpha with: wsh-orchestrator log alpha --follow"]],
  follow_or_stop: [
    [
      { kind: "follow_or_stop", project },
      "Follow alpha with: wsh-orchestrator log alpha --follow, or stop it with: wsh-orchestrator stop alpha",
    ],
  ],
  show_log: [
    [{ kind: "show_log", project }, "See what happened with: wsh-orchestrator log alpha"],
    [
      { kind: "show_log", project, session: "proj-alpha::builder::1" },
      "See what happened with: wsh-orchestrator log alpha --session proj-alpha::builder::1",
    ],
  ],
  show_tasks: [[{ kind: "show_tasks", project }, "See the tasks of alpha with: wsh-orchestrator status alpha"]],
  retry_task: [
    [{ kind: "retry_task", project, task: "build" }, "Retry build with: wsh-orchestrator retry alpha build"],
  ],
  assign_task: [
    [
      { kind: "assign_task", project, role: "builder", prompted: false },
      "Give the task again with: wsh-orchestrator assign alpha builder --run COMMAND",
    ],
    [
      { kind: "assign_task", project, role: "coder", prompted: true },
      "Give the task again with: wsh-orchestrator assign alpha coder --prompt TEXT",
    ],
  ],
  give_plan: [
    [
      { kind: "give_plan", project },
      "Give the plan again with: wsh-orchestrator do alpha --plan FILE, or its commands with --run COMMAND, or a prompt with --agent NAME --prompt TEXT.",
    ],
  ],
  give_commands: [
    [
      { kind: "give_commands" },
      "Give a command with: wsh-orchestrator do PROJECT --run COMMAND, a coding agent's prompt with --agent NAME --prompt TEXT, or a plan with --plan FILE.",
    ],
  ],
  correct_plan: [
    [{ kind: "correct_plan", problems: 1 }, "Correct this place in the plan and try again."],
    [{ kind: "correct_plan", problems: 3 }, "Correct these 3 places in the plan and try again."],
  ],
  correct_rules: [
    [
      { kind: "correct_rules", file: "/home/me/claude.yaml", line: 3, column: 5 },
      "Correct /home/me/claude.yaml:3, and see whether it is used with: wsh-orchestrator doctor",
    ],
  ],
  install_agent: [
    [
      { kind: "install_agent", title: "Codex", install: "npm install -g @openai/codex" },
      "Install Codex with: npm install -g @openai/codex\nOr name another agent for the role; wsh-orchestrator doctor lists those that are there.",
    ],
  ],
  sign_in: [
    [
      { kind: "sign_in", title: "Codex", command: "codex", variables: ["OPENAI_API_KEY", "CODEX_API_KEY"] },
      "Sign in with Codex in a terminal, or set OPENAI_API_KEY or CODEX_API_KEY. It may keep them where they cannot be seen.",
    ],
  ],
  run_in_terminal: [
    [
      { kind: "run_in_terminal", text: "Close the folder to them", command: "chmod 700 .orchestrator" },
      "Close the folder to them with: chmod 700 .orchestrator",
    ],
  ],
  ignore_record: [
    [
      { kind: "ignore_record", files: [".prettierignore"], by_hand: ["Put this into jest.config.js: x"] },
      "Add it to .prettierignore with: wsh-orchestrator doctor --fix\nPut this into jest.config.js: x",
    ],
  ],
  renew_session: [
    [
      { kind: "renew_session", session: "proj-alpha::shell::1" },
      "A session keeps what it started with. For a new one, end it when it is idle (wsh-orchestrator kill proj-alpha::shell::1) and run the project again.",
    ],
  ],
  choose_session: [
    [{ kind: "choose_session", known: [] }, "List the sessions with: wsh-orchestrator sessions --all"],
    [{ kind: "choose_session", known: ["shell::1"] }, "Sessions here: shell::1."],
  ],
  follow_session: [
    [
      { kind: "follow_session", session: "shell::1" },
      "Wait for its end with: wsh-orchestrator wait shell::1\n" +
        "Or stop it there with Ctrl-C: wsh-orchestrator attach shell::1",
    ],
  ],
  look_at_session: [
    [{ kind: "look_at_session", session: "shell::1" }, "Look at the session with: wsh-orchestrator pull shell::1"],
    [
      { kind: "look_at_session", session: "it's mine", text: "End what runs there." },
      "Look at the session with: wsh-orchestrator pull 'it'\\''s mine'\nEnd what runs there.",
    ],
  ],
  replace_session: [
    [
      { ...replaced, resumes: false, prompted: true },
      "See what happened with: wsh-orchestrator log alpha --session proj-alpha::shell::1\n" +
        "Start another one with: wsh-orchestrator assign alpha shell --prompt TEXT",
    ],
    [
      { ...replaced, resumes: false, prompted: false },
      "See what happened with: wsh-orchestrator log alpha --session proj-alpha::shell::1\n" +
        "Start another one with: wsh-orchestrator assign alpha shell --run COMMAND",
    ],
    [
      { ...replaced, resumes: true, prompted: false },
      "See what happened with: wsh-orchestrator log alpha --session proj-alpha::shell::1\n" +
        "Resume alpha, which starts the sessions that it needs, with: wsh-orchestrator do alpha",
    ],
  ],
  end_sessions: [
    [
      { kind: "end_sessions" },
      "End sessions that you no longer need: wsh-orchestrator sessions --all lists them, " +
        "wsh-orchestrator kill SESSION ends one.",
    ],
  ],
  show_questions: [[{ kind: "show_questions" }, "List the open questions with: wsh-orchestrator attention"]],
  answer_question: [
    [
      { kind: "answer_question", entry_id: "01JXXXXXXXXXXXXXXXXX7KQX2M", options: ["run", "run once"] },
      "Answer the question with: wsh-orchestrator answer 7KQX2M run   (or: 'run once')",
    ],
    [
      { kind: "answer_question", entry_id: "01JXXXXXXXXXXXXXXXXX7KQX2M", options: [] },
      "Answer the question with: wsh-orchestrator answer 7KQX2M TEXT",
    ],
    [
      { kind: "answer_question", entry_id: "01JXXXXXXXXXXXXXXXXX7KQX2M", options: [], takes_enter: true },
      'Answer the question with: wsh-orchestrator answer 7KQX2M TEXT   (or: "" for Enter alone)',
    ],
  ],
  act_outside_session: [
    [{ kind: "act_outside_session" }, "Do it yourself in VS Code, or in a terminal that is not one of the sessions."],
  ],
  choose_server: [
    [
      { kind: "choose_server", addresses: ["unix:/run/one.sock", "unix:/run/two.sock"] },
      "Choose one, for example with --server unix:/run/one.sock, or use the built-in one with --server builtin.",
    ],
  ],
  choose_address: [
    [
      { kind: "choose_address", address: "http://wsh.example:8080" },
      "If you know and trust it, choose it once with --server http://wsh.example:8080; " +
        "or use the built-in one with --server builtin.",
    ],
  ],
  reach_server: [
    [
      { kind: "reach_server" },
      "Start the server, or choose another one with --server ADDRESS (--server builtin for the built-in one).",
    ],
  ],
  correct_address: [
    [
      { kind: "correct_address", text: "Check the host name in the address." },
      "Check the host name in the address. Give the address with --server ADDRESS.",
    ],
  ],
  resume_projects: [
    [{ kind: "resume_projects" }, "Resume a project of its sessions with: wsh-orchestrator do PROJECT"],
    [
      { kind: "resume_projects", server: "http://127.0.0.1:8080" },
      "Start it, then resume a project of its sessions with: wsh-orchestrator do PROJECT, " +
        "or choose another server with --server ADDRESS (--server builtin for the built-in one).",
    ],
  ],
  end_lost_server: [[{ kind: "end_lost_server", pid: 812 }, "End it and its sessions with: kill 812"]],
  start_server: [[{ kind: "start_server" }, "Start the server with: wsh-orchestrator wsh-server start"]],
  watch_server_start: [
    [
      { kind: "watch_server_start" },
      "Start a server in this terminal to see why: wsh-orchestrator wsh-server run --socket PATH",
    ],
  ],
  update_server: [
    [{ kind: "update_server" }, "Update wsh there, or use the built-in session server with --server builtin."],
  ],
  give_token: [
    [
      { kind: "give_token", address: "http://127.0.0.1:8080" },
      "Give the token of the server with --token-file FILE, or in the environment variable WSH_TOKEN.",
    ],
    [
      { kind: "give_token", address: "http://127.0.0.1:8080", withheld: true },
      "If the token is for this server, give both at once: --server http://127.0.0.1:8080 with the token.",
    ],
  ],
  give_certificate: [
    [
      { kind: "give_certificate" },
      "Give the certificate of the server or its authority as a PEM file with --ca-file FILE, " +
        "or name the file in the environment variable WSH_CA_FILE.",
    ],
  ],
  verify_record: [[{ kind: "verify_record" }, "See what is damaged with: wsh-orchestrator verify"]],
  trust_workspace: [[{ kind: "trust_workspace" }, "Trust the workspace in VS Code first."]],
  open_folder: [[{ kind: "open_folder" }, "Choose a folder with --dir FOLDER."]],
  report_fault: [[{ kind: "report_fault" }, "Run the command again with --verbose, and report what it prints."]],
};

const all = Object.values(samples).flatMap((each): readonly (readonly [Remedy, string])[] => each);
const program = createProgram(80, () => () => Promise.resolve());

describe.each(all)("%j", (remedy, text) => {
  it("says what to do", () => {
    expect(remedyText(remedy)).toBe(text);
    expect(text === "").toBe(remedy.kind === "nothing");
  });

  it("names commands and options that there are", () => {
    let flags = [...program.options];
    for (const [, name = "", second = ""] of text.matchAll(/wsh-orchestrator ([\w-]+)(?: ([\w-]+))?/g)) {
      const command = program.commands.find((each) => each.name() === name);
      expect(command, name).toBeDefined();
      const own = command?.commands.find((each) => each.name() === second);
      if ((command?.commands.length ?? 0) > 0) expect(own, second).toBeDefined();
      flags = [...flags, ...(command?.options ?? []), ...(own?.options ?? [])];
    }
    for (const [flag] of text.matchAll(/--[\w-]+/g)) expect(flags.map(({ long }) => long)).toContain(flag);
  });
});
