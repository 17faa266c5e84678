import { EventEmitter, l10n, type Pseudoterminal, type TerminalDimensions } from "vscode";
import { maxBodyBytes } from "../../adapters/wsh/wire";
import type { Disposable } from "../../core/base/lifecycle";
import { isAnswer } from "../../core/sense/terminalQueries";
import { Attachment, type AttachmentEnd, type TerminalSize } from "../../core/session/attachment";
import { attach } from "../../core/acts/attach";
import { ownSize } from "../../core/session/reachedSession";
import { hasServerEnded } from "../../core/session/trueSessions";
import { hasCode, messageOf } from "../../core/model/errors";
import type { Clock, Logger, ProcessIdentity } from "../../core/ports/machine";
import { type ReachedSession, sessionEndSentence } from "../../viewing/followedSessions";
import type { ShownText } from "../shownText";
import { DrawnTerminal } from "./drawnTerminal";

const encoder = new TextEncoder();

/** A server that is away is looked for this often. */
const againMs = 3000;
const escapeKey = "\x1b";

/**
 * A native terminal on a session. Closing it detaches; the session still runs. When the session ends, the terminal says
 * so and stays, so that its text can be read; when its server is away, it also looks for it, until the server answers
 * again or the session is known to have ended.
 */
export class SessionTerminal implements Pseudoterminal {
  readonly #writes = new EventEmitter<string>();
  readonly onDidWrite = this.#writes.event;
  readonly #closes = new EventEmitter<number | undefined>();
  readonly onDidClose = this.#closes.event;
  readonly #names = new EventEmitter<string>();
  readonly onDidChangeName = this.#names.event;
  readonly #detach = new AbortController();
  readonly #terminal = new DrawnTerminal((text) => this.#writes.fire(text));
  /** `looking`: for the session, after it was lost. */
  #state: "attached" | "lost" | "looking" | "over" = "attached";
  /** The person has pressed Enter, and hears when that was in vain. */
  #asked = true;
  #wasLost = false;
  #again: Disposable | undefined;
  #attaching: Promise<void> = Promise.resolve();

  constructor(
    readonly session: { readonly key: string; readonly name: string },
    private readonly reach: () => Promise<ReachedSession>,
    private readonly clock: Clock,
    private readonly actor: string,
    private readonly logger: Logger,
    private readonly process: () => Promise<ProcessIdentity>,
    /** What its tab says; see `retitle`. */
    private title: ShownText,
  ) {}

  /** Its tab says what the session does. */
  retitle(title: ShownText): void {
    if (title === this.title) return;
    this.title = title;
    this.#names.fire(title);
  }

  /** Once nothing of this terminal is on its way to the session any more. */
  get detached(): Promise<void> {
    return this.#attaching;
  }

  open(dimensions: TerminalDimensions | undefined): void {
    this.#terminal.size = sizeOf(dimensions);
    this.#attaching = this.#attach();
  }

  close(): void {
    this.#detach.abort();
    this.#again?.dispose();
  }

  handleInput(data: string): void {
    const keys = encoder.encode(data);
    if (this.#state === "attached") {
      // An Enter that was meant to attach again must not answer what waits in the session by then.
      if (!this.#wasLost || this.#terminal.isDrawn) this.#terminal.listener?.keys(keys);
    } else if (isAnswer(keys)) return;
    // The person has read why it is over.
    else if (this.#state === "over" || data === escapeKey) this.#closes.fire(undefined);
    else if (data.includes("\r")) {
      this.#asked = true;
      if (this.#state === "lost") void this.#look();
    }
  }

  setDimensions(dimensions: TerminalDimensions): void {
    this.#terminal.size = sizeOf(dimensions);
    this.#terminal.listener?.resized();
  }

  async #look(): Promise<void> {
    this.#again?.dispose();
    this.#state = "looking";
    await (this.#attaching = this.#attach());
  }

  async #attach(): Promise<void> {
    try {
      const reached = await this.reach();
      if (this.#detach.signal.aborted) return;
      this.#state = "attached";
      const end = await this.#follow(reached);
      if (end.how !== "ended") return;
      this.#terminal.uncover();
      this.#end(sessionEndSentence(end));
    } catch (error) {
      if (this.#detach.signal.aborted) return;
      if (hasServerEnded(error)) this.#end(l10n.t("{0} The log is kept.", messageOf(error)));
      else if (hasCode(error, "session_not_found", "needs_person")) this.#end(messageOf(error));
      else this.#lose(error);
    }
  }

  async #follow({ chosen, wire, context, info, followed }: ReachedSession): Promise<AttachmentEnd> {
    const over = new AbortController();
    const attachment = new Attachment({
      server: chosen.server,
      server_id: chosen.info.server_id,
      clock: this.clock,
      wire,
      terminal: (listener) => {
        this.#terminal.listener = listener;
        return this.#terminal;
      },
      readKeys: (keys) => ({ keys, detach: false }),
      mostKeyBytes: maxBodyBytes,
      canResize: chosen.info.capabilities.resize,
      formerSize: ownSize({ context, info }),
      away: (sentence) => void this.#away(sentence, over),
    });
    try {
      return await attach(
        {
          session: { session_name: context.session_name, k: context.k },
          actor: this.actor,
          place: "terminal",
          process: await this.process(),
          clock: this.clock,
          insideSession: undefined,
          record: followed.record,
          unrecorded: (error) => this.logger.warn(messageOf(error)),
        },
        async (typed) => {
          const end = await attachment.run(AbortSignal.any([this.#detach.signal, over.signal]), typed);
          over.signal.throwIfAborted();
          return end;
        },
      );
    } catch (error) {
      this.#asked = true;
      throw error;
    } finally {
      this.#terminal.listener = undefined;
    }
  }

  /** Whether it may come back is known where its process can be looked for. */
  async #away(sentence: string, over: AbortController): Promise<void> {
    try {
      await this.reach();
    } catch (error) {
      if (hasServerEnded(error)) {
        over.abort(error);
        return;
      }
    }
    this.#terminal.say(sentence);
  }

  #lose(error: unknown): void {
    this.#state = "lost";
    this.#wasLost = true;
    if (this.#asked)
      this.#terminal.say(l10n.t("{0} Press Enter to attach again, or Esc to close this terminal.", messageOf(error)));
    this.#asked = false;
    // Where keys may be missing, the person looks first.
    if (hasCode(error, "server_unreachable")) this.#again = this.clock.after(againMs, () => void this.#look());
  }

  #end(sentence: string): void {
    this.#state = "over";
    this.#terminal.say(`${sentence} ${l10n.t("Press any key to close this terminal.")}`);
  }
}

function sizeOf(dimensions: TerminalDimensions | undefined): TerminalSize | undefined {
  return dimensions && dimensions.rows > 0 && dimensions.columns > 0
    ? { rows: Math.min(1000, dimensions.rows), cols: Math.min(1000, dimensions.columns) }
    : undefined;
}
