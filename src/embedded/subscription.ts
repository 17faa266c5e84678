import type { SubscribeParams } from "./requestSchemas";
import type { ScreenChange } from "./screenChanges";
import type { Session } from "./session";

/** A follower that is further behind gets a notice and a fresh picture instead of single events. */
const maxPending = 1024 * 1024;
const caughtUp = 64 * 1024;

export interface SubscriptionTarget {
  send(message: object): void;
  readonly pendingBytes: number;
}

const wantedBy: Readonly<Record<ScreenChange["event"], string | undefined>> = {
  line: "lines",
  cursor: "cursor",
  mode: "mode",
  reset: undefined,
};

/** One subscription to a session's events, on either JSON socket. */
export class Subscription {
  readonly #session: Session;
  readonly #params: SubscribeParams;
  readonly #target: SubscriptionTarget;
  /** On the server-level socket events carry the session's name, and activity must be asked for. */
  readonly #serverLevel: boolean;
  readonly #wanted: ReadonlySet<string>;
  #skipped = 0;
  #busy = false;
  #timer: NodeJS.Timeout | undefined;
  #disposed = false;
  readonly #changed = (changes: readonly ScreenChange[]): void => this.#forward(changes);
  readonly #listener = { activity: (): void => this.#activity(), ended: (): void => this.#ended() };
  readonly #ended: () => void;

  /** `ended` is called when the session ends; the subscription is over then. */
  constructor(
    session: Session,
    params: SubscribeParams,
    target: SubscriptionTarget,
    serverLevel: boolean,
    ended: () => void = () => this.dispose(),
  ) {
    this.#ended = ended;
    this.#session = session;
    this.#params = params;
    this.#target = target;
    this.#serverLevel = serverLevel;
    this.#wanted = new Set(params.events);
  }

  /** Sends the first picture, and from then on events. Nothing that happens meanwhile is missed or told twice. */
  start(): void {
    this.#session.listen(this.#listener);
    this.#session.screen.afterParsing(() => {
      if (this.#disposed || this.#session.ended) return;
      this.#session.changes.publish();
      this.#sendSync(true);
      if (this.#wanted.size > 0) this.#session.changes.follow(this.#changed);
      if (!this.#tellsActivity()) return;
      if (this.#session.quietMs >= this.#params.idleTimeoutMs) this.#sendIdle();
      else this.#sendRunning();
    });
  }

  /** Makes good for skipped events once the socket has room again. */
  progressed(): void {
    if (this.#skipped === 0 || this.#target.pendingBytes > caughtUp || this.#disposed) return;
    const skipped = this.#skipped;
    this.#skipped = 0;
    this.#send({ type: "lagged", skipped });
    this.#sendSync(false);
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    this.#session.unlisten(this.#listener);
    this.#session.changes.unfollow(this.#changed);
  }

  #tellsActivity(): boolean {
    if (this.#params.idleTimeoutMs === 0 || this.#wanted.size === 0) return false;
    return !this.#serverLevel || this.#wanted.has("activity");
  }

  #forward(changes: readonly ScreenChange[]): void {
    for (const change of changes) {
      const name = wantedBy[change.event];
      if (name !== undefined && !this.#wanted.has(name)) continue;
      if (this.#skipped > 0 || this.#target.pendingBytes > maxPending) this.#skipped++;
      else this.#send(change);
    }
  }

  #activity(): void {
    if (!this.#tellsActivity() || this.#busy || this.#timer !== undefined) return;
    this.#sendRunning();
  }

  #sendRunning(): void {
    this.#busy = true;
    this.#send({ event: "running", seq: 0, generation: this.#session.generation });
    this.#watchForSilence();
  }

  #watchForSilence(): void {
    const left = this.#params.idleTimeoutMs - this.#session.quietMs;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        if (this.#session.quietMs < this.#params.idleTimeoutMs) this.#watchForSilence();
        else this.#session.screen.afterParsing(() => this.#becameQuiet());
      },
      Math.max(1, Math.ceil(left)),
    );
  }

  #becameQuiet(): void {
    if (this.#disposed || this.#session.ended) return;
    if (this.#session.quietMs < this.#params.idleTimeoutMs) this.#watchForSilence();
    else this.#sendIdle();
  }

  #sendIdle(): void {
    this.#busy = false;
    const screen = this.#session.screen.screen(this.#params.format);
    this.#send({
      event: "idle",
      seq: 0,
      generation: this.#session.generation,
      screen,
      scrollback_lines: screen.total_lines,
    });
  }

  #sendSync(first: boolean): void {
    const screen = this.#session.screen.screen(this.#params.format);
    const body = { seq: 0, screen, scrollback_lines: screen.total_lines };
    // wsh nests the first one on the server-level socket and no other; both shapes at once serve every client.
    this.#send({ event: "sync", ...body, ...(first && this.#serverLevel ? { params: body } : {}) });
  }

  #send(message: object): void {
    this.#target.send(this.#serverLevel ? { ...message, session: this.#session.name } : message);
  }
}
