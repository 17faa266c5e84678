import type { ContextEntry } from "../model/entry";
import type { SessionEnvironment } from "../session/callerEnvironment";
import type { CommandLinePlace } from "../session/sessionSpec";

export interface ProjectRunOptions {
  /** Who started it: `human:<user>` or `agent:<id>`. */
  readonly actor: string;
  readonly workspaceTag: string;
  /** Absolute path of the folder that the record is in. */
  readonly workspace: string;
  /** Repeats tasks that are done and unchanged, all or those. */
  readonly again: boolean | readonly string[];
  /** Tasks of the project's plan that this run leaves out: while one of them is open the project is not done. */
  readonly others?: readonly string[];
  /** Waits for answers when nothing else can go on; else the run ends as `waiting`. */
  readonly waitForAnswers: boolean;
  readonly heartbeatMs: number;
  /** How long a command prints nothing before its progress says so; 0: never. Absent: ten minutes. */
  readonly quietAfterMs?: number;
  /** People are asked about it then, whatever the plan says of it or not. */
  readonly asksWhenQuiet?: boolean;
  readonly defaultShell?: string;
  /** How wide new sessions are, within `columnLimits`; absent: `defaultColumns`. */
  readonly columns?: number;
  /** Address of the server that the project's last run used. */
  readonly formerServer?: string;
  readonly commandLine?: CommandLinePlace;
  readonly environment?: SessionEnvironment;
  /** The generation of an earlier runner that is known to be gone (see `untilNotRunning`): its place is taken. */
  readonly over?: number;
  /** Done once this process holds the lease and before anything else: what only a runner may write. */
  readonly onClaimed?: (lease: ContextEntry) => Promise<void>;
}
