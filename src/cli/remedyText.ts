import { listed } from "../core/model/sentences";
import { shellWord } from "../core/sense/shellWord";
import type { Remedy } from "../core/model/remedy";
import { answerCommand } from "./questionText";

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
        ? `There are no projects yet. Create one with: ${program} do NAME --run COMMAND`
        : namesHere("Projects", remedy.known, "projects");
    case "run_project": {
      const { project, again, server } = remedy;
      if (server !== undefined) {
        const run = `${program} do ${shellWord(project)}${again === true ? " --again" : ""}`;
        return `Start the server at ${server}, then run: ${run}; or run it on the built-in one: ${run} --server builtin`;
      }
      return again === true
        ? `Run all tasks of ${project} again with: ${program} do ${shellWord(project)} --again`
        : `Resume ${project} with: ${program} do ${shellWord(project)}`;
    }
    case "follow_project":
      return `Follow ${remedy.project} with: ${program} log ${shellWord(remedy.project)} --follow`;
    case "follow_or_stop": {
      const { project } = remedy;
      return (
        `Follow ${project} with: ${program} log ${shellWord(project)} --follow, ` +
        `or stop it with: ${program} stop ${shellWord(project)}`
      );
    }
    case "show_log": {
      const of = remedy.session === undefined ? "" : ` --session ${shellWord(remedy.session)}`;
      return `See what happened with: ${program} log ${shellWord(remedy.project)}${of}`;
    }
    case "show_tasks":
      return `See the tasks of ${remedy.project} with: ${program} status ${shellWord(remedy.project)}`;
    case "retry_task":
      return `Retry ${remedy.task} with: ${program} retry ${shellWord(remedy.project)} ${shellWord(remedy.task)}`;
    case "assign_task":
      return (
        `Give the task again with: ${program} assign ${shellWord(remedy.project)} ${shellWord(remedy.role)} ` +
        givenOption(remedy)
      );
    case "give_plan":
      return (
        `Give the plan again with: ${program} do ${shellWord(remedy.project)} --plan FILE, ` +
        "or its commands with --run COMMAND, or a prompt with --agent NAME --prompt TEXT."
      );
    case "give_commands":
      return (
        `Give a command with: ${program} do PROJECT --run COMMAND, a coding agent's prompt with ` +
        "--agent NAME --prompt TEXT, or a plan with --plan FILE."
      );
    case "name_found_work":
      return [
        ...(remedy.ids.length === 0 ? [] : [`Say which one you mean: ${remedy.ids.join(", ")}.`]),
        `List what is there with: ${program} plan --list`,
      ].join("\n");
    case "correct_plan":
      return remedy.problems === 1
        ? "Correct this place in the plan and try again."
        : `Correct these ${remedy.problems} places in the plan and try again.`;
    case "correct_rules":
      return `Correct ${remedy.file}:${remedy.line}, and see whether it is used with: ${program} doctor`;
    case "install_agent":
      return (
        `Install ${remedy.title} with: ${remedy.install}\n` +
        `Or name another agent for the role; ${program} doctor lists those that are there.`
      );
    case "sign_in": {
      const { title, variables } = remedy;
      const set = variables.length === 0 ? "" : `, or set ${variables.join(" or ")}`;
      return `Sign in with ${title} in a terminal${set}. It may keep them where they cannot be seen.`;
    }
    case "run_in_terminal":
      return `${remedy.text} with: ${remedy.command}`;
    case "ignore_record":
      return [`Add it to ${listed(remedy.files)} with: ${program} doctor --fix`, ...remedy.by_hand].join("\n");
    case "renew_session":
      return (
        "A session keeps what it started with. For a new one, end it when it is idle " +
        `(${program} kill ${shellWord(remedy.session)}) and run the project again.`
      );
    case "choose_session":
      return remedy.known.length === 0
        ? `List the sessions with: ${program} sessions --all`
        : namesHere("Sessions", remedy.known, "sessions");
    case "look_at_session": {
      const then = remedy.text === undefined ? "" : `\n${remedy.text}`;
      return `Look at the session with: ${program} pull ${shellWord(remedy.session)}${then}`;
    }
    case "follow_session":
      return (
        `Wait for its end with: ${program} wait ${shellWord(remedy.session)}\n` +
        `Or stop it there with Ctrl-C: ${program} attach ${shellWord(remedy.session)}`
      );
    case "answer_session":
      return `Answer it with: ${program} answer ${shellWord(remedy.session)}`;
    case "prompt_when_idle":
      return (
        `Send it when the agent is done with: ${program} prompt ${shellWord(remedy.session)} --when-idle TEXT\n` +
        `Or look at the session with: ${program} pull ${shellWord(remedy.session)}`
      );
    case "replace_session": {
      const { project, session, role, resumes } = remedy;
      const log = `${program} log ${shellWord(project)} --session ${shellWord(session)}`;
      const then = resumes
        ? `Resume ${project}, which starts the sessions that it needs, with: ${program} do ${shellWord(project)}`
        : `Start another one with: ${program} assign ${shellWord(project)} ${shellWord(role)} ${givenOption(remedy)}`;
      return `See what happened with: ${log}\n${then}`;
    }
    case "end_sessions":
      if (remedy.project !== undefined) return `End them all with: ${program} end ${shellWord(remedy.project)}`;
      return (
        `End sessions that you no longer need: ${program} sessions --all lists them, ` +
        `${program} kill SESSION ends one.`
      );
    case "show_questions":
      return `List the open questions with: ${program} attention`;
    case "answer_question": {
      const { entry_id: id, options, takes_enter } = remedy;
      const form = takes_enter === true ? { answer_form: "line" as const } : {};
      return `Answer the question with: ${answerCommand({ id, options: [...options], ...form }, true)}`;
    }
    case "act_outside_session":
      return "Do it yourself in VS Code, or in a terminal that is not one of the sessions.";
    case "choose_server":
      return (
        `Choose one, for example with --server ${shellWord(remedy.addresses[0])}, ` +
        "or use the built-in one with --server builtin."
      );
    case "choose_address":
      return (
        `If you know and trust it, choose it once with --server ${shellWord(remedy.address)}; ` +
        "or use the built-in one with --server builtin."
      );
    case "reach_server":
      return "Start the server, or choose another one with --server ADDRESS (--server builtin for the built-in one).";
    case "correct_address":
      return `${remedy.text} Give the address with --server ADDRESS.`;
    case "start_server":
      return `Start the server with: ${program} wsh-server start`;
    case "resume_projects":
      return remedy.server === undefined
        ? `Resume a project of its sessions with: ${program} do PROJECT`
        : `Start it, then resume a project of its sessions with: ${program} do PROJECT, ` +
            "or choose another server with --server ADDRESS (--server builtin for the built-in one).";
    case "end_lost_server":
      return `End it and its sessions with: kill ${remedy.pid}`;
    case "watch_server_start":
      return `Start a server in this terminal to see why: ${program} wsh-server run --socket PATH`;
    case "update_server":
      return "Update wsh there, or use the built-in session server with --server builtin.";
    case "give_token":
      if (remedy.withheld === true)
        return `If the token is for this server, give both at once: --server ${shellWord(remedy.address)} with the token.`;
      return "Give the token of the server with --token-file FILE, or in the environment variable WSH_TOKEN.";
    case "give_certificate":
      return (
        "Give the certificate of the server or its authority as a PEM file with --ca-file FILE, " +
        "or name the file in the environment variable WSH_CA_FILE."
      );
    case "verify_record":
      return `See what is damaged with: ${program} verify`;
    case "trust_workspace":
      return "Trust the workspace in VS Code first.";
    case "open_folder":
      return "Choose a folder with --dir FOLDER.";
    case "report_fault":
      return "Run the command again with --verbose, and report what it prints.";
  }
}

/** How to say what a task of such a role does. */
function givenOption({ prompted }: { readonly prompted: boolean }): string {
  return prompted ? "--prompt TEXT" : "--run COMMAND";
}

/** The names, or the first of them and the command that lists all. */
function namesHere(what: string, names: readonly string[], command: string): string {
  const more = names.length - mostNames;
  return more <= 0
    ? `${what} here: ${names.join(", ")}.`
    : `${what} here: ${names.slice(0, mostNames).join(", ")} and ${more} more. List all with: ${program} ${command}`;
}
