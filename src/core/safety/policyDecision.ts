import type { PolicyDecision } from "../ports/safety";
import { visibleText } from "./controlCharacters";
import type { ShellWord } from "./shellWords";

export const allowed: PolicyDecision = { verdict: "allow", reason: "", rule: "" };

export function ask(rule: string, reason: string): PolicyDecision {
  return { verdict: "ask", reason, rule };
}

/** The words of a command in at most 80 characters, for a sentence. */
export function brief(words: readonly ShellWord[]): string {
  const text = words
    .slice(0, 12)
    .map((word) => visibleText(word.text))
    .join(" ")
    .replace(/\s+/g, " ");
  return text.length > 80 || words.length > 12 ? `${text.slice(0, 79)}…` : text;
}
