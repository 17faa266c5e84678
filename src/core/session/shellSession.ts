import { type Event, EventEmitter } from "../base/event";
import { abortable, deferred } from "../base/async";
import { DisposableStore } from "../base/lifecycle";
import { hasCode, OrchestratorError } from "../model/errors";
import type { Clock } from "../ports/machine";
import type { RawStream, SessionEnd, SessionServer } from "../ports/sessions";
import type { CommandOutput } from "../sense/commandOutput";
import { ShellMarks } from "../sense/shellMarks";
import { StandingMeter } from "../sense/standingMeter";
import { StreamScanner, type ShellMark } from "../sense/streamScanner";
import { TerminalSignals } from "../sense/terminalSignals";
import { type CommandEnd, CommandEnds, type SessionOver } from "./commandEnds";
import { OutputTail } from "./outputTail";
import { probePrompt } from "./promptProbe";
import { tellingLine } from "./sessionEnd";
import { Silence } from "./silence";
import type { SessionSignals } from "./sessionState";

export interface SessionIdentity {
  /** Logical name. */
  readonly name: string;
  readonly wire: string;
  readonly key: string;
  readonly rows: number;
  readonly cols: number;
}

/** A prompt that did not answer after a gap is asked again; seldom, because what runs there is resized each time. */
const askAgainMs = 30_000;
/** After a gap the prompt is asked as often before it is said that something runs in front of it. */
const sightTries = 3;
/**
 * Only a prompt that is empty, silent for a while, and answers again after it, proves that nothing is on its way:
 * between two answers a shell reads what waits in its terminal. A text that does not fit in there (4 kB on Linux, of
 * which quotes and echo need their part) comes in pieces, and a shell that reads a paste shows the prompt that it was
 * typed at.
 */
const settledMs = 300;
export const longSettledMs = 1500;
export const shortText = 1000;

/**
 * One terminal session with its output stream: knows the prompt, who types, and how a command ended. Types nothing by
 * itself.
 */
export class ShellSession {
  readonly marks: ShellMarks;
  /** What programs told their terminal beside what they drew, since this stream was open. */
  readonly told = new TerminalSignals();
  readonly #scanner: StreamScanner;
  readonly #changed = new EventEmitter<void>();
  readonly #store = new DisposableStore();
  readonly #ends: CommandEnds;
  readonly #meter = new StandingMeter();
  readonly #tail = new OutputTail();
  #plainShell: "posix" | "fish" | undefined;
  #bracketedPaste = false;
  #prompts = 0;
  #issued = 0;
  #gap = false;
  #blind = false;
  #untold = false;
  #over: SessionOver | undefined;
  #stream: RawStream | undefined;
  readonly silence: Silence;

  constructor(
    private readonly server: SessionServer,
    private readonly clock: Clock,
    readonly identity: SessionIdentity,
    /** Whether the server can resize a terminal, so that the prompt can be asked. */
    readonly canProbe = true,
  ) {
    this.marks = new ShellMarks(identity.key);
    this.silence = new Silence(clock);
    this.#ends = new CommandEnds(this.marks, clock);
    this.#scanner = new StreamScanner({
      mark: (mark) => this.#mark(mark),
      printable: () => this.marks.printable(),
      cursor: (move) => this.marks.cursor(move),
      output: (bytes) => {
        this.marks.output(bytes);
        this.#ends.output(bytes);
      },
      mode: (mode) => {
        if (mode.bracketedPaste !== undefined) this.#bracketedPaste = mode.bracketedPaste;
        this.told.mode(mode);
      },
      title: (text) => this.told.title(text),
      bell: () => this.told.bell(),
      reset: () => this.told.reset(),
      osc: (code, data) => this.told.osc(code, data),
    });
    this.#store.add(
      this.marks.onEvent((event) => {
        if (event.type === "started") this.#ends.start(event.n);
        else if (event.type === "promptAgain" || event.type === "ready") {
          this.#blind = false;
          this.#prompts++;
          if (event.type === "ready" || !event.redrawn) this.#issued++;
          this.#untold = event.type === "promptAgain" && event.running;
        } else if (event.type === "ended") {
          this.#untold = false;
          this.#ends.end(event);
        }
      }),
    );
  }

  /** Starts reading. Throws `session_not_found` or `server_unreachable`. */
  async open(signal?: AbortSignal): Promise<void> {
    this.#stream = this.#store.add(
      this.server.openRaw(this.identity.wire, {
        data: (bytes) => this.#data(bytes),
        gap: () => {
          this.#gap = true;
          this.#blind = true;
          this.#scanner.reset();
          this.told.gap();
          this.marks.gap();
          this.#ends.gap();
          this.#changed.fire();
        },
        ended: (end: SessionEnd) => this.#end({ lost: false, exit_code: end.exit_code }),
      }),
    );
    await abortable(this.#stream.opened, signal);
  }

  get over(): SessionOver | undefined {
    return this.#over;
  }

  /** Fires with each output, mark and gap, and at its end: what is known of it may be another. */
  get onActivity(): Event<void> {
    return this.#changed.event;
  }

  /** What its output says of what it does. `integrated`: it prints our marks. */
  signals(integrated: boolean): Pick<SessionSignals, "end" | "stream"> {
    const { ready, clean, running, continuation } = this.marks;
    return {
      ...(this.#over ? { end: { ...this.#over, line: tellingLine(this.lastLines) } } : {}),
      stream: {
        integrated,
        quietMs: this.quietMs,
        alternateScreen: this.told.facts.alternate,
        ...(this.marks.n > 0 ? { marks: { ready, clean, running, continuation } } : {}),
      },
    };
  }

  /** Milliseconds since the last output; null when there was none. */
  get quietMs(): number | null {
    return this.silence.heardMs;
  }

  /** The same, also of output that came before this stream was open, where that is known. */
  get silentMs(): number | null {
    return this.silence.ms;
  }

  /** The newest line with something on it, as plain text. */
  get lastLine(): string {
    return this.#tail.lastLine;
  }

  /** Its newest lines, as plain text, oldest first. */
  get lastLines(): readonly string[] {
    return this.#tail.lines;
  }

  /** The server is gone for good: whatever runs has an unknown end. */
  markLost(): void {
    this.#end({ lost: true, exit_code: null });
  }

  dispose(): void {
    this.#store.dispose();
  }

  #data(bytes: Uint8Array): void {
    this.silence.ends(this.#meter.hasNews(bytes));
    this.#tail.append(bytes);
    this.#scanner.write(bytes);
    this.#changed.fire();
  }

  #mark(mark: ShellMark): void {
    if (mark.letter === "A") this.told.prompt();
    this.marks.mark(mark);
    const { id, f } = mark.fields;
    if (id === undefined) return;
    if (mark.letter === "D" && f !== undefined) this.#plainShell = f === "" ? "posix" : "fish";
    this.#ends.sentinelMark(id, mark);
  }

  #end(over: SessionOver): void {
    if (this.#over) return;
    this.#over = over;
    this.#changed.fire();
  }

  /**
   * Resolves with the first value that `pick` gives, asked now and after every change; with undefined when `ms` pass
   * without one. Rejects with the signal's reason and with what `pick` throws.
   */
  async until<T>(pick: () => T | undefined, ms: number | undefined, signal?: AbortSignal): Promise<T | undefined> {
    signal?.throwIfAborted();
    const now = pick();
    if (now !== undefined) return now;
    const store = new DisposableStore();
    const wait = deferred<T | undefined>();
    store.add(
      this.#changed.event(() => {
        try {
          const value = pick();
          if (value !== undefined) wait.resolve(value);
        } catch (error) {
          // Who waits is told, not who brought the output.
          wait.reject(error);
        }
      }),
    );
    if (ms !== undefined) store.add(this.clock.after(ms, () => wait.resolve(undefined)));
    try {
      return await abortable(wait.promise, signal);
    } finally {
      store.dispose();
    }
  }

  /**
   * Asks the prompt without typing: one row more, and back (shell-marks 1.4). True when a prompt of ours answered;
   * false means that something runs in the foreground, or that this shell has no marks.
   */
  async probe(signal?: AbortSignal): Promise<boolean> {
    return this.canProbe && (await probePrompt(this.server, this, signal));
  }

  /** Counts the prompts that were drawn, also those drawn again. */
  get prompts(): number {
    return this.#prompts;
  }

  /**
   * Counts the new prompts: one with the number of the last one tells that the shell has read a line, or was told to
   * forget it. fish tells none of those.
   */
  get issued(): number {
    return this.#issued;
  }

  /**
   * A prompt stands where a command of ours still should run: its end was never told, so the marks of this shell are
   * not to be trusted any more.
   */
  get endUntold(): boolean {
    return this.#untold;
  }

  get atCleanPrompt(): boolean {
    return this.marks.ready && this.marks.clean;
  }

  /** A prompt that waits for input with nothing typed on it, or undefined when there is none within `ms`. */
  cleanPrompt(ms: number, signal?: AbortSignal): Promise<number | undefined> {
    return this.until(() => (this.#over || this.atCleanPrompt ? this.marks.n : undefined), ms, signal);
  }

  /** Whether command `n` was accepted: its start, its end or the session's end was seen. */
  accepted(n: number): boolean {
    return this.#ends.startedAt(n) !== undefined || this.#ends.seen(n) !== undefined || this.#over !== undefined;
  }

  /** When command `n` was seen to start, by the monotonic clock. */
  startedAt(n: number): number | undefined {
    return this.#ends.startedAt(n);
  }

  endOf(n: number): CommandEnd | undefined {
    return this.#ends.seen(n);
  }

  /**
   * Waits for the end of command `n`, without limit unless `ms` is given. After a gap the prompt is asked, again and
   * again while it does not answer, so that an end that nobody saw is not waited for. It is asked too when a prompt
   * comes without the end: a command may have printed one, or have taken our hooks out of the shell. Undefined: time is
   * over.
   */
  async endOfCommand(n: number, ms: number | undefined, signal?: AbortSignal): Promise<CommandEnd | undefined> {
    const deadline = ms === undefined ? Infinity : this.clock.monotonic() + ms;
    let askAt = Infinity;
    for (;;) {
      const now = this.clock.monotonic();
      const until = Math.min(deadline, askAt);
      const found = await this.until(
        () => this.#ends.of(n) ?? (this.#over ? "over" : this.#gap || this.#untold ? "ask" : undefined),
        until === Infinity ? undefined : Math.max(0, until - now),
        signal,
      );
      if (found === "over") return this.#ends.seen(n) ?? this.#ends.bySession(n, this.#over);
      if (found !== undefined && found !== "ask") return found;
      if (found === undefined && this.clock.monotonic() >= deadline) return undefined;
      if (this.#gap || found === undefined) askAt = this.clock.monotonic() + askAgainMs;
      this.#gap = false;
      this.#untold = false;
      const end = await this.#askedEnd(n, signal);
      if (end) return end;
      if (this.marks.ready) askAt = Infinity;
    }
  }

  /**
   * What the prompt says of command `n` when it is asked; undefined when it does not answer, or knows an end that is
   * seen at once.
   */
  async #askedEnd(n: number, signal: AbortSignal | undefined): Promise<CommandEnd | undefined> {
    const answered = await this.probeQuietly(signal);
    if (!answered || this.#ends.of(n)) return undefined;
    if (this.#untold || (this.marks.ready && this.marks.n !== n))
      return { outcome: "unknown", exit_code: null, known_by: "none", output: undefined };
    if (await this.staysEmpty(n, Infinity, signal))
      return { outcome: "not_sent", exit_code: null, known_by: "probe", output: undefined };
    return undefined;
  }

  /** Which quoting a shell without our marks needs; undefined until it was asked. */
  get plainShell(): "posix" | "fish" | undefined {
    return this.#plainShell;
  }

  /**
   * What runs there was seen to read keys by itself, so the terminal's limit for a line does not count. False too when
   * it said so before this stream was open.
   */
  get editsLines(): boolean {
    return this.#bracketedPaste || this.told.facts.alternate;
  }

  /** What the command that runs has printed so far, as far as marks tell where it began. */
  get commandOutput(): CommandOutput | undefined {
    return this.marks.runningOutput ?? this.#ends.sentinelOutput;
  }

  /** What runs there has asked for pastes to be marked as such since this stream was open. */
  get asksForPaste(): boolean {
    return this.#bracketedPaste;
  }

  /** The end of a command that was typed with a sentinel. */
  async endOfSentinel(id: string, ms: number | undefined, signal?: AbortSignal): Promise<CommandEnd | undefined> {
    const end = await this.until(() => this.#ends.ofSentinel(id) ?? (this.#over ? "over" : undefined), ms, signal);
    return end === "over" ? this.#ends.bySession(undefined, this.#over) : end;
  }

  /** A key that was lost on the way is like one that the shell did not heed: what follows tells. */
  async press(key: string): Promise<void> {
    await this.server.sendInput(this.identity.wire, key).catch((error: unknown) => {
      if (!hasCode(error, "input_not_sent", "input_unconfirmed")) throw error;
    });
  }

  /**
   * Whether it is known what stands in the terminal. After a gap it is not until the prompt has answered, which it is
   * asked for here.
   */
  async sees(signal?: AbortSignal): Promise<boolean> {
    for (let attempt = 0; this.#blind && !this.#over && attempt < sightTries; attempt++) {
      await this.probeQuietly(signal);
    }
    return !this.#blind;
  }

  /**
   * Whether prompt `n` is empty and will stay so: of a text of `length` characters that may have been typed at it
   * nothing arrived, and nothing is on its way.
   */
  async staysEmpty(n: number, length: number, signal?: AbortSignal): Promise<boolean> {
    const empty = (): boolean => this.atCleanPrompt && this.marks.n === n && !this.accepted(n);
    const stirred = await this.until(
      () => (empty() ? undefined : true),
      length > shortText ? longSettledMs : settledMs,
      signal,
    );
    return stirred === undefined && (await this.probeQuietly(signal)) && empty();
  }

  /** A probe that fails because the connection does is no answer. */
  async probeQuietly(signal?: AbortSignal): Promise<boolean> {
    try {
      return await this.probe(signal);
    } catch (error) {
      if (error instanceof OrchestratorError && !hasCode(error, "cancelled")) return false;
      throw error;
    }
  }
}
