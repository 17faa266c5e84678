import type { Clock } from "../ports/machine";
import type { SessionServer } from "../ports/sessions";
import type { CommandEnd } from "../session/commandEnds";
import type { SensedStates } from "../session/sensedStates";
import type { ShellSession } from "../session/shellSession";
import type { Until, Watched } from "./typingRequest";
import { conditionOf } from "./untilConditions";

/**
 * What the rules say of a program that they know, of a look since then; undefined where they do not know it, or what it
 * shows. What it asks is a question of its own, and so busy.
 */
export function knownByRules(
  states: SensedStates | undefined,
  session: ShellSession,
  since: number,
): "rest" | "busy" | undefined {
  const found = states?.of(session);
  // A prompt that a limit has brought back says nothing of what was typed.
  if (found && found.limit.leftMs > 0) return "busy";
  if (!found?.named || found.seenAt < since) return undefined;
  const { state } = found.finding;
  // It stands there although it is over: what its screen shows is all that is known.
  if (state === "limited" && found.limit.end !== undefined) return undefined;
  if (state === "idle" || state === "done_unseen") return "rest";
  return state === "working" || state === "waiting" || state === "limited" || state === "starting" ? "busy" : undefined;
}

/** Nobody can say what became of it; `why` is for people. */
export function undecided(why: string): CommandEnd {
  return { outcome: "unknown", exit_code: null, known_by: "none", output: undefined, why };
}

export function endOfSession(session: Pick<ShellSession, "over">): CommandEnd {
  const exit_code = session.over?.exit_code ?? null;
  return { outcome: "session_ended", exit_code, known_by: "session_end", output: undefined };
}

/** Tells whether what is waited for has come to hold, where it is not read on the screen. */
export async function holding(
  server: SessionServer,
  watched: Watched,
  until: Until | undefined,
  clock: Clock,
  stop: AbortSignal,
): Promise<() => boolean> {
  if (until === undefined || until.by === "screen") return () => false;
  let held = false;
  const condition = await conditionOf(server, watched, until, clock);
  condition.holds(stop).then(
    () => (held = true),
    () => undefined,
  );
  return () => held;
}
