/** A coding agent, as far as it is seen without a request to its model. */
export interface FoundAgent {
  readonly name: string;
  /** Null: it is not installed, or only a shell knows where it is. */
  readonly path: string | null;
  readonly version: string | null;
  /** Names of variables and files; their values are nobody's business. */
  readonly credentials: readonly string[];
  /** The user's own file that describes it; null: it is shipped. */
  readonly file: string | null;
}

/** What `doctor` found of one thing. */
export interface Check {
  readonly name: string;
  /** `missing` is worth knowing and harms little; `bad` must be put right. */
  readonly status: "ok" | "missing" | "bad";
  readonly text: string;
  /** What to do; empty when there is nothing to do. */
  readonly next: string;
  /** Of a coding agent. */
  readonly agent?: FoundAgent;
}
