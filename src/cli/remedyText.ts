import type { Remedy } from "../core/model/remedy";
import { shortEntryId } from "../protocol/logLines";
import { shellWord } from "../core/sense/shellWord";

const program = "wsh-orchestrator";
const mostNames = 12;

/** What to do next, with the commands of this program; empty where there is nothing to do. `next` of JSON output. */
export function remedyText(remedy: Remedy): string {
  switch (remedy.kind) {
    case "advice":
      return remedy.text;
    case "nothing":
      return "";
    case "create_project":
      return `Create a project with: ${program} do NAME --run COMMAND`;
    case "choose_project":
      return remedy.known.length === 0
        ? `Create a project with: ${program} do NAME --run COMMAND`
        : `Projects here: ${listed(remedy.known)}.`;
    case "run_project":
      return remedy.again === true
        ? `Run everything again with: ${program} do ${shellWord(remedy.project)} --again`
        : `Run the project with: ${program} do ${shellWord(remedy.project)}`;
    case "follow_project":
      return `Follow it with: ${program} log ${shellWord(remedy.project)} --follow`;
    case "follow_or_stop":
      return (
        `Follow it with: ${program} log ${shellWord(remedy.project)} --follow, ` +
        `or stop it with: ${program} stop ${shellWord(remedy.project)}`
      );
    case "show_log":
      return `See what happened with: ${program} log ${shellWord(remedy.project)}${remedy.session === undefined ? "" : ` --session ${shellWord(remedy.session)}`}`;
    case "show_tasks":
      return `See its tasks with: ${program} status ${shellWord(remedy.project)}`;
    case "retry_task":
      return `Retry that task with: ${program} retry ${shellWord(remedy.project)} ${shellWord(remedy.task)}`;
    case "assign_task":
      return `Give it again with: ${program} assign ${shellWord(remedy.project)} ${shellWord(remedy.role)} --run COMMAND`;
    case "give_plan":
      return "Give the plan again with --plan FILE, or its commands with --run.";
    case "give_commands":
      return "Give at least one command with --run COMMAND, or a plan with --plan FILE.";
    case "correct_plan":
      return remedy.problems === 1
        ? "Correct this place and run it again."
        : `Correct these ${remedy.problems} places and run it again.`;
    case "choose_session":
      return remedy.known.length === 0
        ? `No session is open here. See those of the server with: ${program} sessions --all`
        : `Sessions here: ${listed(remedy.known)}.`;
    case "look_at_session":
      return `Look at the session with: ${program} pull ${shellWord(remedy.session)}${remedy.text === undefined ? "" : `\n${remedy.text}`}`;
    case "end_sessions":
      return `End sessions that nobody needs: list them with ${program} sessions --all, end one with ${program} kill SESSION.`;
    case "show_questions":
      return `List the open questions with: ${program} attention`;
    case "answer_question":
      return `Answer it with: ${program} answer ${shortEntryId(remedy.entry_id)} ${remedy.options.length === 0 ? "TEXT" : remedy.options.join("|")}`;
    case "choose_server":
      return `Choose one of them, for example --server ${remedy.addresses[0]}, or --server builtin for the built-in one.`;
    case "reach_server":
      return "Start the server, or choose another one with --server (--server builtin starts the built-in one).";
    case "correct_address":
      return `${remedy.text} Give another address with --server.`;
    case "start_server":
      return `Start it with: ${program} wsh-server start`;
    case "watch_server_start":
      return `Run it in the foreground to see more: ${program} wsh-server run --socket PATH`;
    case "update_server":
      return "Update wsh, or use the built-in server with --server builtin.";
    case "give_token":
      return "Give the server's token with --token-file FILE or in the environment variable WSH_TOKEN.";
    case "give_certificate":
      return "Give the certificate of its authority with --ca-file FILE or in the environment variable WSH_CA_FILE.";
    case "verify_record":
      return `See what is readable with: ${program} verify`;
    case "trust_workspace":
      return "Trust the workspace in VS Code first.";
    case "open_folder":
      return "Choose a folder with --dir FOLDER.";
    case "report_fault":
      return "Run it again with --verbose, and report what it prints.";
  }
}

function listed(names: readonly string[]): string {
  return `${names.slice(0, mostNames).join(", ")}${names.length > mostNames ? ", …" : ""}`;
}
