import { EventEmitter } from "../core/base/event";
import { type Disposable, DisposableStore, toDisposable } from "../core/base/lifecycle";
import { watchServer } from "../core/session/serverWatch";
import { hasServerEnded } from "../core/session/trueSessions";
import { hasCode, messageOf } from "../core/model/errors";
import type { Clock, Logger } from "../core/ports/machine";
import type { ChosenServer, Screen, SessionEnd } from "../core/ports/sessions";

/** How a session can be seen; `sentence` says for people why it is not live. */
export type FeedCondition =
  { readonly kind: "looking" | "live" } | { readonly kind: "away" | "ended" | "gone"; readonly sentence: string };

/** A session that cannot be seen is looked for again this often while a page shows it. */
const againMs = 3000;

export interface FeedSource {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Throws `session_not_found`, `server_unreachable` and others. */
  reach(): Promise<{ readonly wire: string; readonly chosen: ChosenServer }>;
  /** For people. */
  endSentence(end: SessionEnd): string;
}

/**
 * The screen of one session for all pages that show it. Nothing is asked while none does; the last
 * screen stays.
 */
export class SessionFeed {
  readonly #changes = new EventEmitter<undefined>((error) =>
    this.source.logger.warn(`A view of a session failed: ${messageOf(error)}`),
  );
  /** The screen, or how it can be seen, is another one. */
  readonly onChange = this.#changes.event;
  #screen: Screen | undefined;
  #condition: FeedCondition = { kind: "looking" };
  #watchers = 0;
  #connection: DisposableStore | undefined;

  constructor(private readonly source: FeedSource) {}

  get screen(): Screen | undefined {
    return this.#screen;
  }

  get condition(): FeedCondition {
    return this.#condition;
  }

  /** A page shows it, until this is disposed of. */
  watch(): Disposable {
    this.#watchers++;
    if (!this.#connection) this.#connect();
    return toDisposable(() => {
      this.#watchers--;
      if (this.#watchers > 0) return;
      this.#connection?.dispose();
      this.#connection = undefined;
    });
  }

  /** Looks for the session again, unless it is seen live. */
  again(): void {
    if (this.#watchers === 0 || this.#condition.kind === "live") return;
    this.#connect();
  }

  #connect(): void {
    this.#connection?.dispose();
    const connection = (this.#connection = new DisposableStore());
    void this.#open(connection).catch((error: unknown) => this.#failed(connection, error));
  }

  async #open(connection: DisposableStore): Promise<void> {
    const { clock } = this.source;
    const { wire, chosen } = await this.source.reach();
    if (this.#connection !== connection) return;
    connection.add(
      watchServer(chosen.server, chosen.info.server_id, clock, {
        away: (sentence) => void this.#away(connection, sentence),
        back: () => this.#become({ kind: "live" }),
        gone: (sentence) => this.#lost(connection, { kind: "gone", sentence }),
      }),
    );
    const stream = connection.add(
      chosen.server.openScreen(wire, "styled", {
        screen: (screen) => this.#shows(connection, screen),
        early: (screen) => this.#shows(connection, screen),
        ended: (end) => this.#lost(connection, { kind: "ended", sentence: this.source.endSentence(end) }),
      }),
    );
    await stream.opened;
  }

  /** Whether it may come back is known where its process can be looked for. */
  async #away(connection: DisposableStore, sentence: string): Promise<void> {
    this.#become({ kind: "away", sentence });
    try {
      await this.source.reach();
    } catch (error) {
      if (hasServerEnded(error)) this.#failed(connection, error);
    }
  }

  #shows(connection: DisposableStore, screen: Screen): void {
    if (this.#connection !== connection) return;
    this.#screen = screen;
    this.#condition = { kind: "live" };
    this.#changes.fire(undefined);
  }

  #failed(connection: DisposableStore, error: unknown): void {
    if (this.#connection !== connection) return;
    const known = this.#condition;
    const isGone = hasCode(error, "session_not_found", "project_not_found");
    // How it ended says more than that it is not there.
    if (isGone && (known.kind === "ended" || known.kind === "gone")) this.#lost(connection, known);
    else this.#lost(connection, { kind: isGone ? "gone" : "away", sentence: messageOf(error) });
  }

  #lost(connection: DisposableStore, condition: FeedCondition): void {
    if (this.#connection !== connection) return;
    connection.dispose();
    const waiting = (this.#connection = new DisposableStore());
    waiting.add(this.source.clock.after(againMs, () => this.#connection === waiting && this.#connect()));
    this.#become(condition);
  }

  #become(condition: FeedCondition): void {
    const same = JSON.stringify(condition) === JSON.stringify(this.#condition);
    this.#condition = condition;
    if (!same) this.#changes.fire(undefined);
  }
}
