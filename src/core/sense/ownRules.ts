import type { CheckedRules } from "../model/checkedRules";
import { RulesError } from "../model/rulesError";
import { ownProgram, pathKey } from "./ownProgram";
import type { ProgramRules } from "./programRules";
import type { RuleCatalog } from "./senseTerminal";

/** What a file of a person's own rules is worth. */
export interface OwnRuleFile {
  readonly file: string;
  /** What it defines; undefined where its rules are not used. */
  readonly program?: ProgramRules;
  /** Of these rules, how many replace or add to shipped ones. */
  readonly extends: boolean;
  readonly examples: number;
  /** Why its rules are not used. */
  readonly error?: RulesError;
}

/** The rules of files that were checked, ready to be asked. */
export function ownRules(checked: readonly CheckedRules[], shipped: RuleCatalog): OwnRuleFile[] {
  return checked.map(({ file, extends: adds, examples, problems, rules }) => {
    const about = { file, extends: adds, examples };
    if (!rules) return { ...about, error: new RulesError(file, problems) };
    const { text, lines } = rules;
    const known = { programs: shipped.shipped, anyAgent: shipped.anyAgent };
    return { ...about, program: ownProgram(text, file, known, { line: (path) => lines.get(pathKey(path)) ?? 1 }) };
  });
}
