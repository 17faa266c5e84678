export type Verdict = "allow" | "ask" | "deny";

export interface PolicyDecision {
  readonly verdict: Verdict;
  /** For people: what it would do and why somebody should look. Empty when allowed. */
  readonly reason: string;
  /** The rule that decided. */
  readonly rule: string;
}

/** Decides about text before it is typed. Pure and fast (below a millisecond). */
export interface Policy {
  /** `shell`: the shell's name, or `program` for what is no shell. */
  decide(command: string, context: { shell: string; cwd: string }): PolicyDecision;
}
