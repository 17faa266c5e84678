import { actorName } from "../model/actorName";
import type { EntryDraft } from "../model/entry";
import { messageOf } from "../model/errors";
import { shortSession } from "../model/names";
import type { Ledger } from "../ports/ledger";
import { type Acting, requirePerson } from "./acting";
import { type SeenSession, seenSessionDraft } from "./seeSession";
import type { AttachmentEnd } from "../session/attachment";

/** Keys are not looked at by anybody, so they are a person's: `begin` throws `needs_person` below a session. */
export interface AttachRequest extends Pick<Acting, "insideSession"> {
  /** As it was when the person came: another session may be made under its name meanwhile. */
  readonly session: SeenSession;
  readonly actor: string;
  /** The person's own terminal, or the keyboard of a mirror. */
  readonly place: "terminal" | "mirror";
  /** The record that knows the session; undefined for one that is not this workspace's. */
  readonly record: Pick<Ledger, "append"> | undefined;
  /** Told when the record cannot be written, which keeps nobody from a session. */
  readonly unrecorded: (error: unknown) => void;
}

/** A person at a session: the record says when they came, and when and how they left; nothing of what passes. */
export class Attached {
  #left = false;

  private constructor(private readonly request: AttachRequest) {}

  static async begin(request: AttachRequest): Promise<Attached> {
    requirePerson(request);
    const attached = new Attached(request);
    const { actor, place, session } = request;
    const { session_name } = session;
    const [name, who] = [shortSession(session_name), actorName(actor)];
    await attached.#write({
      event: "attached",
      text:
        place === "terminal"
          ? `${who} attached a terminal to ${name}.`
          : `${who} took the keyboard of ${name} in a mirror.`,
    });
    const seen = seenSessionDraft(session, actor);
    if (seen) await attached.#write(seen);
    return attached;
  }

  /** Only the first word on how it ended is written. */
  async end(end: AttachmentEnd): Promise<void> {
    const { actor, place, session } = this.request;
    const { session_name, k } = session;
    const [name, who] = [shortSession(session_name), actorName(actor)];
    if (end.how === "ended") {
      const code = end.exit_code === null ? "" : ` with exit code ${end.exit_code}`;
      const meanwhile = place === "terminal" ? "was attached" : "had its keyboard";
      return this.#leave({
        event: "ended",
        state: "exited",
        exit_code: end.exit_code,
        ...(k === undefined ? {} : { k }),
        text: `${name} ended${code}; ${who} ${meanwhile}.`,
      });
    }
    return this.#leave({
      event: "detached",
      text:
        place === "terminal" ? `${who} detached a terminal from ${name}.` : `${who} gave back the keyboard of ${name}.`,
    });
  }

  /** The person lost the session, which may go on. */
  async lost(error: unknown): Promise<void> {
    const { actor, place, session } = this.request;
    const what = place === "terminal" ? "the connection to" : "the keyboard of";
    return this.#leave({
      event: "detached",
      text: `${actorName(actor)} lost ${what} ${shortSession(session.session_name)}: ${messageOf(error)}`,
    });
  }

  async #leave(entry: Partial<EntryDraft> & Pick<EntryDraft, "text">): Promise<void> {
    if (this.#left) return;
    this.#left = true;
    await this.#write(entry);
  }

  async #write(entry: Partial<EntryDraft> & Pick<EntryDraft, "text">): Promise<void> {
    const { actor, session, record, unrecorded } = this.request;
    const about = { kind: "session", actor, session_name: session.session_name } as const;
    try {
      await record?.append({ ...about, ...entry }, "synced");
    } catch (error) {
      unrecorded(error);
    }
  }
}

/** Attaches a person's terminal for as long as `live` goes on, and gives its end. Throws what `live` throws. */
export async function attach(request: AttachRequest, live: () => Promise<AttachmentEnd>): Promise<AttachmentEnd> {
  const attached = await Attached.begin(request);
  try {
    const end = await live();
    await attached.end(end);
    return end;
  } catch (error) {
    await attached.lost(error);
    throw error;
  }
}
