import type { PolicyDecision } from "../ports/safety";
import { isTold } from "./callPhrases";
import { isDryRun } from "./dryRuns";
import type { Call } from "./policyConditions";
import { ask, brief } from "./policyDecision";
import { help, type PolicyRule } from "./policyRule";
import { policyRules } from "./policyRules";
import { shells } from "../model/shellNames";
import { interpreters } from "./programs";
import type { ShellWord } from "./shellWords";

/** A rule as it is looked up by the name of a program. */
interface NamedRule {
  readonly rule: PolicyRule;
  /** What the program must be told. */
  readonly phrases?: string;
}

const byProgram = new Map<string, NamedRule[]>();
const byPattern: { readonly rule: PolicyRule; readonly programs: RegExp }[] = [];
for (const rule of policyRules) {
  if ("calls" in rule)
    for (const [names, phrases] of Object.entries(rule.calls)) add(names.split(" "), { rule, phrases });
  else if (rule.programs instanceof RegExp) byPattern.push({ rule, programs: rule.programs });
  else add(rule.programs, { rule });
}

function add(programs: readonly string[], named: NamedRule): void {
  for (const program of programs) {
    const known = byProgram.get(program);
    if (known) known.push(named);
    else byProgram.set(program, [named]);
  }
}

/** Whether a word of another command is looked at as if it were the program that is run. */
export function isSuspect(program: string): boolean {
  return (
    byProgram.has(program) ||
    shells.has(program) ||
    program === "eval" ||
    interpreters.test(program) ||
    byPattern.some(({ programs }) => programs.test(program))
  );
}

/** What the first rule says that speaks of this call. */
export function ruleFor(call: Call, words: readonly ShellWord[]): PolicyDecision | undefined {
  const named = byProgram.get(call.program);
  if (named && !isDryRun(call))
    for (const { rule, phrases } of named)
      if ((phrases === undefined || (isTold(phrases, call) && !help(call))) && (rule.when?.(call) ?? true))
        return decisionOf(rule, words);
  for (const { rule, programs } of byPattern)
    if (programs.test(call.program) && (rule.when?.(call) ?? true)) return decisionOf(rule, words);
  return undefined;
}

function decisionOf(rule: PolicyRule, words: readonly ShellWord[]): PolicyDecision {
  return ask(rule.id, `"${brief(words)}" ${rule.reason}.`);
}
