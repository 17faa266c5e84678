import type { CheckedRules, RuleFileText } from "../model/checkedRules";

/**
 * Reads a person's own rules and tries their examples. That takes 10 ms for a short file, 300 for a hundred rules, and
 * seconds for one that is no file of rules at all (measured): a window has it done in a thread of its own.
 */
export interface RuleWork {
  /** In the order of the files. A file with something wrong has problems and takes no other one down. */
  checkRules(files: readonly RuleFileText[]): Promise<readonly CheckedRules[]>;
}
