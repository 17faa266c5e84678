import type { HereDoc, Redirection } from "unbash";
import type { PolicyDecision } from "../ports/safety";
import { blockDevice } from "./fileRules";
import { ask } from "./policyDecision";

/** Where a command gets its input from. */
export interface CommandInput {
  /** Something is piped into it, or a file is. */
  readonly fed?: boolean;
  /** What it reads, where that is known. */
  readonly input?: string;
}

/** What the last redirection of its input gives a command. */
export function inputOf(redirects: readonly Redirection[]): CommandInput {
  const last = redirects
    .filter((redirect) => redirect.type !== "Redirect" || redirect.operator === "<" || redirect.operator === "<>")
    .at(-1);
  if (!last) return {};
  if (last.type === "HereDoc") return { fed: true, input: bodyOf(last) };
  if (last.type === "HereString") return { fed: true, input: last.target?.value ?? "" };
  return { fed: true };
}

/** Without quotes around the delimiter a backslash escapes `$`, a backquote and itself. */
function bodyOf(document: HereDoc): string {
  return document.delimiter?.quoted === true
    ? document.body.text
    : document.body.text.replace(/\\([$`\\])/g, "$1").replace(/\\\n/g, "");
}

/** Output that would overwrite a disk. */
export function redirection(redirects: readonly Redirection[]): PolicyDecision | undefined {
  for (const redirect of redirects) {
    if (redirect.type === "Redirect" && redirect.operator !== "<" && blockDevice.test(redirect.target?.value ?? "")) {
      return ask("write-to-disk", `"> ${redirect.target?.value ?? ""}" overwrites a disk or a partition.`);
    }
  }
  return undefined;
}
