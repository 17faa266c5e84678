import { abortable, deferred } from "../base/async";
import { type Event, EventEmitter } from "../base/event";
import { type Disposable, DisposableStore } from "../base/lifecycle";
import { type ContextEntry, isAskedInTerminal } from "../model/entry";
import type { SessionContext } from "../model/session";
import { isWanted, type WantedState } from "../model/wantedState";
import type { BesideScreen } from "./sensedTerminal";
import { type SensorWorld, SessionSensor } from "./sessionSensor";
import { quietAfterMs, type SessionFinding, sessionState, type StreamSigns } from "./sessionState";
import type { ShellSession } from "./shellSession";
import { questionSign } from "./trueSessions";
import { deniedSign } from "./deniedState";
import { recordedState } from "./recordedState";

/** Between two commands of a task a shell is idle for milliseconds only: what is known by marks has to last so long. */
const settleMs = 500;

/** What the record of its project has of a session, at any moment. */
export interface RecordedSigns {
  readonly session: SessionContext;
  /** A question that is open there. */
  readonly question?: ContextEntry | undefined;
}

export interface StateWaitOptions extends SensorWorld {
  /** It is open. */
  readonly session: ShellSession;
  /** Its shell prints our marks, and was asked for its prompt. */
  readonly atMarks: boolean;
  /** What is known now of the program that runs there. */
  readonly runs: () => Pick<BesideScreen, "started" | "running" | "denied">;
  /** Undefined for a session that no record has. */
  readonly recorded: () => RecordedSigns | undefined;
  /** Fires when `recorded` may say something else. */
  readonly onRecord: Event<unknown>;
}

/**
 * Waits until a session is in that state; gives what it does then, which is another state where it has ended before.
 * Nothing is asked again and again: its output, its record and its end say when to look. Throws the signal's reason.
 */
export async function untilState(
  options: StateWaitOptions,
  wanted: WantedState,
  signal: AbortSignal,
): Promise<SessionFinding> {
  const wait = new StateWait(options);
  try {
    return await wait.until(wanted, signal);
  } finally {
    wait.dispose();
  }
}

class StateWait implements Disposable {
  readonly #store = new DisposableStore();
  readonly #changed = new EventEmitter<void>();
  readonly #sensor: SessionSensor;
  #timer: Disposable | undefined;

  constructor(private readonly options: StateWaitOptions) {
    const { session, runs, onRecord } = options;
    this.#sensor = this.#store.add(new SessionSensor(session, runs, options));
    this.#store.add(
      session.onActivity(() => {
        this.#sensor.activity();
        this.#changed.fire();
        this.#lookWhenQuiet();
      }),
    );
    this.#store.add(this.#sensor.onChange(() => this.#changed.fire()));
    this.#store.add(onRecord(() => this.#changed.fire()));
    this.#lookWhenQuiet();
  }

  async until(wanted: WantedState, signal: AbortSignal): Promise<SessionFinding> {
    for (;;) {
      await this.#turns((found) => isWanted(wanted, found) || this.#isOver, undefined, signal);
      const found = this.#found();
      if (found.by !== "marks" && found.by !== "activity") return found;
      if (!(await this.#turns((now) => !isWanted(wanted, now) || this.#isOver, settleMs, signal))) return this.#found();
    }
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#store.dispose();
  }

  get #isOver(): boolean {
    return this.options.session.over !== undefined;
  }

  #found(): SessionFinding {
    const { session, atMarks, recorded } = this.options;
    const record = recorded();
    const signals = session.signals(atMarks);
    const { question } = record ?? {};
    const sensed = this.#sensor.state;
    const found = sessionState({
      ...signals,
      ...(signals.stream ? { stream: this.#stream(signals.stream) } : {}),
      ...(sensed ? { sensed } : {}),
      ...(record ? { recorded: recordedState(record.session), ...deniedSign(record.session) } : {}),
      ...(question && !isAskedInTerminal(question) ? { question: questionSign(question) } : {}),
    });
    if (found.state !== "idle") return found;
    // Who follows the session has seen it at work.
    if (record?.session.state === "done_unseen") return { ...found, state: "done_unseen" };
    return found.by === "marks" ? { ...found, kind: "shell" } : found;
  }

  /** A shell that was asked for its prompt and did not draw it runs something; output from before counts as silence. */
  #stream(stream: StreamSigns): StreamSigns {
    const { session, atMarks } = this.options;
    const running = { ready: false, clean: false, running: true, continuation: false };
    return {
      ...stream,
      quietMs: session.silentMs ?? quietAfterMs,
      ...(atMarks && !stream.marks ? { marks: running } : {}),
    };
  }

  /** Silence that lasts long enough is told by nobody. */
  #lookWhenQuiet(): void {
    this.#timer?.dispose();
    this.#timer = this.options.clock.after(quietAfterMs, () => this.#changed.fire());
  }

  /** Whether it turns out so, within `ms` where that is given. */
  async #turns(
    holds: (found: SessionFinding) => boolean,
    ms: number | undefined,
    signal: AbortSignal,
  ): Promise<boolean> {
    if (holds(this.#found())) return true;
    const store = new DisposableStore();
    const turned = deferred<boolean>();
    store.add(this.#changed.event(() => (holds(this.#found()) ? turned.resolve(true) : undefined)));
    if (ms !== undefined) store.add(this.options.clock.after(ms, () => turned.resolve(false)));
    try {
      return await abortable(turned.promise, signal);
    } finally {
      store.dispose();
    }
  }
}
