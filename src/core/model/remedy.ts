/**
 * What a person can do about an error, as facts: which project, which session. It names no command and no button; each
 * shell has its own for each kind and words it (`src/cli/remedyText.ts`, `src/extension/remedies.ts`), so that a kind
 * that one of them forgets does not compile.
 */
export type Remedy =
  /** Something to do outside of the product, or where the person is already: sentences that are right in every shell. */
  | { readonly kind: "advice"; readonly text: string }
  /** There is nothing to do. */
  | { readonly kind: "nothing" }
  | { readonly kind: "create_project" }
  /** `known`: names of the projects that there are. */
  | { readonly kind: "choose_project"; readonly known: readonly string[] }
  /** Also resumes it. `again`: with all that is done already. */
  /** `server`: the address of one that has ended and is not ours to start. */
  | { readonly kind: "run_project"; readonly project: string; readonly again?: boolean; readonly server?: string }
  /** It runs: look how it goes. */
  | { readonly kind: "follow_project"; readonly project: string }
  /** It runs elsewhere: look how it goes, or stop it. */
  | { readonly kind: "follow_or_stop"; readonly project: string }
  | { readonly kind: "show_log"; readonly project: string; readonly session?: string }
  | { readonly kind: "show_tasks"; readonly project: string }
  | { readonly kind: "retry_task"; readonly project: string; readonly task: string }
  /** What the task is to do has to be given again. */
  /** `prompted`: the role has a coding agent, which takes a prompt. */
  | { readonly kind: "assign_task"; readonly project: string; readonly role: string; readonly prompted: boolean }
  /** Its stored plan cannot be used. */
  | { readonly kind: "give_plan"; readonly project: string }
  | { readonly kind: "give_commands" }
  /** A plan is made of what a folder has. `ids`: of which one is meant; empty: nobody knows. */
  | { readonly kind: "name_found_work"; readonly ids: readonly string[] }
  /** `problems`: how many places are wrong. */
  | { readonly kind: "correct_plan"; readonly problems: number }
  /** A file of the person's own: rules, or a coding agent. */
  /** `line` and `column` from 1. */
  | { readonly kind: "correct_rules"; readonly file: string; readonly line: number; readonly column: number }
  /** A coding agent is not there. `install`: a command line that installs it. */
  | { readonly kind: "install_agent"; readonly title: string; readonly install: string }
  /** A coding agent has no credentials that can be seen. `command`: what starts it; `variables`: may hold them, too. */
  | {
      readonly kind: "sign_in";
      readonly title: string;
      readonly command: string;
      readonly variables: readonly string[];
    }
  /** A line for a shell that a person may run. `text`: what comes of it, without a stop. */
  | { readonly kind: "run_in_terminal"; readonly text: string; readonly command: string }
  /** Tools read the record as files of the project. `files`: can be told so; `by_hand`: sentences for those that cannot. */
  | { readonly kind: "ignore_record"; readonly files: readonly string[]; readonly by_hand: readonly string[] }
  /** It has another environment than new sessions get. */
  | { readonly kind: "renew_session"; readonly session: string }
  /** `known`: names of the sessions that there are. */
  | { readonly kind: "choose_session"; readonly known: readonly string[] }
  /** `text`: what to do when one has looked. */
  | { readonly kind: "look_at_session"; readonly session: string; readonly text?: string }
  /** Something still runs there, which nobody waits for any more. */
  | { readonly kind: "follow_session"; readonly session: string }
  /** It ended, or is lost; its log is kept. `resumes`: its project is not done. */
  | {
      readonly kind: "replace_session";
      readonly project: string;
      readonly session: string;
      readonly role: string;
      readonly resumes: boolean;
      /** It had a coding agent, which takes a prompt. */
      readonly prompted: boolean;
    }
  /** Its program asks something that no question was made of. */
  | { readonly kind: "answer_session"; readonly session: string }
  /** Its agent is at work, and takes a prompt when it is done. */
  | { readonly kind: "prompt_when_idle"; readonly session: string }
  /** `project`: all of that one; else those that are not needed. */
  | { readonly kind: "end_sessions"; readonly project?: string }
  | { readonly kind: "show_questions" }
  /** It is for a person, at a terminal or window that is no session. */
  | { readonly kind: "act_outside_session" }
  /** `options` is empty where any text is an answer. */
  | {
      readonly kind: "answer_question";
      readonly entry_id: string;
      readonly options: readonly string[];
      /** An empty text is one, too. */
      readonly takes_enter?: boolean;
    }
  /** Several run. */
  | { readonly kind: "choose_server"; readonly addresses: readonly [string, ...string[]] }
  /** Only files name it; whether it is used is the user's to say. */
  | { readonly kind: "choose_address"; readonly address: string }
  /** It cannot be reached. */
  | { readonly kind: "reach_server" }
  /** `text`: what is wrong with it, or how it should look. */
  | { readonly kind: "correct_address"; readonly text: string }
  /** The built-in one does not run. */
  | { readonly kind: "start_server" }
  /**
   * It ended, and its sessions with it: what is not done has to be resumed. `server`: its address, where it is not ours to
   * start.
   */
  | { readonly kind: "resume_projects"; readonly server?: string }
  /** One of ours lives and cannot be reached; its sessions end with its process. */
  | { readonly kind: "end_lost_server"; readonly pid: number }
  /** Starting it failed without a word; it says more in the foreground. */
  | { readonly kind: "watch_server_start" }
  /** Its wsh lacks something. */
  | { readonly kind: "update_server" }
  /** `withheld`: one is set, and was not sent because it was given with another address. */
  | { readonly kind: "give_token"; readonly address: string; readonly withheld?: boolean }
  | { readonly kind: "give_certificate" }
  | { readonly kind: "verify_record" }
  | { readonly kind: "trust_workspace" }
  | { readonly kind: "open_folder" }
  /** A fault of ours. */
  | { readonly kind: "report_fault" };

/** Sentences that are right in every shell; they name no command and no button. */
export function advice(text: string): Remedy {
  return { kind: "advice", text };
}

export const nothingToDo: Remedy = { kind: "nothing" };
