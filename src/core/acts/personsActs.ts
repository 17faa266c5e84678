import type { Outcome } from "../model/entryKinds";
import type { ContextEntry, EntryDraft } from "../model/entry";
import { hasCode, messageOf } from "../model/errors";
import type { SessionContext } from "../model/session";
import type { Ids } from "../ports/machine";
import type { SessionServer } from "../ports/sessions";
import type { AttachmentEnd } from "../session/attachment";
import type { OpenRecord } from "../record/projectRecord";
import { commandSentence } from "../command/resultSentences";

/** What a person does to a session by hand; the record has it like everything else. */
export interface TypedKeys {
  readonly session_name: string;
  /** Its wire name. */
  readonly wire: string;
  readonly text: string;
  readonly enter: boolean;
  readonly actor: string;
}

/**
 * Types the keys as they are; nobody waits for how it ends. Gives the id of the command that an Enter made of them.
 * Throws as `sendInput`.
 */
export async function typeKeys(
  journal: Pick<OpenRecord, "append">,
  server: Pick<SessionServer, "sendInput">,
  ids: Ids,
  keys: TypedKeys,
): Promise<string | null> {
  const { session_name, wire, text, enter, actor } = keys;
  const command_id = enter ? ids.next() : null;
  const about = { actor, session_name, input: text, typed_as: "keys" } as const;
  if (command_id === null)
    await journal.append(
      { ...about, kind: "note", event: "typed", text: `${actor} typed without Enter: ${text}` },
      "synced",
    );
  else
    await journal.append({ ...about, kind: "command", command_id, text: commandSentence(text, undefined) }, "synced");
  const result = async (outcome: Outcome, text: string): Promise<void> => {
    if (command_id !== null)
      await journal.append(
        {
          kind: "result",
          actor,
          session_name,
          command_id,
          outcome,
          exit_code: null,
          known_by: "none",
          text,
          refs: [{ type: "command", id: command_id }],
        },
        "written",
      );
  };
  try {
    await server.sendInput(wire, enter ? `${text}\r` : text);
  } catch (error) {
    // A command without a result would look as if it still ran.
    if (hasCode(error, "input_unconfirmed")) await result("unknown", "Nobody knows whether it was typed.");
    else await result("not_sent", "It was not typed.");
    throw error;
  }
  await result("unknown", "Typed; nobody waited for its end.");
  return command_id;
}

/** A note from one session for a role or another session. */
export function handoffNote(from: SessionContext, to: string, text: string, actor: string): EntryDraft {
  return {
    kind: "handoff",
    actor,
    session_name: from.session_name,
    text,
    role: from.role,
    to,
    refs: [{ type: "session", id: from.session_name }],
  };
}

/** A person ended the session, and what ran there with it. */
export function endedNote(session_name: string, actor: string): EntryDraft & Pick<ContextEntry, "text"> {
  return {
    kind: "session",
    actor,
    session_name,
    event: "ended",
    state: "exited",
    text: `${actor} ended ${session_name}.`,
  };
}

export function attachedNote(session_name: string, actor: string): EntryDraft {
  return {
    kind: "session",
    actor,
    session_name,
    event: "attached",
    text: `${actor} attached a terminal to ${session_name}.`,
  };
}

/** What the record says when a terminal leaves a session, or when the session leaves the terminal. */
export function attachmentEnd(
  { session_name, k }: Pick<SessionContext, "session_name" | "k">,
  end: AttachmentEnd,
  actor: string,
): EntryDraft {
  const about = { kind: "session", actor, session_name } as const;
  if (end.how !== "ended")
    return { ...about, event: "detached", text: `${actor} detached a terminal from ${session_name}.` };
  const code = end.exit_code === null ? "; its exit code is not told" : ` with exit code ${end.exit_code}`;
  return {
    ...about,
    event: "ended",
    state: "exited",
    exit_code: end.exit_code,
    ...(k === undefined ? {} : { k }),
    text: `${session_name} ended${code} with the terminal of ${actor} attached.`,
  };
}

/** What the record says of a terminal that lost its session. */
export function attachmentLost(session_name: string, error: unknown, actor: string): EntryDraft {
  return {
    kind: "session",
    actor,
    session_name,
    event: "detached",
    text: `The terminal of ${actor} was detached from ${session_name}: ${messageOf(error)}`,
  };
}

/** Somebody was asked whether text may be typed, and said yes. */
export function confirmedNote(
  session_name: string,
  input: string,
  reason: string,
  rule: string,
  actor: string,
): EntryDraft {
  return {
    kind: "policy",
    actor,
    session_name,
    text: `${actor} confirmed: ${reason}`,
    input,
    rule,
    event: "confirmed",
  };
}
