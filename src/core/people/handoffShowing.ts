import type { CommandRequest, CommandRunner } from "../command/commandRunner";
import { actorName } from "../model/actorName";
import type { ContextEntry, EntryDraft } from "../model/entry";
import { hasCode } from "../model/errors";
import { shortSession } from "../model/names";
import { brief } from "../model/sentences";
import { notShownEvent } from "../model/entryKinds";
import type { SessionMode } from "../model/states";
import type { OpenRecord } from "../record/projectRecord";
import { visibleText } from "../safety/controlCharacters";
import { quotedWord } from "../sense/shellWord";

/**
 * - `shown`: it stands on the receiver's screen, and the record says that it was delivered.
 * - `not_now`: the receiver is in use or did not take it; the note waits for the next task there.
 * - `cannot_be_shown`: a program runs there, which would take the note for its input; the note stays in the log.
 */
export type HandoffShowing = "shown" | "not_now" | "cannot_be_shown";

/**
 * Shows a handoff note in the session of its receiver. Throws what is no matter of that session: a server that is
 * away, a record that cannot be written, a stop.
 */
export async function showHandoff(
  record: Pick<OpenRecord, "state" | "append">,
  runner: Pick<CommandRunner, "run">,
  note: ContextEntry,
  request: Omit<CommandRequest, "text" | "note">,
): Promise<HandoffShowing> {
  if (request.mode === "program") return "cannot_be_shown";
  // A runner that ended before it wrote the delivery may have shown it.
  if (!record.state.shown.has(note.id)) {
    try {
      const text = handoffCommand(note, request.mode);
      // Where somebody types, the note is not waited for; the task is.
      const report = await runner.run({ ...request, text, note: note.id, draftMs: 0 });
      await report.recorded;
      if (report.outcome !== "exited") return "not_now";
    } catch (error) {
      if (request.signal?.aborted || !hasCode(error, "draft_on_line", "session_busy")) throw error;
      return "not_now";
    }
  }
  await record.append(noteDelivered(note, request.session.identity.name, request.actor), "synced");
  return "shown";
}

/** What the record says of a note that its receiver has. */
export function noteDelivered(note: ContextEntry, session_name: string, actor: string): EntryDraft {
  return {
    kind: "delivery",
    actor,
    session_name,
    event: "delivered",
    text: `${shortSession(session_name)} received the handoff note from ${senderOf(note)}.`,
    refs: [{ type: "entry", id: note.id }],
  };
}

/** What the record says of a note for a program; nobody is to receive it then. */
export function cannotBeShown(note: ContextEntry, session_name: string): EntryDraft {
  return {
    kind: "note",
    actor: "engine",
    session_name,
    event: notShownEvent,
    text: `${shortSession(session_name)} runs a program, so the handoff note from ${senderOf(note)} is not shown there.`,
    refs: [{ type: "entry", id: note.id }],
  };
}

function senderOf({ session_name, actor }: ContextEntry): string {
  return session_name === null ? actorName(actor) : shortSession(session_name);
}

/**
 * The note as a shell command: it stands in the receiver's terminal, where people and agents read. A line that is typed
 * with an end mark is hard to read, so there it is printed as well.
 */
function handoffCommand(note: ContextEntry, mode: SessionMode): string {
  const text = brief(`Handoff note from ${senderOf(note)}: ${visibleText(note.text)}`, 600).replace(
    /['\\!]/g,
    (character) => (character === "'" ? "’" : " "),
  );
  return `${mode === "sentinel" ? "echo" : ":"} ${quotedWord(text)}`;
}
