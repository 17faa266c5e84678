import type { PlanRole } from "../model/plan";
import type { CommandTarget } from "./targets";

export type Verdict = "allow" | "ask" | "deny";

export interface PolicyDecision {
  readonly verdict: Verdict;
  /** For people: what it would do and why somebody should look. Empty when allowed. */
  readonly reason: string;
  /** The rule that decided. */
  readonly rule: string;
  /** What all of the text would remove or overwrite, as far as it says so itself. Absent when allowed. */
  readonly targets?: readonly CommandTarget[];
}

/** Where a text is to be typed. */
export interface TypingPlace {
  /**
   * The name or path of the shell that reads the text, `program` for what is no shell, `unknownShell` or `posixShell`
   * where nobody knows which one: then the strictest reading of all of them counts.
   */
  readonly shell: string;
  /** Absolute path of the folder that it would run in; undefined where nobody knows. Only `targets` depend on it. */
  readonly cwd: string | undefined;
  /** What the shell runs before it, which may take it to another folder. */
  readonly before?: readonly string[];
}

/** For `Policy`: some shell, or none; the text must be right for each of them. */
export const unknownShell = "unknown";
/** For `Policy`: a shell of the Bourne family (bash, zsh, sh, …) that nobody has named. */
export const posixShell = "posix";

/** What a person is to agree to before a session of a role is started. */
export interface RoleDecision extends PolicyDecision {
  /** The settings that the decision is about, whole, one a line: `program: …`, `agent: …`, `NAME=value`. Empty when allowed. */
  readonly text: string;
}

/** Decides about text before it is typed. Pure and fast (below a millisecond). */
export interface Policy {
  decide(command: string, place: TypingPlace): PolicyDecision;
  /**
   * About what a role starts its sessions with. `workspace`: absolute path of the folder whose files a stranger may have
   * written.
   */
  decideRole(role: Pick<PlanRole, "name" | "program" | "agent" | "env">, context: { workspace: string }): RoleDecision;
}
