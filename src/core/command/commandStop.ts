import { eitherOf } from "../base/async";
import type { Outcome, StopMeans } from "../model/entryKinds";
import { hasCode } from "../model/errors";
import type { SessionMode } from "../model/states";
import type { Clock } from "../ports/machine";
import type { SessionServer } from "../ports/sessions";
import { interruptKey } from "../sense/typing";
import type { CommandEnd } from "../session/commandEnds";
import { limitOf, type SensedStates } from "../session/sensedStates";
import type { ShellSession } from "../session/shellSession";

/** Ctrl-\: the terminal's quit signal. */
const quitKey = "\x1c";
/**
 * After Ctrl-C a well-behaved program ends at once, or cleans up and says so; after this long the next stronger means
 * is tried.
 */
const patienceMs = 3000;
/** A program that is stopped by a key of its own ends what it is at within this time. */
const ownPatienceMs = 10_000;
/**
 * A Ctrl-C this soon after the start mark may reach the shell before it has begun the program, and stops neither
 * (measured with zsh and fish: up to 4 ms after the mark). A second one comes soon then. Otherwise it waits: to some
 * programs a second Ctrl-C says "drop everything".
 */
const freshMs = 500;
/** A session that was ended is gone within this time. */
const overMs = 2000;
/** A limit may end before its time, while nothing else of the time for a command is left. */
const limitLookMs = 10_000;

export interface StopRequest {
  readonly session: ShellSession;
  readonly mode: SessionMode;
  /** It stops the command; with `timeout` for a reason the command counts as timed out. */
  readonly signal?: AbortSignal;
  /** From then on nobody waits for the command any more, and it goes on. */
  readonly leave?: AbortSignal;
  readonly timeoutMs?: number;
  /**
   * What its session does by the rules of programs, where somebody follows that. While its program has a limit and says
   * until when, `timeoutMs` does not run.
   */
  readonly states?: SensedStates | undefined;
  /** Of a program that has a key of its own for that: what stops it now; undefined where there is nothing to stop. */
  readonly stopKeys?: () => Promise<string | undefined>;
  /** Told before the first Ctrl-C, so that the end is known for what it was even if nobody is there to see it. */
  readonly interrupting?: (outcome: Outcome) => Promise<void>;
}

/** Nobody waits for the command any more; it goes on, and its end is not known. */
export class CommandLeft extends Error {}

/** Waits so many milliseconds (undefined: without limit) for the end. */
export type Wait = (ms: number | undefined, signal: AbortSignal | undefined) => Promise<CommandEnd | undefined>;

export interface Ended {
  readonly end: CommandEnd;
  /** False: this session can type nothing more. */
  readonly usable: boolean;
}

interface Step {
  readonly means: StopMeans;
  readonly key: string;
  readonly ms: number;
}

/** Brings a command to its end that is cancelled or out of time, with the mildest means that does it. */
export class CommandStop {
  constructor(
    private readonly server: SessionServer,
    private readonly clock: Clock,
    /** Asked before every key: rejects once this process may type nothing more. */
    private readonly guard: () => Promise<void>,
  ) {}

  /**
   * Waits for the end; time over or a stop brings it about with the mildest means that does it. `startedAt`: when it was seen to start,
   * by the monotonic clock. `first`: waits for more than the end, until it is to be stopped.
   * Throws CommandLeft.
   */
  async ended(
    request: StopRequest,
    wait: Wait,
    startedAt: () => number | undefined = () => undefined,
    first: Wait = wait,
  ): Promise<Ended> {
    const { signal, leave } = request;
    let end: CommandEnd | undefined;
    try {
      end = await this.#endInTime(request, first, eitherOf(signal, leave));
    } catch (error) {
      if (leave?.aborted) throw new CommandLeft();
      if (!signal?.aborted) throw error;
    }
    return end ? { end, usable: true } : this.#stop(request, startedAt(), wait);
  }

  /** Undefined: its time is over. */
  async #endInTime(
    { session, timeoutMs, states }: StopRequest,
    wait: Wait,
    signal: AbortSignal | undefined,
  ): Promise<CommandEnd | undefined> {
    const begun = this.clock.monotonic();
    const limit = states && limitOf(states, session);
    const before = limit?.lastedMs ?? 0;
    for (let ms = timeoutMs; ;) {
      const end = await wait(ms, signal);
      if (end || timeoutMs === undefined || !limit) return end;
      const counted = this.clock.monotonic() - begun - (limit.lastedMs - before);
      ms = Math.max(timeoutMs - counted, Math.min(limit.leftMs, limitLookMs));
      if (ms <= 0) return undefined;
    }
  }

  /** Ctrl-C, Ctrl-C once more, Ctrl-\, then the end of the session; the end says which of them it took. */
  async #stop(request: StopRequest, startedAt: number | undefined, wait: Wait): Promise<Ended> {
    const { session, mode } = request;
    const { signal } = request;
    const outcome: Outcome = signal?.aborted && !hasCode(signal.reason, "timeout") ? "interrupted" : "timed_out";
    // A session that ended by itself has its own truth.
    const over = session.over ? await wait(0, undefined) : undefined;
    if (over) return { end: over, usable: false };
    await request.interrupting?.(outcome);
    const fresh = startedAt !== undefined && this.clock.monotonic() - startedAt < freshMs;
    if (request.stopKeys) return this.#stopOwn(request, await request.stopKeys(), outcome, wait);
    for (const { means, key, ms } of mode === "program" ? programSteps : shellSteps(fresh)) {
      await this.guard();
      await this.server.sendInput(session.identity.wire, key).catch(() => undefined);
      const end = await wait(ms, undefined);
      if (end) return { end: session.over?.lost ? end : { ...end, outcome, means }, usable: !session.over };
    }
    if (mode === "program")
      return { end: { outcome, exit_code: null, known_by: "none", output: undefined, means: "ctrl_c" }, usable: true };
    await this.guard();
    const output = session.marks.runningOutput;
    await this.server.kill(session.identity.wire).catch(() => undefined);
    await session.until(() => session.over, overMs);
    return { end: { outcome, exit_code: null, known_by: "session_end", output, means: "session_end" }, usable: false };
  }

  /** It goes on after that, at rest; else that is what nobody knows. */
  async #stopOwn({ session }: StopRequest, keys: string | undefined, outcome: Outcome, wait: Wait): Promise<Ended> {
    if (keys !== undefined) {
      await this.guard();
      await this.server.sendInput(session.identity.wire, keys).catch(() => undefined);
    }
    const end = await wait(ownPatienceMs, undefined);
    const known = end ?? { outcome, exit_code: null, known_by: "none", output: undefined };
    return { end: session.over ? known : { ...known, outcome }, usable: !session.over };
  }
}

function shellSteps(fresh: boolean): readonly Step[] {
  return [
    { means: "ctrl_c", key: interruptKey, ms: fresh ? freshMs : patienceMs },
    { means: "ctrl_c", key: interruptKey, ms: patienceMs },
    { means: "ctrl_backslash", key: quitKey, ms: patienceMs },
  ];
}

/** A program that is no shell goes on after its Ctrl-C, or ends with its session. */
const programSteps: readonly Step[] = [{ means: "ctrl_c", key: interruptKey, ms: patienceMs }];
