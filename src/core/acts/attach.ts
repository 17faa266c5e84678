import { actorName } from "../model/actorName";
import type { Disposable } from "../base/lifecycle";
import type { ContextEntry, EntryDraft } from "../model/entry";
import { keyboardGivenEvent, keyboardTakenEvent } from "../model/entryKinds";
import { messageOf } from "../model/errors";
import { shortSession } from "../model/names";
import type { Ledger } from "../ports/ledger";
import type { Clock, ProcessIdentity } from "../ports/machine";
import { type Acting, requirePerson } from "./acting";
import { type SeenSession, seenSessionDraft } from "./seeSession";
import type { AttachmentEnd } from "../session/attachment";

/** Who has typed nothing in a terminal for so long has finished, as far as what types by itself is concerned. */
const stillMs = 20_000;

/** Keys are not looked at by anybody, so they are a person's: `begin` throws `needs_person` below a session. */
export interface AttachRequest extends Pick<Acting, "insideSession"> {
  /** As it was when the person came: another session may be made under its name meanwhile. */
  readonly session: SeenSession;
  readonly actor: string;
  /** The person's own terminal, or the keyboard of a mirror. */
  readonly place: "terminal" | "mirror";
  /** This process: as long as it lives, a person in it may have the keyboard. */
  readonly process: ProcessIdentity;
  readonly clock: Pick<Clock, "after">;
  /** The record that knows the session; undefined for one that is not this workspace's. */
  readonly record: Pick<Ledger, "append"> | undefined;
  /** Told when the record cannot be written, which keeps nobody from a session. */
  readonly unrecorded: (error: unknown) => void;
}

/** A person at a session: the record says when they came, and when and how they left; nothing of what passes. */
export class Attached {
  #left = false;
  /** The entry that says that they have the keyboard, on its way to the record. */
  #keyboard: Promise<ContextEntry | undefined> | undefined;
  #still: Disposable | undefined;

  private constructor(private readonly request: AttachRequest) {}

  static async begin(request: AttachRequest): Promise<Attached> {
    requirePerson(request);
    const attached = new Attached(request);
    const { actor, place, session } = request;
    const { session_name } = session;
    const [name, who] = [shortSession(session_name), actorName(actor)];
    if (place === "terminal")
      await attached.#write({ event: "attached", text: `${who} attached a terminal to ${name}.` });
    else await attached.#take({ event: "attached", text: `${who} took the keyboard of ${name} in a mirror.` });
    const seen = seenSessionDraft(session, actor);
    if (seen) await attached.#write(seen);
    return attached;
  }

  /**
   * Something was typed in a terminal: its person has the session's keyboard until they have been still for a while. Who
   * only looks has not.
   */
  typed(): void {
    const { actor, place, session, clock } = this.request;
    if (place !== "terminal" || this.#left) return;
    const [name, who] = [shortSession(session.session_name), actorName(actor)];
    if (!this.#keyboard) void this.#take({ event: keyboardTakenEvent, text: `${who} types in ${name}.` });
    this.#still?.dispose();
    this.#still = clock.after(stillMs, () => {
      void this.#give({ event: keyboardGivenEvent, text: `${who} no longer types in ${name}.` });
    });
  }

  async #take(entry: Taking): Promise<void> {
    const { host, pid, started_at } = this.request.process;
    this.#keyboard = this.#write({ ...entry, keyboard: { host, pid, started_at } });
    await this.#keyboard;
  }

  /** Writes that they no longer have it; of those that never had it just that they left. */
  async #give(entry: Taking): Promise<void> {
    const taken = this.#keyboard;
    this.#keyboard = undefined;
    const { id } = (await taken) ?? {};
    if (id !== undefined) await this.#write({ ...entry, refs: [{ type: "entry", id }] });
    else if (entry.event !== keyboardGivenEvent) await this.#write(entry);
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

  async #leave(entry: Taking): Promise<void> {
    if (this.#left) return;
    this.#left = true;
    this.#still?.dispose();
    await this.#give(entry);
  }

  async #write(entry: Taking): Promise<ContextEntry | undefined> {
    const { actor, session, record, unrecorded } = this.request;
    const about = { kind: "session", actor, session_name: session.session_name } as const;
    try {
      return await record?.append({ ...about, ...entry }, "synced");
    } catch (error) {
      unrecorded(error);
      return undefined;
    }
  }
}

type Taking = Partial<EntryDraft> & Pick<EntryDraft, "text">;

/**
 * Attaches a person's terminal for as long as `live` goes on, which tells when something is typed there, and gives its end.
 * Throws what `live` throws.
 */
export async function attach(
  request: AttachRequest,
  live: (typed: () => void) => Promise<AttachmentEnd>,
): Promise<AttachmentEnd> {
  const attached = await Attached.begin(request);
  try {
    const end = await live(() => attached.typed());
    await attached.end(end);
    return end;
  } catch (error) {
    await attached.lost(error);
    throw error;
  }
}
