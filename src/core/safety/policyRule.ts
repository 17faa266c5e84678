import type { Calls } from "./callPhrases";
import { anyOf, flag, type Condition } from "./policyConditions";

/**
 * One thing that a person should look at before it is typed. The examples are part of the rule: a test runs them all,
 * `match` must ask, `not_match` must not.
 */
export type PolicyRule = {
  readonly id: string;
  /** What must hold beside. Absent: nothing. */
  readonly when?: Condition;
  /** What it would do, true of each match: a verb and its objects, which follow the command in a sentence. */
  readonly reason: string;
  readonly match: readonly string[];
  readonly not_match: readonly string[];
} & (
  | {
      /** Names of programs, or a pattern of them. */
      readonly programs: readonly string[] | RegExp;
    }
  | {
      /** Programs and what they are told. `--help` and dry runs are not meant. */
      readonly calls: Calls;
    }
);

/** `--version` in front of a word is that word's: `cargo yank --version 1.0.0`. */
export const help: Condition = anyOf(flag("help"), ({ args }) => args.at(-1) === "--version");
