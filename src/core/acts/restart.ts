import type { ContextEntry } from "../model/entry";
import { OrchestratorError } from "../model/errors";
import { shortSession } from "../model/names";
import { durationText } from "../model/sentences";
import { requestRestart } from "../people/runnerRequests";
import type { OpenRecord } from "../record/projectRecord";
import { type Acting, runnerOf } from "./acting";
import { type ConfirmingWorld, confirmed } from "./confirming";
import { visibleText } from "../safety/controlCharacters";
import { saidHere } from "../safety/consent";
import { RoleHeld } from "../session/roleGate";
import { restartSession, type RestartRequest as RestartHere } from "../session/sessionRestart";

export interface RestartRequest {
  readonly session_name: string;
}

export interface RestartWorld extends ConfirmingWorld {
  readonly record: OpenRecord;
  /** Who acts, as it is once somebody agreed: a run may have begun or ended meanwhile. */
  readonly by: () => Promise<Acting>;
  /** Server, folders and plan for a restart by this process; asked for only then. */
  readonly here: () => Promise<Omit<RestartHere, "record" | "session_name" | "actor" | "clock">>;
}

export type RestartResult =
  | { readonly how: "declined" }
  /** The process that runs the project does it. */
  | { readonly how: "requested"; readonly entry: ContextEntry }
  | { readonly how: "restarted"; readonly session_name: string };

/** A shell that does not come to a prompt in this time is given up; a person takes as long as they like to agree. */
const patienceMs = 60_000;

/**
 * Ends a session and makes one of the same name as the plan has it: by the process that runs the project, which knows
 * what it is doing there, else by this one. Throws as `confirm`, `here` and `restartSession`, and `timeout` after 60 s.
 */
export async function restart(world: RestartWorld, { session_name }: RestartRequest): Promise<RestartResult> {
  const { record, here } = world;
  if (!(await confirmed(world, { act: "restart", session_name, reason: "", destructive: true })))
    return { how: "declined" };
  const by = await world.by();
  const { actor, clock } = by;
  if ((await runnerOf(record, by)) !== undefined)
    return { how: "requested", entry: await requestRestart(record, session_name, actor) };
  const request = { ...(await here()), clock, record, session_name, actor };
  try {
    return await restartHere(request);
  } catch (error) {
    if (!(error instanceof RoleHeld) || error.held.decision.verdict === "deny") throw error;
    const { reason, text } = error.held.decision;
    const settings = { act: "restart", session_name, reason, text: visibleText(text), destructive: true } as const;
    if (!(await confirmed(world, settings))) return { how: "declined" };
    request.roles.allow(error.role, error.held, saidHere(""));
    return restartHere(request);
  }
}

async function restartHere(request: RestartHere): Promise<RestartResult> {
  const { clock, session_name } = request;
  const late = new AbortController();
  const timer = clock.after(patienceMs, () => late.abort(tooLong(session_name)));
  try {
    return { how: "restarted", session_name: await restartSession(request, late.signal) };
  } finally {
    timer.dispose();
  }
}

function tooLong(session_name: string): OrchestratorError {
  return new OrchestratorError(
    "timeout",
    `${shortSession(session_name)} did not restart within ${durationText(patienceMs)}.`,
    {
      kind: "look_at_session",
      session: session_name,
    },
  );
}
