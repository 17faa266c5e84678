import type { RuleCatalog } from "../sense/senseTerminal";
import type { AgentCatalog } from "../model/agentProfile";
import type { ProjectContext } from "../model/project";
import type { AgentMachine } from "../ports/agents";
import type { ProjectStore } from "../ports/ledger";
import type { Clock, Folders, Ids, LocalPorts, Logger, Processes } from "../ports/machine";
import type { ConsentKeeper } from "../ports/consent";
import type { PlanWork } from "../ports/plans";
import type { ProjectFiles } from "../ports/projectFiles";
import type { Policy } from "../ports/safety";
import type { ChosenServer } from "../ports/sessions";
import type { Redactor } from "../safety/redaction";
import type { SessionEnvironment } from "../session/callerEnvironment";
import type { CommandLinePlace } from "../session/sessionSpec";
import type { PlanSource } from "./wantedPlan";

/** What a run needs of the machine and of who asks for it. */
export interface RunProjectWorld {
  /** `human:<user>` or `agent:<id>`. */
  readonly actor: string;
  readonly user: string;
  /** Tells the workspace's sessions from those of another one on the same server. */
  readonly workspaceTag: string;
  readonly store: ProjectStore;
  readonly redactor: Pick<Redactor, "redact" | "addKnownValue" | "settings">;
  readonly plans: PlanWork;
  readonly processes: Processes;
  readonly consents: ConsentKeeper;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  /** `known`: the server that the project remembers. */
  readonly chooseServer: (known: ProjectContext["server"]) => Promise<ChosenServer>;
  /** What is known of the folders of sessions on that server. */
  readonly folders: (address: string) => Folders;
  /** The ports that sessions on that server open; undefined where they do so on another machine. */
  readonly ports: (address: string) => LocalPorts | undefined;
  /** This machine's folders, where who asks stands. */
  readonly callersFolders: Folders;
  readonly policy: () => Promise<Policy>;
  /** The rules by which it is known what programs do. */
  readonly programRules: () => Promise<RuleCatalog>;
  /** The agents that a plan can name. */
  readonly agents: () => Promise<AgentCatalog>;
  /** What is known of agents where the sessions of that server run; undefined where that is another machine. */
  readonly agentMachine: (address: string) => AgentMachine | undefined;
  /** Files of the project that its prompts name; this machine's. */
  readonly files: ProjectFiles;
  /** Where sessions on that server find the command line; undefined where they do not. */
  readonly commandLine: (chosen: ChosenServer) => Promise<CommandLinePlace | undefined>;
  /** What new sessions on that server get of the environment of whoever asks. */
  readonly environment: (chosen: ChosenServer) => Promise<SessionEnvironment>;
  /** Where the recorded plan of a project is, for people. */
  readonly planFile: (project_id: string) => string;
}

export interface RunProjectRequest {
  /** The project's name or id; one that is not there yet is made. */
  readonly name: string;
  /** Throws `project_not_found` instead. */
  readonly must_exist?: boolean;
  readonly source: PlanSource;
  /** In place of the plan's. */
  readonly goal?: string;
  readonly max_sessions?: number;
  /** No more sessions are open at once, whatever the plan says. */
  readonly session_limit?: number;
  /** The folder that relative paths of the plan start from, kept with the project; absent: as before. */
  readonly cwd?: string;
  /** Only these tasks of the plan, and what they need that is not done yet. */
  readonly only?: readonly string[];
  /** Repeats tasks that are done and unchanged; of a run of some tasks only these. */
  readonly again: boolean;
  /** Waits for answers when nothing else can go on; else the run ends as `waiting`. */
  readonly waitForAnswers: boolean;
  /** How often a command that runs on is written about. */
  readonly heartbeatMs: number;
  /** How long a command prints nothing before its progress says so; 0: never. Absent: ten minutes. */
  readonly quietAfterMs?: number;
  /** A person is asked about it then, also where the plan does not say so. */
  readonly asksWhenQuiet?: boolean;
  /** Of roles that name none; absent: bash. */
  readonly defaultShell?: string;
  /** How wide new sessions are, within `columnLimits`; absent: `defaultColumns`. */
  readonly columns?: number;
  /** While another process runs it: `follow` it to its end, `wait` for that and run it then, or `refuse`. */
  readonly elsewhere: "follow" | "wait" | "refuse";
  /** Interrupts what runs here; a run elsewhere is left alone. */
  readonly signal: AbortSignal;
}

/** What a person is told beside the run itself. */
export type RunNotice =
  /** The record keeps the plan without its secrets: it has to be given again to run again. */
  | { readonly what: "plan_without_secrets" }
  /** project.json was missing or spoilt, and is made again from the events. */
  | { readonly what: "project_rebuilt"; readonly why: string }
  /** The user's data folder cannot be used: an answer that allows a command counts only when this process is told it. */
  | { readonly what: "answers_of_this_process_only" }
  /** The process that ran it is gone without a word; this one goes on. */
  | { readonly what: "takes_over" };
