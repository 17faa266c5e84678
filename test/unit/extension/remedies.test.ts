import { describe, expect, it, vi } from "vitest";
import type { Remedy } from "../../../src/core/model/remedy";
import { commandId, commandNames, viewIds } from "../../../src/extension/identifiers";

vi.mock("vscode", () => ({
  l10n: { t: (text: string, ...more: unknown[]) => text.replace(/\{(\d)\}/g, (_all, at: string) => String(more[+at])) },
  Uri: { file: (path: string) => path },
  Range: class {
    constructor(readonly line: number) {}
  },
}));
const { remedyHere } = await import("../../../src/extension/remedies");

type Kind = Remedy["kind"];

/** One of each kind, or several where what it holds makes a difference; a kind that is missing does not compile. */
const examples: { readonly [K in Kind]: readonly Extract<Remedy, { readonly kind: K }>[] } = {
  advice: [{ kind: "advice", text: "Check the path." }],
  nothing: [{ kind: "nothing" }],
  create_project: [{ kind: "create_project" }],
  choose_project: [
    { kind: "choose_project", known: [] },
    { kind: "choose_project", known: ["alpha"] },
  ],
  run_project: [
    { kind: "run_project", project: "alpha" },
    { kind: "run_project", project: "alpha", again: true },
    { kind: "run_project", project: "alpha", server: "http://127.0.0.1:8080" },
  ],
  follow_project: [{ kind: "follow_project", project: "alpha" }],
  follow_or_stop: [{ kind: "follow_or_stop", project: "alpha" }],
  show_log: [
    { kind: "show_log", project: "alpha" },
    { kind: "show_log", project: "alpha", session: "proj-alpha::builder::1" },
  ],
  show_tasks: [{ kind: "show_tasks", project: "alpha" }],
  retry_task: [{ kind: "retry_task", project: "alpha", task: "build" }],
  assign_task: [{ kind: "assign_task", project: "alpha", role: "builder", prompted: false }],
  give_plan: [{ kind: "give_plan", project: "alpha" }],
  name_found_work: [{ kind: "name_found_work", ids: [] }],
  give_commands: [{ kind: "give_commands" }],
  correct_plan: [
    { kind: "correct_plan", problems: 1 },
    { kind: "correct_plan", problems: 3 },
  ],
  correct_rules: [{ kind: "correct_rules", file: "/home/me/rules.yaml", line: 3, column: 5 }],
  install_agent: [{ kind: "install_agent", title: "Codex", install: "npm install -g @openai/codex" }],
  sign_in: [
    { kind: "sign_in", title: "Codex", command: "codex", variables: ["OPENAI_API_KEY"] },
    { kind: "sign_in", title: "Cline", command: "cline", variables: [] },
  ],
  run_in_terminal: [{ kind: "run_in_terminal", text: "Close the folder to them", command: "chmod 700 x" }],
  ignore_record: [{ kind: "ignore_record", files: [".prettierignore"], by_hand: [] }],
  renew_session: [{ kind: "renew_session", session: "proj-alpha::shell::1" }],
  choose_session: [{ kind: "choose_session", known: ["proj-alpha::builder::1"] }],
  follow_session: [{ kind: "follow_session", session: "proj-alpha::builder::1" }],
  look_at_session: [
    { kind: "look_at_session", session: "proj-alpha::builder::1" },
    { kind: "look_at_session", session: "proj-alpha::builder::1", text: "Clear the line there." },
  ],
  answer_session: [{ kind: "answer_session", session: "proj-alpha::coder::1" }],
  prompt_when_idle: [{ kind: "prompt_when_idle", session: "proj-alpha::coder::1" }],
  replace_session: [
    {
      kind: "replace_session",
      project: "alpha",
      session: "proj-alpha::shell::1",
      role: "shell",
      resumes: true,
      prompted: false,
    },
  ],
  end_sessions: [{ kind: "end_sessions" }],
  show_questions: [{ kind: "show_questions" }],
  answer_question: [{ kind: "answer_question", entry_id: "e1", options: ["run", "skip"] }],
  act_outside_session: [{ kind: "act_outside_session" }],
  choose_server: [{ kind: "choose_server", addresses: ["http://127.0.0.1:8080"] }],
  choose_address: [{ kind: "choose_address", address: "http://wsh.example:8080" }],
  reach_server: [{ kind: "reach_server" }],
  correct_address: [{ kind: "correct_address", text: "Check the host name in the address." }],
  resume_projects: [{ kind: "resume_projects" }, { kind: "resume_projects", server: "http://127.0.0.1:8080" }],
  end_lost_server: [{ kind: "end_lost_server", pid: 812 }],
  start_server: [{ kind: "start_server" }],
  watch_server_start: [{ kind: "watch_server_start" }],
  update_server: [{ kind: "update_server" }],
  give_token: [{ kind: "give_token", address: "http://127.0.0.1:8080" }],
  give_certificate: [{ kind: "give_certificate" }],
  verify_record: [{ kind: "verify_record" }],
  trust_workspace: [{ kind: "trust_workspace" }],
  open_folder: [{ kind: "open_folder" }],
  report_fault: [{ kind: "report_fault" }],
};
const all: readonly Remedy[] = Object.values(examples).flat();

/** Of VS Code itself. */
const ofTheEditor = ["workbench.actions.view.problems", "workbench.trust.manage", "vscode.openFolder", "vscode.open"];
const known = new Set([
  ...commandNames.map(commandId),
  ...Object.values(viewIds).map((view) => `${view}.focus`),
  ...ofTheEditor,
]);

describe("a remedy in a window", () => {
  it.each(all.map((remedy) => [remedy.kind, remedy] as const))(
    "%s: has a sentence or a button, and each button a command that there is",
    (kind, remedy) => {
      const { text, button } = remedyHere(remedy);
      expect(text !== "" || button !== undefined).toBe(kind !== "nothing");
      if (button) expect(known).toContain(button.command);
    },
  );

  it("is worded for a window: whole sentences, short titles, no option of the command line", () => {
    for (const remedy of all) {
      const { text, button, instead = "The plan has 1 problem." } = remedyHere(remedy);
      expect(text).toMatch(/^$|^[A-Z].*\.$/);
      expect(instead).toMatch(/^[A-Z].*\.$/);
      expect(button?.title ?? "None").toMatch(/^[A-Z][^.]*$/);
      expect(`${text} ${button?.title ?? ""}`).not.toMatch(/--\w|wsh-orchestrator/);
    }
  });

  it.each<readonly [Remedy, string, readonly unknown[] | undefined]>([
    [{ kind: "run_project", project: "alpha" }, "runProject", ["alpha"]],
    [{ kind: "run_project", project: "alpha", again: true }, "runProject", ["alpha", { again: true }]],
    [{ kind: "follow_project", project: "alpha" }, "filterActivity", [{ project: "alpha" }]],
    [
      { kind: "show_log", project: "alpha", session: "proj-alpha::builder::1" },
      "filterActivity",
      [{ project: "alpha", session: "proj-alpha::builder::1" }],
    ],
    [{ kind: "follow_or_stop", project: "alpha" }, "stopProject", ["alpha"]],
    [{ kind: "retry_task", project: "alpha", task: "build" }, "retryTask", [{ project: "alpha", task: "build" }]],
    [{ kind: "look_at_session", session: "proj-alpha::builder::1" }, "openMirror", ["proj-alpha::builder::1"]],
    [{ kind: "answer_question", entry_id: "e1", options: ["run"] }, "reviewQuestion", ["e1"]],
    [{ kind: "give_token", address: "http://127.0.0.1:8080" }, "setServerToken", ["http://127.0.0.1:8080"]],
    [{ kind: "choose_address", address: "http://wsh.example:8080" }, "useServer", ["http://wsh.example:8080"]],
    [{ kind: "show_questions" }, "showAttention", undefined],
  ])("%o does it to what the error is about", (remedy, command, given) => {
    const { button } = remedyHere(remedy);
    expect([button?.command, button?.arguments]).toEqual([commandId(command as never), given]);
  });

  it("opens a file of rules at the line that is wrong", () => {
    expect(remedyHere(examples.correct_rules[0] as Remedy).button).toMatchObject({
      command: "vscode.open",
      arguments: ["/home/me/rules.yaml", { selection: { line: 2 } }],
    });
  });

  it("counts the problems of a plan in place of listing them", () => {
    expect(examples.correct_plan.map((remedy) => remedyHere(remedy).instead)).toEqual([
      "The plan has 1 problem.",
      "The plan has 3 problems.",
    ]);
  });
});
