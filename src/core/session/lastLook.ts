import { hasCode } from "../model/errors";
import type { Clock } from "../ports/machine";
import type { ShellSession } from "./shellSession";

/** The screen is looked at this often while somebody waits for what it shows. */
export const lookStepMs = 150;
/** Without output it is looked at this often, since a connection that broke may have lost some. */
const freshMs = 2000;
/** A session that is gone is told to be so within this time. */
const overMs = 1000;

/** What a session's terminal showed when it was looked at last. */
export class LastLook<T> {
  #seen: T | undefined;
  #seenAt = -Infinity;

  constructor(
    private readonly clock: Clock,
    private readonly session: ShellSession,
  ) {}

  /** Looks, and keeps what was seen. Undefined once the session is over. Throws what `see` throws. */
  async anew(see: () => Promise<T>): Promise<T | undefined> {
    const { session, clock } = this;
    if (session.over) return undefined;
    const at = clock.monotonic();
    try {
      this.#seen = await see();
      this.#seenAt = at;
      return this.#seen;
    } catch (error) {
      if (!hasCode(error, "session_not_found")) throw error;
      await session.until(() => session.over, overMs);
      return undefined;
    }
  }

  /** The same, at once where nothing was printed since. */
  async current(see: () => Promise<T>): Promise<T | undefined> {
    const { session, clock } = this;
    const at = clock.monotonic();
    const { quietMs } = session;
    const isNew = this.#seen === undefined || (quietMs !== null && at - quietMs >= this.#seenAt);
    return isNew || at - this.#seenAt >= freshMs || session.over ? this.anew(see) : this.#seen;
  }
}
