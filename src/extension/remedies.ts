import { l10n } from "vscode";
import type { Remedy } from "../core/model/remedy";
import { type CommandName, commandId, viewIds } from "./identifiers";

/** What to do about an error in a window: a sentence, which may be empty, and the button that does it. */
export interface RemedyHere {
  readonly text: string;
  readonly button?: RemedyButton;
}

export interface RemedyButton {
  readonly title: string;
  /** A command's whole id. */
  readonly command: string;
  readonly argument?: unknown;
}

/** A kind of remedy that is forgotten here does not compile. */
export function remedyHere(remedy: Remedy): RemedyHere {
  switch (remedy.kind) {
    case "advice":
      return { text: remedy.text };
    case "nothing":
      return { text: "" };
    case "make_project":
    case "give_commands":
      return { text: "", button: ours(l10n.t("Do Project"), "doProject") };
    case "give_plan":
      return { text: l10n.t("Give the plan again."), button: ours(l10n.t("Do Project"), "doProject") };
    case "choose_project":
      return remedy.known.length === 0
        ? { text: "", button: ours(l10n.t("Do Project"), "doProject") }
        : { text: "", button: showProjects() };
    case "choose_session":
    case "show_tasks":
      return { text: "", button: showProjects() };
    case "run_project":
      return { text: "", button: ours(l10n.t("Run Project"), "runProject", remedy.project) };
    case "follow_project":
      return { text: "", button: showProjects() };
    case "follow_or_stop":
      return { text: "", button: ours(l10n.t("Stop Project"), "stopProject", remedy.project) };
    case "show_log":
      return { text: "", button: focus(l10n.t("Show Activity"), viewIds.activity) };
    case "retry_task":
      return { text: l10n.t("Retry {0} first.", remedy.task), button: showProjects() };
    case "assign_task":
      return { text: "", button: ours(l10n.t("Do Project"), "doProject") };
    case "correct_plan":
      return {
        text: "",
        button: { title: l10n.t("Show Problems"), command: "workbench.actions.view.problems" },
      };
    case "look_at_session":
      return { text: remedy.text ?? "", button: ours(l10n.t("Open Mirror"), "openMirror", remedy.session) };
    case "end_sessions":
      return { text: l10n.t("End sessions that nobody needs."), button: showProjects() };
    case "show_questions":
      return { text: "", button: focus(l10n.t("Show Attention"), viewIds.attention) };
    case "answer_question":
      return { text: "", button: ours(l10n.t("Review Question"), "reviewQuestion", remedy.entry_id) };
    case "choose_server":
      return {
        text:
          remedy.addresses.length === 0 ? l10n.t("Start it, or choose another one.") : l10n.t("Choose one of them."),
        button: ours(l10n.t("Choose Server"), "chooseServer"),
      };
    case "start_server":
      return { text: "", button: ours(l10n.t("Start Server"), "startServer") };
    case "watch_server_start":
      return { text: "", button: ours(l10n.t("Choose Server"), "chooseServer") };
    case "update_server":
      return {
        text: l10n.t("Update wsh, or use the built-in server."),
        button: ours(l10n.t("Choose Server"), "chooseServer"),
      };
    case "give_token":
      return {
        text: l10n.t("Set the token that the server was started with."),
        button: ours(l10n.t("Set Token"), "setServerToken"),
      };
    case "give_certificate":
      return { text: l10n.t("Start VS Code with its certificate in the environment variable WSH_CA_FILE.") };
    case "verify_record":
      return { text: l10n.t("The rest of the log can be read.") };
    case "trust_workspace":
      return {
        text: l10n.t("Trust the workspace first."),
        button: { title: l10n.t("Manage Workspace Trust"), command: "workbench.trust.manage" },
      };
    case "open_folder":
      return {
        text: l10n.t("Open a folder first."),
        button: { title: l10n.t("Open Folder"), command: "vscode.openFolder" },
      };
    case "report_fault":
      return { text: "" };
  }
}

function ours(title: string, name: CommandName, argument?: unknown): RemedyButton {
  return { title, command: commandId(name), argument };
}

function focus(title: string, view: string): RemedyButton {
  return { title, command: `${view}.focus` };
}

function showProjects(): RemedyButton {
  return focus(l10n.t("Show Projects"), viewIds.projects);
}
