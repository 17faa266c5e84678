import type { RuleFile } from "./ruleFileSchema";
import type { RuleProblem } from "./rulesError";

/** A file of a person's own rules, or why it cannot be read: a sentence's end. */
export interface RuleFileText {
  readonly file: string;
  readonly text?: string;
  readonly unreadable?: string;
}

/** What a check of one of these files found, as plain data. */
export interface CheckedRules {
  readonly file: string;
  /** Its rules are added to shipped ones, and replace those of the same name. */
  readonly extends: boolean;
  /** How many it holds. */
  readonly examples: number;
  /** In the order in which they were found; the rules are not used where there are some. */
  readonly problems: readonly RuleProblem[];
  readonly rules?: PlacedRules;
}

/** Rules that are in order, with the places of what is told of them. */
export interface PlacedRules {
  readonly text: RuleFile;
  /** Lines, from 1, by the path in the text, its parts joined by blanks. */
  readonly lines: ReadonlyMap<string, number>;
}
