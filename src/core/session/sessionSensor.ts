import { EventEmitter } from "../base/event";
import type { Disposable } from "../base/lifecycle";
import { sharedMoment } from "../base/sharedMoment";
import { messageOf } from "../model/errors";
import type { SessionState } from "../model/states";
import type { Clock, Logger } from "../ports/machine";
import type { Screen, SessionServer } from "../ports/sessions";
import { type AskedPrompt, isSamePrompt, screenFingerprint } from "../sense/askedPrompt";
import { type RuleCatalog, senseTerminal } from "../sense/senseTerminal";
import { StateArbiter } from "../sense/stateArbiter";
import type { Sensed, SensedState, TerminalFacts } from "../sense/terminalFacts";
import type { TerminalSignals } from "../sense/terminalSignals";
import { SessionLimit } from "./sessionLimit";
import { type BesideScreen, promptOf, sensedState, terminalFacts } from "./sensedTerminal";

/** What a program tells beside its screen is drawn at about the same time. */
const signalMs = 40;
/** However many things a program tells, its screen is looked at no more often for them. */
const signalsMs = 200;
/** Output that paused for so long is a frame that is drawn. */
const frameMs = 120;
/**
 * Programs that animate something draw a frame in up to this time: their pauses say nothing before one is longer than those
 * before. It is below the time in which a question is to be told.
 */
const animationMs = 240;
/** Where output does not pause, the screen is looked at this often. */
const flowingMs = 1000;
/** Of sessions whose output does not pause all are looked at at moments so far apart. */
const togetherMs = 500;
/**
 * A screen that has not changed for so long is looked at once more, and then once again: a spinner may stand still, and an
 * answer that is not shown changes only which program is in front.
 */
const stillMs = [5_000, 60_000];
/** States that end by themselves or by an answer, be it shown or not. */
const passing: ReadonlySet<SessionState> = new Set(["starting", "working", "waiting", "limited", "failed"]);

/** What was found by one look, and what was looked at. */
interface Looked {
  readonly sensed: Sensed;
  readonly facts: TerminalFacts;
}

/** The session that is sensed, as far as its stream goes. */
export interface SensedSession {
  readonly identity: { readonly wire: string };
  readonly told: TerminalSignals;
  /** How it ended: there is nothing to look at any more. */
  readonly over: unknown;
  /** Its shell stands at a prompt of which the marks tell. */
  readonly marks: { readonly ready: boolean };
  /** Milliseconds since the last output; null when there was none. */
  readonly quietMs: number | null;
}

/** What is known of the program in a session by how it was started. */
export interface RunsThere extends Pick<BesideScreen, "started" | "running" | "denied"> {
  /** It was started to continue an earlier conversation. */
  readonly resumed?: boolean;
}

export interface SensorWorld {
  readonly server: Pick<SessionServer, "look" | "terminalMode">;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The rules by which it is known what programs do. */
  readonly catalog: RuleCatalog;
}

/**
 * Knows what the program in one terminal does. The screen is asked from its server, and only after output came: at most
 * once a second while something moves. A screen of its own would take about 1.1 MB for each session (30 kB without),
 * 80 to 130 µs for each frame, and would not know what stood there before.
 */
export class SessionSensor implements Disposable {
  readonly #changed = new EventEmitter<void>();
  readonly #asks = new EventEmitter<void>();
  readonly #arbiter = new StateArbiter();
  #state: SensedState | undefined;
  #prompt: AskedPrompt | undefined;
  #timer: Disposable | undefined;
  /** When the timer ends, by the monotonic clock. */
  #due = Infinity;
  #looking = false;
  #disposed = false;
  readonly #rules: Disposable;
  /** When output came that was not looked at yet. */
  #unseenSince: number | undefined;
  #lookedAt = -Infinity;
  #seenAt = -Infinity;
  /** When output came last. */
  #heardAt = -Infinity;
  /** A pause that is longer ends what is drawn. */
  #pauseMs = frameMs;
  #signalsSeen = 0;
  #still = 0;
  /** The limit that its program has reached. */
  readonly limit: SessionLimit;

  /** Fires when the state is another one. */
  readonly onChange = this.#changed.event;
  /** Fires when something is asked, something else than before, or nothing any more. */
  readonly onPrompt = this.#asks.event;

  /**
   * `runs`: what is known now of the program that runs there. `limitEnd`: of a limit that the record knows (milliseconds
   * since 1970).
   */
  constructor(
    private readonly session: SensedSession,
    private readonly runs: () => RunsThere,
    private readonly world: SensorWorld,
    limitEnd?: number,
  ) {
    this.limit = new SessionLimit(world.clock, limitEnd);
    this.#rules = world.catalog.onChange(() => this.activity());
    this.activity();
  }

  /** What the program does; undefined where its shell stands at its prompt, or nothing is known yet. */
  get state(): SensedState | undefined {
    return this.#state;
  }

  /** When the newest look at its terminal began, by the monotonic clock. */
  get seenAt(): number {
    return this.#seenAt;
  }

  /** What the program asks; undefined while it is not waiting. */
  get prompt(): AskedPrompt | undefined {
    return this.#prompt;
  }

  /** Output came, or its shell says something. */
  activity(): void {
    const { session, world } = this;
    if (this.#disposed) return;
    if (session.over || session.marks.ready) {
      this.#rest();
      return;
    }
    const now = world.clock.monotonic();
    this.#still = 0;
    this.#unseenSince ??= now;
    this.#hear(now);
    const drawn = Math.min(now + this.#pauseMs, this.#flowsUntil);
    const told = session.told.changes !== this.#signalsSeen;
    // A timer that ended while output still flows would only have to be set again.
    if (!told && this.#due < drawn && this.#due - now < this.#pauseMs / 2) this.#cancelLook();
    this.#lookBy(told ? Math.min(drawn, Math.max(now + signalMs, this.#lookedAt + signalsMs)) : drawn);
  }

  /** When output that does not pause is looked at; in the past where all of it was. */
  get #flowsUntil(): number {
    return sharedMoment((this.#unseenSince ?? -Infinity) + flowingMs, togetherMs);
  }

  /** Learns from one pause how long the next ones may be. */
  #hear(now: number): void {
    const pause = now - this.#heardAt;
    this.#heardAt = now;
    // A frame comes in pieces, too, between which there is next to no time.
    if (pause > animationMs) this.#pauseMs = frameMs;
    else if (pause > signalMs) this.#pauseMs = Math.min(animationMs, Math.max(frameMs, pause * 1.5));
  }

  /** A person has looked at the session. */
  seen(): void {
    if (this.#arbiter.seen()) this.#publish();
  }

  dispose(): void {
    this.#disposed = true;
    this.#rules.dispose();
    this.#timer?.dispose();
  }

  #rest(): void {
    this.#cancelLook();
    this.#unseenSince = undefined;
    this.#arbiter.forget();
    this.#publish();
  }

  #cancelLook(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#due = Infinity;
  }

  /** One timer, moved only when it has to end earlier: output comes far more often than it is looked at. */
  #lookBy(at: number): void {
    if (this.#timer && this.#due <= at) return;
    this.#timer?.dispose();
    const { clock } = this.world;
    this.#due = at;
    this.#timer = clock.after(Math.max(0, at - clock.monotonic()), () => {
      this.#timer = undefined;
      this.#due = Infinity;
      this.#isDue();
    });
  }

  #isDue(): void {
    const { clock } = this.world;
    const { session } = this;
    if (this.#disposed || session.over || session.marks.ready) return;
    const now = clock.monotonic();
    const quiet = session.quietMs ?? Infinity;
    const flows = quiet < this.#pauseMs && now < this.#flowsUntil;
    if (flows && session.told.changes === this.#signalsSeen) {
      this.#lookBy(Math.min(now + this.#pauseMs - quiet, this.#flowsUntil));
      return;
    }
    if (!this.#looking) void this.#look();
  }

  async #look(): Promise<void> {
    const { server, clock, logger } = this.world;
    const { session } = this;
    // Programs that read what is not shown, or a line, wait for it in silence.
    const flows = (session.quietMs ?? Infinity) < this.#pauseMs;
    let asksForMode = false;
    this.#looking = true;
    this.#lookedAt = clock.monotonic();
    this.#unseenSince = undefined;
    this.#signalsSeen = session.told.changes;
    try {
      const { wire } = session.identity;
      const { screen, signs } = await server.look(wire);
      let looked = this.#sense(screen, signs, () => (asksForMode = true));
      const later = asksForMode && flows && this.#state?.state !== "waiting";
      if (asksForMode && !later) looked = this.#sense(screen, await server.terminalMode(wire));
      if (this.#disposed || session.over || session.marks.ready) return;
      this.#seenAt = this.#lookedAt;
      const { told, againMs } = this.#arbiter.see(looked.sensed, clock.monotonic(), this.runs().resumed);
      if (told) this.#publish(looked);
      if (later) this.#lookBy(clock.monotonic() + this.#pauseMs);
      if (againMs !== undefined) this.#lookBy(clock.monotonic() + againMs);
      else if (told && passing.has(told.state)) this.#lookAgainWhenStill();
    } catch (error) {
      // A server that is away is told elsewhere; what was seen before stands until the next look.
      logger.debug(messageOf(error));
      if (!this.#disposed) this.#lookAgainWhenStill();
    } finally {
      this.#looking = false;
      if (this.#unseenSince !== undefined) this.activity();
    }
  }

  #sense(screen: Screen, mode: BesideScreen["mode"], onUnknownMode?: () => void): Looked {
    const facts = terminalFacts(screen, {
      at: this.world.clock.now(),
      told: this.session.told.facts,
      ...this.runs(),
      mode,
    });
    const sensed = senseTerminal(onUnknownMode ? { ...facts, onUnknownMode } : facts, this.world.catalog);
    return { sensed, facts };
  }

  #lookAgainWhenStill(): void {
    const ms = stillMs[this.#still];
    if (ms === undefined || this.#timer) return;
    this.#still++;
    this.#lookBy(this.world.clock.monotonic() + ms);
  }

  #publish(looked?: Looked): void {
    const before = this.#state;
    const asked = this.#prompt;
    const told = this.#arbiter.told;
    const shown = this.limit.see(told ?? { state: "idle" });
    const prompt = looked && promptOf(looked.sensed, looked.facts, this.world.catalog);
    // A prompt that is being answered is half of another one; what comes of it is seen next.
    this.#prompt = told?.state === "waiting" ? (prompt ?? asked) : undefined;
    const asks = this.#prompt && { asks: this.#prompt.fingerprint };
    const shows = looked && this.runs().denied ? { shows: screenFingerprint(looked.facts) } : {};
    this.#state = told && { ...sensedState({ ...told, ...shown }, this.world.catalog), ...asks, ...shows };
    const asksTheSame =
      asked && this.#prompt ? isSamePrompt(asked.fingerprint, this.#prompt.fingerprint) : asked === this.#prompt;
    if (before?.state !== this.#state?.state || before?.kind !== this.#state?.kind) this.#changed.fire();
    if (!asksTheSame) this.#asks.fire();
  }
}
