import { actorName } from "../model/actorName";
import type { ContextEntry, EntryDraft } from "../model/entry";
import { sessionSeenEvent } from "../model/entryKinds";
import { shortSession } from "../model/names";
import type { SessionContext } from "../model/session";
import type { OpenRecord } from "../record/projectRecord";
import type { Acting } from "./acting";

/** As the record has it; the key tells it from another one that is made under its name later. */
export type SeenSession = Pick<SessionContext, "session_name"> & Partial<SessionContext>;

export interface SeeSessionResult {
  /** Undefined where nothing was done there that no person has looked at. */
  readonly entry: ContextEntry | undefined;
}

/** Says that a person looked at what the session has done; undefined where there is no need to. */
export function seenSessionDraft(session: SeenSession, actor: string): EntryDraft | undefined {
  const { session_name, state, role, k, program, confidence, evidence } = session;
  if (state !== "done_unseen") return undefined;
  return {
    kind: "session",
    actor,
    session_name,
    ...(role === undefined ? {} : { role }),
    event: sessionSeenEvent,
    state: "idle",
    ...(k === undefined ? {} : { k }),
    ...(program === undefined ? {} : { program }),
    ...(confidence === undefined ? {} : { confidence }),
    ...(evidence === undefined ? {} : { evidence }),
    text: `${actorName(actor)} saw what ${shortSession(session_name)} has done.`,
  };
}

/** A person has the session in front of them: what it has done is seen, once. */
export async function seeSession(
  record: Pick<OpenRecord, "state" | "append">,
  { actor }: Pick<Acting, "actor">,
  session_name: string,
): Promise<SeeSessionResult> {
  const session = record.state.sessions.get(session_name);
  const draft = session && seenSessionDraft(session, actor);
  return { entry: draft && (await record.append(draft, "written")) };
}
