import { type Disposable, DisposableStore } from "../base/lifecycle";
import { type Event, EventEmitter } from "../base/event";
import type { EntryDraft } from "../model/entry";
import { messageOf } from "../model/errors";
import { sessionStateAfter } from "../model/sessionStateAfter";
import { hasEnded, type SessionState } from "../model/states";
import { withoutStop } from "../model/sentences";
import type { Consents } from "../safety/consent";
import type { OpenRecord } from "../record/projectRecord";
import { type LiveSession, liveSessions } from "./liveSessions";
import { deniedSign } from "./deniedState";
import type { OpenSession } from "./openSession";
import { type RunsThere, type SensorWorld, SessionSensor } from "./sessionSensor";
import { quietAfterMs, type SessionFinding, sessionState, type SessionSignals } from "./sessionState";
import type { FollowedState, SensedStates } from "./sensedStates";
import type { ShellSession } from "./shellSession";
import { isGiven, startedProgram } from "./startedProgram";
import { TerminalQuestions } from "./terminalQuestions";

/** What a session still does at the next look is no passing thing, and worth an entry. */
const lookMs = 1000;
/** A timer that is so late, however busy the machine is, was late because the machine slept. */
const asleepMs = 60_000;
/** How exactly it is known how long that was. */
const awakeMs = 15_000;

/** The sessions that are watched: those of now, and each that comes later. */
export interface WatchedSessions {
  readonly sessions: readonly OpenSession[];
  readonly onTaken: Event<OpenSession>;
}

export interface SessionWatchWorld extends SensorWorld {
  readonly record: Pick<OpenRecord, "state" | "append" | "onEntry">;
  readonly consents: Consents;
}

/**
 * Knows what the sessions of whoever runs a project do, and writes it where their commands, results and own entries do
 * not say it: a person works there, a shell asks for more, one that nobody used has ended, a program asks something.
 */
export class SessionWatch implements SensedStates {
  readonly #sensors = new Map<ShellSession, SessionSensor>();
  /** State and kind that were found at the last look. */
  readonly #found = new WeakMap<ShellSession, string>();
  readonly #changed = new EventEmitter<ShellSession>();
  readonly onFound = this.#changed.event;
  /** What was written of a session last. */
  readonly #written = new WeakMap<ShellSession, SessionState>();

  constructor(
    private readonly watched: WatchedSessions,
    private readonly world: SessionWatchWorld,
  ) {}

  /** What the sessions do now. */
  live(): LiveSession[] {
    const { record, clock } = this.world;
    return liveSessions(this.watched.sessions, record.state, clock.now(), (session, asked) =>
      this.#sense(session, asked),
    );
  }

  of(shell: ShellSession): FollowedState | undefined {
    const session = this.watched.sessions.find((each) => each.shell === shell);
    const sensor = this.#sensors.get(shell);
    if (!session || !sensor) return undefined;
    const finding = this.#sense(session, {});
    const rule = finding.evidence?.[0]?.rule ?? "";
    const named = this.world.catalog.isOfNamed(rule);
    return { finding, seenAt: sensor.seenAt, named, limit: sensor.limit };
  }

  /** A person looked at the session of that name: what it has done is not raised again. */
  seen(name: string): void {
    for (const { shell, name: each } of this.watched.sessions) if (each === name) this.#sensors.get(shell)?.seen();
  }

  /** Follows the sessions and writes what the record does not say, until it is disposed of. Costs nothing while they rest. */
  start(): Disposable {
    const store = new DisposableStore();
    const follow = (session: OpenSession): void => void store.add(this.#follow(session));
    store.add(this.watched.onTaken(follow));
    for (const session of this.watched.sessions) follow(session);
    store.add(this.#leaveSleepOut());
    return store;
  }

  /** Some clocks go on while the machine sleeps, which nothing here prints through. */
  #leaveSleepOut(): Disposable {
    const { clock } = this.world;
    let timer: Disposable;
    const wait = (): void => {
      const from = clock.monotonic();
      timer = clock.after(awakeMs, () => {
        const late = clock.monotonic() - from - awakeMs;
        if (late > asleepMs) for (const { shell } of this.watched.sessions) shell.silence.leaveOut(late);
        wait();
      });
    };
    wait();
    return { dispose: () => timer.dispose() };
  }

  #follow(session: OpenSession): Disposable {
    const { clock, logger } = this.world;
    const { shell } = session;
    const store = new DisposableStore();
    let over = false;
    let timer: Disposable | undefined;
    let writing = Promise.resolve();
    const known = this.world.record.state.sessions.get(session.name);
    const limitEnd = known?.not_before === undefined ? undefined : Date.parse(known.not_before);
    const sensor = new SessionSensor(shell, () => this.#runsIn(session), this.world, limitEnd);
    const questions = store.add(new TerminalQuestions(session, this.world));
    this.#sensors.set(shell, sensor);
    const stop = (): void => {
      over = true;
      timer?.dispose();
      store.dispose();
    };
    const look = (): void => {
      writing = writing
        .then(() => this.#look(session, () => over))
        .then((again) => {
          if (again) lookLater();
        })
        .catch((error: unknown) => {
          logger.warn(`The state of a session could not be saved: ${messageOf(error)}`);
          lookLater();
        });
    };
    const lookLater = (): void => {
      if (over || timer) return;
      timer = clock.after(lookMs, () => {
        timer = undefined;
        look();
      });
    };
    store.add({ dispose: () => this.#sensors.delete(shell) });
    store.add(sensor);
    store.add(
      sensor.onChange(() => {
        this.#changed.fire(shell);
        look();
      }),
    );
    store.add(sensor.onPrompt(() => questions.see(sessionState(this.#signals(session)), sensor.prompt)));
    store.add(
      shell.onActivity(() => {
        if (!this.watched.sessions.includes(session)) stop();
        else {
          sensor.activity();
          lookLater();
        }
      }),
    );
    lookLater();
    return { dispose: stop };
  }

  /** Writes what the record does not say; whether it is to be done again although nothing happens. */
  async #look(session: OpenSession, over: () => boolean): Promise<boolean> {
    const { shell } = session;
    // While an entry was written, it may have been given up.
    const ours = (): boolean => !over() && this.watched.sessions.includes(session);
    if (!ours()) return false;
    const found = this.#sense(session, {});
    const what = `${found.state}:${found.kind ?? ""}`;
    const lasts = this.#found.get(shell) === what;
    this.#found.set(shell, what);
    const draft = lasts || found.by === "screen" ? this.#news(session, found) : undefined;
    if (draft) {
      await this.world.record.append(draft, "written");
      this.#written.set(shell, found.state);
    }
    // Silence changes what is known until it has lasted.
    return !lasts || (shell.quietMs !== null && shell.quietMs < quietAfterMs + lookMs && !shell.marks.ready);
  }

  #sense(session: OpenSession, asked: Pick<SessionSignals, "question">): SessionFinding {
    const denied = deniedSign(this.world.record.state.sessions.get(session.name));
    return sessionState({ ...this.#signals(session), ...denied, ...asked });
  }

  /** What is known of it by itself, whatever a person says. */
  #signals({ shell, mode }: OpenSession): SessionSignals {
    const sensed = this.#sensors.get(shell)?.state;
    return { ...shell.signals(mode === "marks"), ...(sensed ? { sensed } : {}) };
  }

  /**
   * The program that runs there, by its role or by the command that is under way; what was sent since then was typed into
   * that one.
   */
  #runsIn({ name, role, shell }: OpenSession): RunsThere {
    const { record, catalog } = this.world;
    const denied = record.state.sessions.get(name)?.denied !== undefined;
    const command = [...record.state.openCommands.values()].find((entry) => entry.session_name === name);
    const text = role.program ?? command?.input;
    const started = text === undefined ? undefined : startedProgram(text);
    const running = role.program !== undefined || shell.marks.running;
    return {
      ...(started === undefined ? {} : { started }),
      ...(running ? { running } : {}),
      denied,
      resumed: text !== undefined && isGiven(text, catalog.named(started)?.known.resumes ?? []),
    };
  }

  /** The entry that says what was found; undefined where the record says it, or will by itself. */
  #news({ name, busy, shell, role }: OpenSession, found: SessionFinding): EntryDraft | undefined {
    const { sessions, openCommands } = this.world.record.state;
    const known = sessions.get(name);
    // Another session has its name by now, or its end is told.
    if (!known || known.k !== shell.identity.key || hasEnded(known.state)) return undefined;
    const { state, kind, why, program, confidence, evidence, until } = found;
    const limit = state === "limited" && found.by === "screen" ? this.#sensors.get(shell)?.limit : undefined;
    const waits = limit !== undefined && limit.leftMs > 0;
    const draft: EntryDraft & { readonly state: SessionState } = {
      kind: "state",
      actor: "engine",
      session_name: name,
      role: role.name,
      event: "sensed",
      state,
      text: waits ? `${withoutStop(why)}; its work continues by itself then.` : why,
      ...(kind === undefined ? {} : { state_kind: kind }),
      ...(program === undefined ? {} : { program }),
      ...(confidence === undefined ? {} : { confidence }),
      ...(evidence === undefined ? {} : { evidence }),
      ...(until === undefined ? {} : { until }),
      ...(limit?.end === undefined ? {} : { not_before: new Date(limit.end).toISOString() }),
    };
    const isKnown = known.state_kind === kind && (!limit || known.not_before === draft.not_before);
    if (sessionStateAfter(known, draft) === known.state && isKnown) return undefined;
    // What a person said stood for a screen that is another one by now.
    const takesBack = this.#written.get(shell) === known.state || known.denied !== undefined;
    switch (found.by) {
      case "screen":
        return draft;
      case "end":
        // Whoever has the session says how it ended.
        return busy ? undefined : draft;
      case "marks": {
        const runs = [...openCommands.values()].some((entry) => entry.session_name === name);
        // Its command says that it works, and its result will say that it does not.
        return runs && !(takesBack && found.state === "working") ? undefined : draft;
      }
      case "activity":
        // Silence is no news by itself.
        return takesBack ? draft : undefined;
      default:
        return undefined;
    }
  }
}
