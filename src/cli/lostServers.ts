import type { Remedy } from "../core/model/remedy";
import { plural } from "../core/model/sentences";
import type { LostServer } from "../embedded/launch";
import { ageText } from "../protocol/ageText";

/** A server that lives and cannot be reached, as JSON output has it. */
export interface UnreachableServer {
  readonly pid: number;
  /** ISO 8601; null where the system does not say. */
  readonly since: string | null;
  readonly sessions: number | null;
}

export function unreachable({ pid, since, sessions }: LostServer): UnreachableServer {
  return { pid, since: since === undefined ? null : new Date(since).toISOString(), sessions: sessions ?? null };
}

/** `process 812, started 3 h ago, with 2 sessions` */
export function lostServerText(server: LostServer, now: number): string {
  const { pid, since, sessions } = unreachable(server);
  return [
    `process ${pid}`,
    ...(since === null ? [] : [`started ${ageText(since, now)}`]),
    ...(sessions === null ? [] : [`with ${plural(sessions, "session")}`]),
  ].join(", ");
}

/** One of an older build does not come back. */
export function lostServerRemedy({ returns, pid }: LostServer): Remedy {
  return returns ? { kind: "start_server" } : { kind: "end_lost_server", pid };
}
