import { abortable, deferred } from "../base/async";
import { type Disposable, DisposableStore } from "../base/lifecycle";
import type { KeyboardTurns } from "../command/keyboardTurns";
import { actorName } from "../model/actorName";
import { keyboardGivenEvent } from "../model/entryKinds";
import { messageOf } from "../model/errors";
import { type HeldKeyboard, keyboardHolder } from "../model/heldKeyboard";
import { shortSession } from "../model/names";
import type { Clock, Logger, Processes } from "../ports/machine";
import type { OpenRecord } from "../record/projectRecord";

/** As often it is asked whether the window or terminal of a person is still there. */
const lookMs = 5000;
/** Of a process on another machine nobody can tell; so long after it was taken, a keyboard there counts as given back. */
const unknownMs = 15 * 60_000;

/**
 * Whose turn it is to type in each session of a run, by the record: a person who has taken a keyboard is not typed in
 * between. One whose window or terminal is gone has given it back.
 */
export class RecordedKeyboards implements KeyboardTurns, Disposable {
  readonly #waited = new Map<string, number>();
  readonly #store = new DisposableStore();
  #look: Disposable | undefined;

  constructor(
    private readonly record: Pick<OpenRecord, "state" | "append" | "onEntry" | "catchUp">,
    private readonly processes: Processes,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** From now on those that nobody can give back any more are given back. */
  start(): this {
    this.#store.add(this.record.onEntry((entry) => (entry.keyboard ? this.#lookLater() : undefined)));
    this.#lookLater();
    return this;
  }

  isHeld(session_name: string): boolean {
    return this.#holder(session_name) !== undefined;
  }

  waitedMs(session_name: string): number {
    return this.#waited.get(session_name) ?? 0;
  }

  async free(session_name: string, signal: AbortSignal | undefined): Promise<void> {
    // Another process may have written that a person types there.
    await this.record.catchUp();
    if (!this.isHeld(session_name)) return;
    const begun = this.clock.monotonic();
    const free = deferred<undefined>();
    const heard = this.record.onEntry(() => (this.isHeld(session_name) ? undefined : free.resolve(undefined)));
    this.#lookLater();
    try {
      await (signal ? abortable(free.promise, signal) : free.promise);
    } finally {
      heard.dispose();
      this.#waited.set(session_name, this.waitedMs(session_name) + this.clock.monotonic() - begun);
    }
  }

  dispose(): void {
    this.#look?.dispose();
    this.#store.dispose();
  }

  #holder(session_name: string): HeldKeyboard | undefined {
    const session = this.record.state.sessions.get(session_name);
    return session && keyboardHolder(session);
  }

  #lookLater(): void {
    this.#look ??= this.clock.after(lookMs, () => {
      this.#look = undefined;
      void this.#giveBack().catch((error: unknown) => this.logger.warn(messageOf(error)));
    });
  }

  async #giveBack(): Promise<void> {
    const held = [...this.record.state.sessions.values()].flatMap(({ session_name, keyboards = [] }) =>
      keyboards.map((keyboard) => ({ session_name, keyboard })),
    );
    for (const { session_name, keyboard } of held) {
      const alive = await this.processes.isAlive(keyboard);
      const isGone =
        alive === false || (alive === undefined && this.clock.now() - Date.parse(keyboard.since) > unknownMs);
      if (!isGone) continue;
      await this.record.append(
        {
          kind: "session",
          actor: "engine",
          session_name,
          event: keyboardGivenEvent,
          text: `The keyboard of ${shortSession(session_name)} is free: the process in which ${actorName(keyboard.actor)} had it has ended.`,
          refs: [{ type: "entry", id: keyboard.id }],
        },
        "written",
      );
    }
    if (held.length > 0) this.#lookLater();
  }
}
