import { abortable, deferred, onAbort } from "../base/async";
import { type Disposable, DisposableStore } from "../base/lifecycle";
import { watchServer } from "./serverWatch";
import { hasCode, OrchestratorError } from "../model/errors";
import type { Clock } from "../ports/machine";
import type { Screen, SessionServer } from "../ports/sessions";
import { KeySender } from "./keySender";
import { isAnswer, unshownIn } from "../sense/terminalQueries";
import { pause } from "./pause";
import { advice } from "../model/remedy";

export type AttachmentEnd =
  | { readonly how: "detached" }
  | { readonly how: "ended"; readonly exit_code: number | null }
  /** A signal, or the terminal was closed. */
  | { readonly how: "interrupted" };

export interface TerminalSize {
  readonly rows: number;
  readonly cols: number;
}

/** What a person's terminal tells. */
export interface TerminalListener {
  /** What was typed, as bytes. */
  keys(bytes: Uint8Array): void;
  resized(): void;
  /** The program left a full-screen picture behind which nobody has drawn yet. */
  uncovered(): void;
  /** Something else used the terminal meanwhile (Ctrl-Z and `fg`). */
  disturbed(): void;
  /** The terminal is closed. */
  gone(): void;
}

/** The terminal in front of a person. */
export interface PersonsTerminal {
  /** Undefined where nobody tells. */
  readonly size: TerminalSize | undefined;
  enter(): void;
  /** A session's output, as it came. */
  write(bytes: Uint8Array): void;
  /** The whole screen, with the notice over it. */
  draw(screen: Screen, notice: string | undefined): void;
  /** Gives the terminal back. */
  leave(): void;
}

export interface ReadKeys {
  /** What belongs to the session. */
  readonly keys: Uint8Array;
  /** The key to detach was pressed; what came behind it belongs to nobody. */
  readonly detach: boolean;
}

export interface AttachmentOptions {
  readonly server: SessionServer;
  /** Of the server as it was found; another one has none of its sessions. */
  readonly server_id: string | null;
  readonly clock: Clock;
  /** The session's wire name. */
  readonly wire: string;
  readonly terminal: (listener: TerminalListener) => PersonsTerminal;
  readonly readKeys: (bytes: Uint8Array) => ReadKeys;
  /** Bytes that the server takes at once. */
  readonly mostKeyBytes: number;
  /** Shown over the screen at first, until a key is typed or a while has passed. */
  readonly notice?: string;
  /** Whether the session may take the terminal's size. */
  readonly canResize: boolean;
  /** What the session gets back, as long as nobody else has changed it. */
  readonly formerSize: TerminalSize;
  /** The server does not answer, which may pass: then the screen is drawn again. */
  readonly away?: (sentence: string) => void;
}

/** Output that comes this soon behind a picture may be in it already; the two travel on different ways. */
const stragglerMs = 20;
const mostPictures = 8;
/** A session that never holds still was drawn in the middle of its output; once it does, it is drawn again. */
const stillMs = 250;
/** A server that is away is asked again this often; when it stays away, that is told elsewhere. */
const againMs = 500;
const noticeMs = 4000;
/** A size that is not taken within this time has to wait for the program to start. */
const sizeGivenMs = 100;
/** Keys that were typed before leaving get this long to be taken. */
const lastKeysMs = 2000;
/** A session that takes no keys because it has ended is told to be over by its stream. */
const endToldMs = 2000;

/** One terminal on one session: screen and output this way, keys and size that way, until one of them ends it. */
export class Attachment {
  readonly #over = deferred<AttachmentEnd>();
  readonly #store = new DisposableStore();
  readonly #sender: KeySender;
  readonly #terminal: PersonsTerminal;
  /** Output since the picture that is on its way was asked for; undefined: output is shown as it comes. */
  #held: Uint8Array[] | undefined = [];
  /** What a program asked or told in output that only a picture shows: the terminal gets it all the same. */
  #unshown = "";
  #drawing = false;
  #resizing: Promise<void> | undefined;
  #resizeAgain = false;
  #given: TerminalSize | undefined;
  #lastOutput = 0;
  #drawLater: Disposable | undefined;
  #notice: string | undefined;
  /** The session or its server is gone: there is nobody to give anything back to. */
  #gone = false;
  #finished = false;
  #onTyped: (() => void) | undefined;

  constructor(private readonly options: AttachmentOptions) {
    const { server, wire, terminal, mostKeyBytes, notice } = options;
    this.#notice = notice;
    this.#sender = new KeySender(
      (keys) => server.sendInput(wire, keys),
      (error) => this.#notTaken(error),
      mostKeyBytes,
    );
    this.#terminal = terminal({
      keys: (bytes) => this.#typed(bytes),
      resized: () => this.#resize(),
      uncovered: () => void this.#draw(),
      disturbed: () => void this.#draw(),
      gone: () => this.#over.resolve({ how: "interrupted" }),
    });
  }

  /**
   * `typed`: told of keys that a person types and that go to the session. Throws `session_not_found`,
   * `server_unreachable`, `input_unconfirmed`; the terminal is restored by then.
   */
  async run(signal: AbortSignal, typed?: () => void): Promise<AttachmentEnd> {
    this.#onTyped = typed;
    const { server, clock, wire } = this.options;
    this.#over.promise.catch(() => undefined);
    this.#store.add(onAbort(signal, () => this.#over.resolve({ how: "interrupted" })));
    this.#store.add(
      watchServer(server, this.options.server_id, clock, {
        gone: (sentence) => this.#fail(lost(sentence)),
        away: (sentence) => this.options.away?.(sentence),
        back: () => void this.#draw(),
      }),
    );
    const stream = this.#store.add(
      server.openRaw(
        wire,
        {
          data: (bytes) => this.#output(bytes),
          gap: () => void this.#draw(),
          ended: ({ exit_code }) => this.#ended(exit_code),
        },
        "terminal",
      ),
    );
    try {
      await abortable(stream.opened, signal);
      this.#terminal.enter();
      this.#resize();
      this.#store.add(clock.after(noticeMs, () => this.#takeNotice()));
      return await this.#over.promise;
    } finally {
      this.#finished = true;
      const sent = this.#sender.close();
      this.#terminal.leave();
      stream.dispose();
      await this.#giveBack(sent);
      this.#drawLater?.dispose();
      this.#store.dispose();
    }
  }

  #output(bytes: Uint8Array): void {
    this.#lastOutput = this.options.clock.monotonic();
    if (this.#held) this.#held.push(bytes);
    else this.#terminal.write(bytes);
  }

  #ended(exit_code: number | null): void {
    // Whatever picture was wanted, there is none any more.
    for (const bytes of this.#held ?? []) this.#terminal.write(bytes);
    this.#held = undefined;
    this.#gone = true;
    this.#over.resolve({ how: "ended", exit_code });
  }

  #takeNotice(): void {
    if (this.#notice === undefined) return;
    this.#notice = undefined;
    void this.#draw();
  }

  #typed(bytes: Uint8Array): void {
    const isPersons = !isAnswer(bytes);
    if (isPersons) this.#takeNotice();
    const { keys, detach } = this.options.readKeys(bytes);
    if (isPersons && keys.length > 0) this.#onTyped?.();
    this.#sender.push(keys);
    if (!detach) return;
    // What comes before the terminal is given back belongs to nobody either.
    void this.#sender.close();
    this.#over.resolve({ how: "detached" });
  }

  /** Nobody types on when some keys may be missing. */
  #notTaken(error: unknown): void {
    if (hasCode(error, "session_not_found"))
      this.#store.add(this.options.clock.after(endToldMs, () => this.#ended(null)));
    else if (error instanceof Error && hasCode(error.cause, "server_unreachable"))
      this.#fail(lost(`${error.cause.message} The last keys may not have arrived.`));
    else this.#fail(error);
  }

  #fail(error: unknown): void {
    this.#gone ||= hasCode(error, "server_unreachable");
    this.#over.reject(error);
  }

  /** Gives the session the terminal's size, the newest one if it changes meanwhile, and draws what came of it. */
  #resize(): void {
    this.#resizeAgain = true;
    this.#resizing ??= this.#resizeToNewest().finally(() => {
      this.#resizing = undefined;
    });
  }

  async #resizeToNewest(): Promise<void> {
    while (this.#resizeAgain && !this.#finished) {
      this.#resizeAgain = false;
      let given = false;
      const giving = this.#giveSize().then(() => (given = true));
      await this.#within(sizeGivenMs, giving);
      // What has just started is not resized yet, and may wait for what only a terminal answers that is drawn.
      if (!given) await this.#draw();
      await giving;
      const screen = await this.#draw();
      // A probe of the engine may have set the size back in between.
      const { size } = this.#terminal;
      if (screen && size && (screen.rows !== size.rows || screen.cols !== size.cols)) await this.#giveSize();
    }
  }

  async #giveSize(): Promise<void> {
    const { server, wire, canResize } = this.options;
    const { size } = this.#terminal;
    if (!canResize || !size) return;
    this.#given = size;
    // A session that is over or a server that is away is told elsewhere.
    await server.resize(wire, size).catch(() => undefined);
  }

  /** Draws the screen once it holds still, so that nothing is shown twice or left out. */
  async #draw(): Promise<Screen | undefined> {
    this.#held ??= [];
    if (this.#drawing) {
      // The picture that is on its way is too old.
      this.#held.push(new Uint8Array());
      return undefined;
    }
    this.#drawing = true;
    try {
      for (let pictures = 1; ; pictures++) {
        this.#unshown += unshownIn(this.#held);
        this.#held = [];
        const screen = await this.options.server.screen(this.options.wire, "styled");
        await pause(this.options.clock, stragglerMs);
        // The terminal may be another attachment's by now.
        if (this.#finished) return undefined;
        const held: readonly Uint8Array[] | undefined = this.#held;
        if (held === undefined) return screen;
        if (held.length > 0 && pictures < mostPictures) continue;
        this.#terminal.draw(screen, this.#notice);
        if (this.#unshown !== "") this.#terminal.write(Uint8Array.from(this.#unshown, (each) => each.charCodeAt(0)));
        this.#unshown = "";
        this.#held = undefined;
        for (const bytes of held) this.#terminal.write(bytes);
        if (held.length > 0) this.#drawOnceStill(stillMs);
        return screen;
      }
    } catch (error) {
      if (hasCode(error, "server_unreachable")) this.#drawOnceStill(againMs);
      else if (!hasCode(error, "session_not_found")) this.#fail(error);
      return undefined;
    } finally {
      this.#drawing = false;
    }
  }

  #drawOnceStill(ms: number): void {
    if (this.#finished) return;
    const { clock } = this.options;
    this.#drawLater?.dispose();
    this.#drawLater = clock.after(ms, () => {
      if (clock.monotonic() - this.#lastOutput < stillMs) this.#drawOnceStill(stillMs);
      else void this.#draw();
    });
  }

  async #within(ms: number, work: Promise<unknown>): Promise<void> {
    const over = deferred<undefined>();
    const timer = this.options.clock.after(ms, () => over.resolve(undefined));
    await Promise.race([work, over.promise]).finally(() => timer.dispose());
  }

  /** What was typed last, then the size, unless somebody else has given it another one. */
  async #giveBack(sent: Promise<void>): Promise<void> {
    const { server, wire, formerSize } = this.options;
    if (this.#gone) return;
    // A size that is still on its way would come after the one that is given back.
    await this.#within(lastKeysMs, Promise.all([sent, this.#resizing]));
    const given = this.#given;
    if (!given) return;
    try {
      const now = await server.get(wire, AbortSignal.timeout(lastKeysMs));
      if (now?.rows === given.rows && now.cols === given.cols)
        await server.resize(wire, formerSize, AbortSignal.timeout(lastKeysMs));
    } catch {
      // Whoever is there next gives it a size of their own.
    }
  }
}

function lost(sentence: string): OrchestratorError {
  return new OrchestratorError(
    "server_unreachable",
    sentence,
    advice("The session may still be running. Attach to it again when the server answers."),
  );
}
