import { EventEmitter } from "../core/base/event";
import { type Disposable, toDisposable } from "../core/base/lifecycle";
import { messageOf } from "../core/model/errors";
import type { Logger } from "../core/ports/machine";

/** A session of one project: two folders may have sessions of one name. */
export interface SessionPlace {
  /** The project's. */
  readonly key: string;
  /** Logical name. */
  readonly name: string;
}

/**
 * The sessions that the person has in front of them: their questions need no notification. What shows sessions
 * registers what it shows.
 */
export class ShownSessions {
  readonly #sources = new Set<() => readonly SessionPlace[]>();
  readonly #changes = new EventEmitter<undefined>((error) =>
    this.logger.warn(`A check of the sessions on the screen failed: ${messageOf(error)}`),
  );
  readonly onChange = this.#changes.event;

  constructor(
    private readonly isFocused: () => boolean,
    private readonly logger: Logger,
  ) {}

  /** `source` gives what is on the screen now; call `changed` when that may be something else. */
  register(source: () => readonly SessionPlace[]): Disposable {
    this.#sources.add(source);
    return toDisposable(() => {
      this.#sources.delete(source);
      this.changed();
    });
  }

  changed(): void {
    this.#changes.fire(undefined);
  }

  /** On a screen that has the person's attention. */
  isVisible({ key, name }: SessionPlace): boolean {
    return (
      this.isFocused() &&
      [...this.#sources].some((source) => source().some((shown) => shown.key === key && shown.name === name))
    );
  }
}
