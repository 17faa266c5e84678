import type { EnvironmentContext } from "./environmentValues";

/**
 * Variables that make a program run something, or read its settings from elsewhere. The examples are part of the rule: a
 * test runs them all. What no rule names is no more than data to those who read it.
 */
export interface EnvironmentRule {
  readonly id: string;
  /** Whole names in capitals or not, as programs read them; a pattern for families. */
  readonly names: readonly string[] | RegExp;
  /** What follows the name in a sentence: `which bash runs …`. */
  readonly reason: string;
  /** Plainly without effect of that kind. Absent: no value is. */
  readonly harmless?: (value: string, context: EnvironmentContext, name: string) => boolean;
  /** `NAME=value`. */
  readonly asks: readonly string[];
  readonly allows: readonly string[];
}
