import { isLiving } from "../model/states";
import type { SessionContext } from "../model/session";
import type { OpenRecord } from "../record/projectRecord";
import type { ReachedSession } from "../session/reachedSession";
import { type Acting, requirePerson } from "./acting";
import { requireNotRunning } from "./idleProject";
import { kill } from "./kill";

export interface EndSessionsWorld extends Pick<Acting, "actor" | "processes" | "runsHere" | "insideSession"> {
  readonly record: OpenRecord;
  /** The recorded session as it is on its server; undefined when it is gone. */
  readonly reach: (session: SessionContext) => Promise<ReachedSession | undefined>;
  /** Asks the person once for all of them, by their logical names; throws where nobody can be asked. */
  readonly confirm: (sessions: readonly string[]) => Promise<boolean>;
}

export type EndSessionsResult =
  | { readonly how: "declined" }
  /** By their logical names; `gone` are those that were over already. */
  | { readonly how: "ended"; readonly ended: readonly string[]; readonly gone: readonly string[] };

/**
 * Ends all sessions of a project, and what runs in them. Throws `driven_elsewhere` while it is running, `needs_person`
 * below a session, and what reaching the server throws; those that were ended by then stay ended.
 */
export async function endSessions(world: EndSessionsWorld): Promise<EndSessionsResult> {
  const { record, reach, confirm, actor, insideSession } = world;
  requirePerson(world);
  await requireNotRunning(record, world);
  const living = [...record.state.sessions.values()].filter((session) => isLiving(session));
  const ended: string[] = [];
  const gone: string[] = [];
  if (living.length === 0) return { how: "ended", ended, gone };
  if (!(await confirm(living.map(({ session_name }) => session_name)))) return { how: "declined" };
  for (const session of living) {
    const reached = await reach(session);
    if (!reached) {
      gone.push(session.session_name);
      continue;
    }
    await kill(reached, { actor, insideSession, record, confirm: () => Promise.resolve(true) });
    ended.push(session.session_name);
  }
  return { how: "ended", ended, gone };
}
