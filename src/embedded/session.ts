import { RequestFailure } from "../adapters/http/requestFailure";
import type { WireScreen, WireSessionInfo, WireTerminal } from "../adapters/wsh/wire";
import { StandingMeter } from "../core/sense/standingMeter";
import { AnswerQueue } from "./answerQueue";
import { AskedTerminal } from "./askedTerminal";
import { AwakeTime } from "./awakeTime";
import { RecentOutput } from "./recentOutput";
import { OutputPacing, type PacedReader } from "./outputPacing";
import { InputRefusal } from "./ptyInput";
import { startPty, type PtyEnd, type PtyProcess } from "./ptyProcess";
import { ScreenChanges } from "./screenChanges";
import { ScreenModel, type ScreenFormat } from "./screenModel";
import { foregroundProgram } from "./terminalMode";
import { toldSignals } from "./toldSignals";

/** One for all sessions: what is looked at often enough misses no sleep. */
const awake = new AwakeTime().start();
/** Of an ended session so many lines of its screen are kept: they say why it ended. */
const rememberedLines = 5;
/** Sockets per session, as wsh allows. */
const maxStreamingClients = 64;

export interface SessionStart {
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  /** As told in SessionInfo. */
  readonly command: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly rows: number;
  readonly cols: number;
  readonly tags: readonly string[];
}

/** Somebody who receives all output bytes. */
export interface RawReader extends PacedReader {
  /** A person's terminal, which answers what programs ask. */
  readonly isTerminal: boolean;
  output(bytes: Buffer): void;
}

/** A follower of one session; all members are optional. */
export interface SessionListener {
  /** Output or input came; the generation has grown. */
  activity?(): void;
  /** The session is over: nothing follows. */
  ended?(): void;
}

/** One terminal with its program, its picture and those who look at it. */
export class Session {
  name: string;
  readonly command: string;
  readonly pid: number;
  readonly tags: Set<string>;
  readonly createdAt = new Date();
  readonly screen: ScreenModel;
  readonly changes: ScreenChanges;
  /** wsh's keyboard capture; it diverts keys of attached terminals only, of which this server has none. */
  captured = false;
  /** Attached clients as counted by SessionInfo: sockets of the session and subscriptions from server-level sockets. */
  clients = 0;
  /** Counts output chunks and inputs, without those of raw sockets. */
  generation = 0;
  /** Counts whatever came from either side. */
  #moments = 0;
  /** Counts inputs with Enter in them, from whoever. */
  #entered = 0;
  #rows: number;
  #cols: number;
  #lastActivity = performance.now();
  /** By the time that this process was awake. */
  #lastOutput = awake.now();
  #lastNews = this.#lastOutput;
  readonly #meter = new StandingMeter();
  #sockets = 0;
  #ended = false;
  readonly recentOutput = new RecentOutput();
  readonly #pty: PtyProcess;
  readonly #pacing: OutputPacing;
  readonly #answers: AnswerQueue;
  /** Of each piece of output that is not parsed yet: whether no terminal was there that answers what it asks. */
  readonly #unanswered: boolean[] = [];
  readonly #terminals = new AskedTerminal();
  /** Those that are no terminals. */
  readonly #readers = new Set<RawReader>();
  readonly #listeners = new Set<SessionListener>();

  /** Starts the program. Throws what the system says. `onEnd` comes once, after the last output. */
  constructor(start: SessionStart, onEnd: (end: PtyEnd, lastLines: readonly string[]) => void) {
    this.name = start.name;
    this.command = start.command;
    this.tags = new Set(start.tags);
    this.#rows = start.rows;
    this.#cols = start.cols;
    this.screen = new ScreenModel(start, {
      parsed: () => this.changes.publish(),
      switched: (alternate) => this.changes.switched(alternate),
      answer: (text) => {
        if (this.#unanswered[0]) this.#answers.add(text);
      },
      commandEnded: () => this.#answers.clear(),
    });
    this.changes = new ScreenChanges(this.screen);
    this.#pty = startPty({
      ...start,
      onData: (bytes) => this.#output(bytes),
      onEnd: (end) => this.#end((lastLines) => onEnd(end, lastLines)),
    });
    this.#pacing = new OutputPacing(this.#pty, () => this.screen.pendingBytes);
    this.#answers = new AnswerQueue(
      this.#pty,
      () => new Promise((resolve) => (this.#ended ? resolve() : this.screen.afterParsing(resolve))),
    );
    this.pid = this.#pty.pid;
  }

  get ended(): boolean {
    return this.#ended;
  }

  get rows(): number {
    return this.#rows;
  }

  get cols(): number {
    return this.#cols;
  }

  /** Milliseconds since the last input or output. */
  get quietMs(): number {
    return performance.now() - this.#lastActivity;
  }

  info(server: string): WireSessionInfo {
    return {
      name: this.name,
      pid: this.pid,
      command: this.command,
      rows: this.#rows,
      cols: this.#cols,
      clients: this.clients,
      tags: [...this.tags].sort(),
      last_activity_ms: Math.floor(this.quietMs),
      last_output_ms: Math.floor(awake.now() - this.#lastOutput),
      last_news_ms: Math.floor(awake.now() - this.#lastNews),
      server,
      created_at: this.createdAt.toISOString(),
    };
  }

  /**
   * Queues bytes for the program. Raw sockets do not count as activity. Throws `input_send_failed` after 5 s of a full
   * queue.
   */
  async sendInput(bytes: Buffer, countsAsActivity = true): Promise<void> {
    this.#moments++;
    this.#noteEnter(bytes);
    this.screen.expectEcho();
    try {
      await this.#pty.input.send(bytes);
    } catch (refusal) {
      if (refusal instanceof InputRefusal) throw new RequestFailure(500, "input_send_failed", refusal.message);
      throw refusal;
    }
    if (countsAsActivity) this.#touch();
  }

  /**
   * The same for keys that are meant for what a person saw: they are written at once, and only if nothing came since
   * `moments` was told, neither from the program nor from anybody who types, and everything that was typed before is
   * written. Throws `output_came` where that is not so; then nothing is written, now or later. What the program has
   * not printed yet at that moment nobody can know.
   */
  async sendInputIfStill(bytes: Buffer, moments: number): Promise<void> {
    // Where the terminal is read by its library, what that has read is taken first.
    await new Promise((resolve) => setImmediate(resolve));
    this.#pty.readNow();
    this.screen.expectEcho();
    // From here to the write nothing else can happen.
    if (this.#ended || this.#moments !== moments || !this.#pty.input.writeNow(bytes))
      throw new RequestFailure(412, "output_came", "Something came in the session since then; nothing was typed.");
    this.#noteEnter(bytes);
    this.#touch();
  }

  resize(size: { rows: number; cols: number }): void {
    if (this.#ended) return;
    this.#rows = size.rows;
    this.#cols = size.cols;
    this.#pty.resize(size);
    this.screen.afterParsing(() => {
      if (this.#ended) return;
      this.screen.resize(size);
      this.changes.reset("resize");
      this.changes.publish();
    });
  }

  /**
   * Resolves when everything received so far is in the picture. Throws `session_not_found` when the session ends
   * before.
   */
  settled(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#ended) reject(this.#gone());
      else this.screen.afterParsing(() => (this.#ended ? reject(this.#gone()) : resolve()));
    });
  }

  /** What runs in front of its terminal, what that told it, and with `settings` how it takes what is typed now. */
  async terminal({ settings }: { readonly settings: boolean }): Promise<WireTerminal> {
    // What comes while the rest is asked for makes this an old look.
    const generation = this.#moments;
    const entered = this.#entered;
    const [mode, foreground] = await Promise.all([
      settings ? this.#pty.terminalMode() : undefined,
      foregroundProgram(this.pid),
    ]);
    return {
      echo: mode?.echo ?? null,
      canonical: mode?.canonical ?? null,
      foreground: foreground ?? null,
      generation,
      entered,
      ...toldSignals(this.screen.signals),
    };
  }

  /** The picture after everything received so far. */
  async currentScreen(format: ScreenFormat): Promise<WireScreen> {
    await this.settled();
    return this.screen.screen(format);
  }

  listen(listener: SessionListener): void {
    this.#listeners.add(listener);
  }

  unlisten(listener: SessionListener): void {
    this.#listeners.delete(listener);
  }

  addReader(reader: RawReader): void {
    this.#pacing.add(reader);
    if (reader.isTerminal) this.#terminals.opened(reader);
    else this.#readers.add(reader);
  }

  removeReader(reader: RawReader): void {
    if (reader.isTerminal) this.#terminals.closed(reader);
    else this.#readers.delete(reader);
    this.#pacing.remove(reader);
  }

  /** To be called when a reader took something. */
  readerProgressed(): void {
    this.#pacing.check();
  }

  hasRoomForSocket(): boolean {
    return this.#sockets < maxStreamingClients;
  }

  socketOpened(): void {
    this.#sockets++;
    this.clients++;
  }

  socketClosed(): void {
    this.#sockets--;
    this.clients--;
  }

  #gone(): RequestFailure {
    return new RequestFailure(404, "session_not_found", `The session ${JSON.stringify(this.name)} has ended.`);
  }

  #output(bytes: Buffer): void {
    this.recentOutput.write(bytes);
    for (const reader of this.#readers) reader.output(bytes);
    this.#unanswered.push(!this.#terminals.isThere);
    this.screen.write(bytes, () => {
      this.#unanswered.shift();
      this.#pacing.check();
    });
    this.#lastOutput = awake.now();
    if (this.#meter.hasNews(bytes)) this.#lastNews = this.#lastOutput;
    this.#terminals.output(bytes);
    this.#touch();
    this.#pacing.check();
  }

  /** Programs that read lines, and most that read keys, take an answer with it. */
  #noteEnter(bytes: Buffer): void {
    if (bytes.includes("\r") || bytes.includes("\n")) this.#entered++;
  }

  #touch(): void {
    this.generation++;
    this.#moments++;
    this.#lastActivity = performance.now();
    for (const listener of [...this.#listeners]) listener.activity?.();
  }

  #lastLines(): string[] {
    const lines = this.screen.screen("plain").lines.map((line) => (typeof line === "string" ? line.trimEnd() : ""));
    return lines.filter((line) => line !== "").slice(-rememberedLines);
  }

  /** Everybody sees the last picture before the end is told. */
  #end(told: (lastLines: readonly string[]) => void): void {
    this.screen.afterParsing(() => {
      this.changes.publish();
      this.#ended = true;
      this.#answers.clear();
      this.#pacing.close();
      told(this.#lastLines());
      for (const listener of [...this.#listeners]) listener.ended?.();
      this.#listeners.clear();
      this.#readers.clear();
      this.screen.dispose();
    });
  }
}
