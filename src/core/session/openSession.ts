import type { PlanRole } from "../model/plan";
import type { SessionMode } from "../model/states";
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
}
