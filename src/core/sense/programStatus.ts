/** States of the Program Status Protocol (OSC 7501, rev. 0.4). */
export const statusStates = ["idle", "working", "blocked", "done", "error"] as const;

export type StatusState = (typeof statusStates)[number];

/** What a program says of itself, one record of its tree. */
export interface ProgramStatus {
  readonly state: StatusState;
  /** As it calls itself: `codex`, `claude-code`. */
  readonly app: string;
  /** Why it is blocked: `permission`, `question`, `auth`; as it came. */
  readonly kind?: string;
  /** Its place in the tree, `a/b/c`; empty for the root. */
  readonly id: string;
  /** Decoded; whoever shows or keeps it redacts it first. */
  readonly message?: string;
  readonly title?: string;
}
