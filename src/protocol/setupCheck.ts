import type { Remedy } from "../core/model/remedy";
import { listed } from "../core/model/sentences";

/** A coding agent, as far as it is seen without a request to its model. */
export interface FoundAgent {
  readonly name: string;
  /** Null: it is not installed, or only a shell knows where it is. */
  readonly path: string | null;
  readonly version: string | null;
  /** Names of variables and files; their values are nobody's business. */
  readonly credentials: readonly string[];
  /** The user's own file that describes it; null: it is shipped. */
  readonly file: string | null;
}

/** What the set-up check (`doctor`) found of one thing. */
export interface Check {
  readonly name: string;
  /** `missing` is worth knowing and harms little; `bad` must be put right. */
  readonly status: "ok" | "missing" | "bad";
  readonly text: string;
  /** What to do; empty when there is nothing to do. */
  readonly next: string;
  /** What mends it, as facts, where `next` says it with commands of the command line. */
  readonly remedy?: Remedy;
  /** Of a coding agent. */
  readonly agent?: FoundAgent;
}

/** How people read a name that programs know under another one. */
const titles: Readonly<Record<string, string>> = { record: "projects", "wsh server": "wsh" };

/** As people read them: most have one or two agents, and those that are not there share a line. */
export function shownChecks(found: readonly Check[]): readonly Check[] {
  return inShort(found).map((check) => ({ ...check, name: titles[check.name] ?? check.name }));
}

function inShort(found: readonly Check[]): readonly Check[] {
  const absent = found.filter(({ agent, next }) => agent?.path === null && next !== "");
  if (absent.length === 0) return found;
  const names = listed(absent.map(({ agent }) => agent?.name ?? ""));
  const line: Check = { name: "agents", status: "ok", text: `not installed: ${names} (optional)`, next: "" };
  return [...found.filter((check) => !absent.includes(check)), line];
}
