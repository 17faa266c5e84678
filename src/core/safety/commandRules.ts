import type { PolicyDecision } from "../ports/safety";
import type { Call } from "./policyConditions";
import { ask, brief } from "./policyDecision";
import type { PolicyRule } from "./policyRule";
import { policyRules } from "./policyRules";
import { interpreters, shells } from "./programs";
import type { ShellWord } from "./shellWords";

const byProgram = new Map<string, PolicyRule[]>();
const byPattern: (PolicyRule & { readonly programs: RegExp })[] = [];
for (const rule of policyRules) {
  if (rule.programs instanceof RegExp) byPattern.push({ ...rule, programs: rule.programs });
  else for (const program of rule.programs) byProgram.set(program, [...(byProgram.get(program) ?? []), rule]);
}

/** Whether a word of another command is looked at as if it were the program that is run. */
export function isSuspect(program: string): boolean {
  return (
    byProgram.has(program) ||
    shells.has(program) ||
    program === "eval" ||
    interpreters.test(program) ||
    byPattern.some((rule) => rule.programs.test(program))
  );
}

/** What the first rule says that speaks of this call. */
export function ruleFor(call: Call, words: readonly ShellWord[]): PolicyDecision | undefined {
  for (const rule of byProgram.get(call.program) ?? []) if (rule.when?.(call) ?? true) return decisionOf(rule, words);
  for (const rule of byPattern)
    if (rule.programs.test(call.program) && (rule.when?.(call) ?? true)) return decisionOf(rule, words);
  return undefined;
}

function decisionOf(rule: PolicyRule, words: readonly ShellWord[]): PolicyDecision {
  return ask(rule.id, `"${brief(words)}" ${rule.reason}.`);
}
