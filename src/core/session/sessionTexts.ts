import { shortSession } from "../model/names";
import { brief, listed } from "../model/sentences";
import type { SessionMode } from "../model/states";

/** `builder::1 started (bash, in packages/api).` `runs` and `folder` only where they are known, `runs` briefly. */
export function startedText(
  name: string,
  how: string,
  [mode, runs, folder]: readonly [SessionMode, string?, string?],
): string {
  const facts = [
    ...(runs === undefined ? [] : [brief(runs, 60)]),
    ...(folder === undefined || folder === "." ? [] : [`in ${folder}`]),
    ...(mode === "sentinel" ? ["without shell integration"] : []),
  ];
  return `${shortSession(name)} ${how}${facts.length === 0 ? "" : ` (${facts.join(", ")})`}.`;
}

/** `changed`: variables that the session has otherwise than this run. It keeps what it was started with. */
export function reconnectedText(name: string, changed: readonly string[]): string {
  return `${shortSession(name)} reconnected.${changed.length === 0 ? "" : ` It has another ${listed(changed)} than this run.`}`;
}
