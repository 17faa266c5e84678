import type { PolicyDecision } from "../ports/safety";

/** What stands where a record or a question would have the text. */
export const hiddenText = "hidden input";

/** A password is no program text: that it cannot be read as one, or what it would run, says nothing about it. */
const onlyForCommands: ReadonlySet<string> = new Set(["unreadable", "dynamic-command"]);

/** What the policy says of text that nobody is to see: its reason names the rule and none of the text. */
export function withoutText(decision: PolicyDecision): PolicyDecision {
  if (decision.verdict === "allow") return decision;
  const { verdict, rule } = decision;
  if (onlyForCommands.has(rule)) return { verdict: "allow", reason: "", rule };
  return { verdict, rule, reason: `The ${hiddenText} reads like a command of the rule ${rule}.` };
}
