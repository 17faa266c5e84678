import type { ContextEntry } from "../model/entry";
import type { Confirm } from "../ports/people";
import { requestRestart } from "../people/driverRequests";
import type { OpenRecord } from "../record/projectRecord";
import { type Acting, runnerOf } from "./acting";
import { restartSession, type RestartRequest as RestartHere } from "../session/sessionRestart";

export interface RestartRequest {
  readonly session_name: string;
  readonly signal: AbortSignal;
}

export interface RestartWorld extends Pick<Acting, "actor" | "processes" | "runsHere"> {
  readonly confirm: Confirm;
  readonly record: OpenRecord;
  /** Server, folders and plan for a restart by this process; asked for only then. */
  readonly here: () => Promise<Omit<RestartHere, "record" | "session_name" | "actor">>;
}

export type RestartResult =
  | { readonly how: "declined" }
  /** The process that runs the project does it. */
  | { readonly how: "requested"; readonly entry: ContextEntry }
  | { readonly how: "restarted"; readonly session_name: string };

/**
 * Ends a session and makes one of the same name as the plan has it: by the process that runs the project, which knows
 * what it is doing there, else by this one. Throws as `confirm`, `here` and `restartSession`.
 */
export async function restart(world: RestartWorld, { session_name, signal }: RestartRequest): Promise<RestartResult> {
  const { actor, confirm, record, here } = world;
  if (!(await confirm({ act: "restart", session_name, reason: "", destructive: true }))) return { how: "declined" };
  if ((await runnerOf(record, world)) !== undefined)
    return { how: "requested", entry: await requestRestart(record, session_name, actor) };
  const request = { ...(await here()), record, session_name, actor };
  return { how: "restarted", session_name: await restartSession(request, signal) };
}
