/** What `doctor` found of one thing. */
export interface Check {
  readonly name: string;
  /** `missing` is worth knowing and harms little; `bad` must be put right. */
  readonly status: "ok" | "missing" | "bad";
  readonly text: string;
  /** What to do; empty when there is nothing to do. */
  readonly next: string;
}
