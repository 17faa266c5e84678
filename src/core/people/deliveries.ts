import { actorName } from "../model/actorName";
import type { ContextEntry, EntryDraft } from "../model/entry";
import { durationText } from "../model/sentences";
import type { Processes } from "../ports/machine";

/** A process as the record names it. */
export type ProcessMark = Pick<Processes, "host" | "pid" | "started_at">;

interface Delivery {
  readonly question: ContextEntry;
  readonly actor: string;
}

/**
 * Says that a window of this process tells the person of a question. Of several that say so, the first in the record
 * with the highest `attempt` is the one that does; a higher one is for when the former is gone.
 */
export function deliveredDraft({ question, actor }: Delivery, teller: ProcessMark, attempt: number): EntryDraft {
  const { host, pid, started_at } = teller;
  return {
    ...about(question, actor),
    event: "delivered",
    channel: "window",
    host,
    pid,
    started_at,
    attempt,
    text: `A window of ${actorName(actor)} shows the question (process ${pid} on ${host}).`,
  };
}

/** Says that a person has seen it, wherever that was. */
export function seenDraft({ question, actor }: Delivery): EntryDraft {
  return { ...about(question, actor), event: "seen", channel: "window", text: `${actorName(actor)} saw the question.` };
}

/** Says that the person wants to be asked again in `forMs` milliseconds, at `until` (ISO 8601). */
export function snoozedDraft({ question, actor }: Delivery, until: string, forMs: number): EntryDraft {
  return {
    ...about(question, actor),
    event: "snoozed",
    channel: "window",
    expires_at: until,
    text: `${actorName(actor)} snoozed the question for ${durationText(forMs)}.`,
  };
}

/** Not of the session, which does nothing meanwhile. */
function about(
  question: ContextEntry,
  actor: string,
): Pick<EntryDraft, "kind" | "actor" | "session_name" | "refs" | "task_id"> {
  return {
    kind: "delivery",
    actor,
    session_name: null,
    refs: [{ type: "entry", id: question.id }],
    ...(question.task_id === undefined ? {} : { task_id: question.task_id }),
  };
}
