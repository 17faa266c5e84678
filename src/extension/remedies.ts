import { l10n, Range, Uri } from "vscode";
import type { Remedy } from "../core/model/remedy";
import { listed } from "../core/model/sentences";
import { type CommandName, commandId, viewIds } from "./identifiers";

/** What to do about an error in a window: a sentence, which may be empty, and the button that does it. */
export interface RemedyHere {
  readonly text: string;
  readonly button?: RemedyButton;
  /** In place of the error's own message, where the button shows all that the message lists. */
  readonly instead?: string;
}

export interface RemedyButton {
  readonly title: string;
  /** A command's whole id. */
  readonly command: string;
  readonly arguments?: readonly unknown[];
}

/** A kind of remedy that is forgotten here does not compile. Names are enough for commands: of two, they ask. */
export function remedyHere(remedy: Remedy): RemedyHere {
  switch (remedy.kind) {
    case "advice":
      return { text: remedy.text };
    case "nothing":
      return { text: "" };
    case "create_project":
    case "give_commands":
    case "assign_task":
      return { text: "", button: doProject() };
    case "name_found_work":
      return { text: "", button: ours(l10n.t("Make a Plan from What Is There"), "planFromFolder") };
    case "give_plan":
      return { text: l10n.t("Give the plan again."), button: doProject() };
    case "choose_project":
      return { text: "", button: remedy.known.length === 0 ? doProject() : showProjects() };
    case "choose_session":
    case "show_tasks":
      return { text: "", button: showProjects() };
    case "run_project":
      if (remedy.server !== undefined) return startOrChoose();
      return { text: "", button: runProject(remedy.project, remedy.again === true) };
    case "follow_project":
    case "show_log":
      return { text: "", button: showActivity(remedy) };
    case "follow_or_stop":
      return { text: "", button: ours(l10n.t("Stop Project"), "stopProject", remedy.project) };
    case "retry_task": {
      const { project, task } = remedy;
      return { text: "", button: ours(l10n.t("Retry {0}", task), "retryTask", { project, task }) };
    }
    case "correct_plan":
      return {
        text: "",
        button: { title: l10n.t("Show Problems"), command: "workbench.actions.view.problems" },
        instead:
          remedy.problems === 1
            ? l10n.t("The plan has 1 problem.")
            : l10n.t("The plan has {0} problems.", remedy.problems),
      };
    case "correct_rules":
      return { text: "", button: openFile(remedy.file, remedy.line, remedy.column) };
    case "install_agent":
      return {
        text: l10n.t("Install it ({0}), or name another agent for the role.", remedy.install),
        button: inTerminal(l10n.t("Install in Terminal…"), remedy.install),
      };
    case "sign_in": {
      const { title, command, variables } = remedy;
      const sentence = l10n.t("Sign in with {0}; it may keep its credentials where they cannot be seen.", title);
      const set = variables.length === 0 ? "" : ` ${l10n.t("Or set {0}.", variables.join(l10n.t(" or ")))}`;
      return { text: `${sentence}${set}`, button: inTerminal(l10n.t("Start {0} in Terminal…", title), command) };
    }
    case "run_in_terminal":
      return {
        text: `${remedy.text}.`,
        button: inTerminal(l10n.t("Type in Terminal…"), remedy.command),
      };
    case "ignore_record":
      return {
        text: [l10n.t("Add it to {0}.", listed(remedy.files)), ...remedy.by_hand].join(" "),
        button: ours(l10n.t("Add"), "showSetupCheck", { fix: true }),
      };
    case "renew_session":
      return {
        text: l10n.t("A session keeps what it started with. When it is idle, restart it."),
        button: ours(l10n.t("Restart Session"), "restartSession", remedy.session),
      };
    case "look_at_session":
      return { text: remedy.text ?? "", button: ours(l10n.t("Open Mirror"), "openMirror", remedy.session) };
    case "follow_session":
      return { text: "", button: ours(l10n.t("Open Mirror"), "openMirror", remedy.session) };
    case "answer_session":
      return { text: "", button: ours(l10n.t("Answer…"), "answer", remedy.session) };
    case "prompt_when_idle":
      return {
        text: l10n.t("Send it when the agent is done."),
        button: ours(l10n.t("Open Mirror"), "openMirror", remedy.session),
      };
    case "replace_session":
      return { text: "", button: ours(l10n.t("Restart Session"), "restartSession", remedy.session) };
    case "end_sessions":
      if (remedy.project !== undefined)
        return { text: "", button: ours(l10n.t("End All Sessions…"), "endSessions", remedy.project) };
      return {
        text: l10n.t("Kill sessions that are not needed."),
        button: ours(l10n.t("Kill Session…"), "killSession"),
      };
    case "show_questions":
      return { text: "", button: ours(l10n.t("Show Questions"), "showAttention") };
    case "answer_question":
      return { text: "", button: ours(l10n.t("Review Question…"), "reviewQuestion", remedy.entry_id) };
    case "act_outside_session":
      return { text: l10n.t("Do it in this window.") };
    case "choose_server":
      return { text: "", button: chooseServer() };
    case "choose_address":
      return {
        text: "",
        button: ours(l10n.t("Review Server…"), "useServer", remedy.address),
      };
    case "reach_server":
      return startOrChoose();
    case "correct_address":
      return { text: remedy.text, button: chooseServer() };
    case "start_server":
      return { text: "", button: ours(l10n.t("Start Server"), "startServer") };
    case "resume_projects":
      return remedy.server === undefined ? { text: l10n.t("Resume the projects that are not done.") } : startOrChoose();
    case "end_lost_server":
      return { text: l10n.t("End process {0} on this machine; its sessions end with it.", String(remedy.pid)) };
    case "watch_server_start":
      return { text: l10n.t("Choose another server, or try again."), button: chooseServer() };
    case "update_server":
      return { text: l10n.t("Update wsh, or use the built-in session server."), button: chooseServer() };
    case "give_token":
      return {
        text: l10n.t("Set the token that the server was started with."),
        button: ours(l10n.t("Set Token…"), "setServerToken", remedy.address),
      };
    case "give_certificate":
      return {
        text: l10n.t(
          "Set the environment variable WSH_CA_FILE to the file with its certificate, then start VS Code again.",
        ),
      };
    case "verify_record":
      return { text: l10n.t("Everything else in the log can be read.") };
    case "trust_workspace":
      return {
        text: "",
        button: { title: l10n.t("Manage Workspace Trust"), command: "workbench.trust.manage" },
      };
    case "open_folder":
      return { text: "", button: { title: l10n.t("Open Folder…"), command: "vscode.openFolder" } };
    case "report_fault":
      return { text: l10n.t("This is a fault of wsh Orchestrator. Its output may say more.") };
  }
}

function ours(title: string, name: CommandName, ...given: readonly unknown[]): RemedyButton {
  return { title, command: commandId(name), ...(given.length === 0 ? {} : { arguments: given }) };
}

/** Nothing runs before the person presses Enter there. */
function inTerminal(title: string, line: string): RemedyButton {
  return ours(title, "typeInTerminal", line);
}

/** `line` and `column` from 1. */
function openFile(file: string, line: number, column: number): RemedyButton {
  const selection = new Range(line - 1, column - 1, line - 1, column - 1);
  return { title: l10n.t("Open File"), command: "vscode.open", arguments: [Uri.file(file), { selection }] };
}

function doProject(): RemedyButton {
  return ours(l10n.t("Do Project…"), "doProject");
}

function runProject(project: string, again: boolean): RemedyButton {
  return again
    ? ours(l10n.t("Run Everything Again"), "runProject", project, { again })
    : ours(l10n.t("Run Project"), "runProject", project);
}

/** Only what happened to that project, or to that session of it. */
function showActivity({ project, session }: { readonly project: string; readonly session?: string }): RemedyButton {
  return ours(l10n.t("Show Activity"), "filterActivity", { project, ...(session === undefined ? {} : { session }) });
}

function startOrChoose(): RemedyHere {
  return { text: l10n.t("Start it, or choose another server."), button: chooseServer() };
}

function chooseServer(): RemedyButton {
  return ours(l10n.t("Choose Server…"), "chooseServer");
}

function showProjects(): RemedyButton {
  return { title: l10n.t("Show Projects"), command: `${viewIds.projects}.focus` };
}
