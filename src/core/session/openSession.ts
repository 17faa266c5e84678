import type { PlanRole } from "../model/plan";
import type { SessionMode } from "../model/states";
import type { Conversation } from "./agentStart";
import type { ShellSession } from "./shellSession";

/** A session that this process reads and types to. */
export interface OpenSession {
  readonly name: string;
  readonly role: PlanRole;
  readonly shell: ShellSession;
  readonly mode: SessionMode;
  /** The folder that it was started in, until something was typed there. */
  startedIn: string | undefined;
  busy: boolean;
  /** What its agent was started with by this process, where that has an id. */
  readonly conversation?: Conversation;
  /** The command of a task that is done and keeps running there: nothing is typed until it has ended. */
  runs?: RunningCommand | undefined;
}

export interface RunningCommand {
  readonly task_id: string;
  readonly command_id: string;
  readonly command: string;
  /** Its prompt number; undefined where no marks tell its end. */
  readonly n: number | undefined;
  /** The id of the end mark that it was typed with; undefined where marks tell its end, or nothing does. */
  readonly end_id?: string | undefined;
}
