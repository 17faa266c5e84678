import type { WorkOptions } from "./workOptions";

export interface DoOptions extends WorkOptions {
  readonly goal?: string;
  readonly plan?: string;
  readonly role?: string;
  readonly cwd?: string;
  readonly maxSessions?: number;
  readonly again?: boolean;
  /** Only these tasks of the plan, and what they need. */
  readonly task?: readonly string[];
  /** Run it in a background process. */
  readonly detach?: boolean;
  /** This is that process. */
  readonly detached?: boolean;
  /** It waits until the present runner has left the project: that one hands over, and may end before it has said so. */
  readonly afterRunner?: boolean;
}
