import { EventEmitter, l10n, type Pseudoterminal, type TerminalDimensions } from "vscode";
import { maxBodyBytes } from "../../adapters/wsh/wire";
import { Attachment, type PersonsTerminal, type TerminalListener, type TerminalSize } from "../../core/engine/attachment";
import { attachedNote, attachmentEnd } from "../../core/engine/personsActs";
import { sessionSize } from "../../core/engine/sessionOpener";
import { messageOf } from "../../core/model/errors";
import type { Clock, Screen } from "../../core/ports";
import { looksLikePrompt } from "../../core/sense/plainPrompt";
import { StreamScanner } from "../../core/sense/streamScanner";
import { plainRow } from "../../protocol/styledText";
import { enterAlternate, guessedModes, leaveAlternate, pictureOf, sendingModesOf } from "../../protocol/terminalDrawing";
import type { ReachedSession } from "../sessions";
import { recordAttachment } from "./attachmentRecord";

const encoder = new TextEncoder();

/** What VS Code's terminal is to a session: bytes become text, and the screen is drawn before the stream goes on. */
class DrawnTerminal implements PersonsTerminal {
  size: TerminalSize | undefined;
  readonly #decoder = new TextDecoder();
  readonly #scanner: StreamScanner;
  #alternate = false;
  #cleared = false;
  #modesKnown = false;

  constructor(
    private readonly show: (text: string) => void,
    readonly listener: TerminalListener,
  ) {
    this.#scanner = new StreamScanner({
      mode: ({ alternateScreen }) => {
        if (alternateScreen === undefined || alternateScreen === this.#alternate) return;
        this.#alternate = alternateScreen;
        if (!alternateScreen && !this.#cleared) listener.uncovered();
      },
    });
  }

  enter(): void {
    // VS Code has made a fresh terminal for it.
  }

  leave(): void {
    if (this.#alternate) this.show(leaveAlternate);
    this.show(`${sendingModesOf([])}\x1b[0m\x1b[?25h`);
  }

  write(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.show(this.#decoder.decode(bytes, { stream: true }));
    this.#scanner.write(bytes);
  }

  draw(screen: Screen): void {
    let before = "";
    if (screen.alternate_active !== this.#alternate) before = screen.alternate_active ? enterAlternate : leaveAlternate;
    this.#alternate = screen.alternate_active;
    if (!screen.alternate_active) this.#cleared = true;
    const atPrompt = looksLikePrompt({ ...screen, lines: screen.lines.map(plainRow) });
    const modes = screen.private_modes ?? (this.#modesKnown ? undefined : guessedModes(screen, atPrompt));
    this.#modesKnown = true;
    this.#scanner.reset();
    this.show(`${before}${pictureOf(screen, this.size?.rows ?? screen.rows)}${modes === undefined ? "" : sendingModesOf(modes)}`);
  }
}

/**
 * A native terminal on a session. Closing it detaches; what runs goes on. When the session ends, or its server is gone, the terminal says so
 * and stays, so that its text can be read.
 */
export class SessionTerminal implements Pseudoterminal {
  readonly #writes = new EventEmitter<string>();
  readonly onDidWrite = this.#writes.event;
  readonly #closes = new EventEmitter<number | undefined>();
  readonly onDidClose = this.#closes.event;
  readonly #names = new EventEmitter<string>();
  readonly onDidChangeName = this.#names.event;
  readonly #detach = new AbortController();
  #terminal: DrawnTerminal | undefined;
  #size: TerminalSize | undefined;
  #over = false;

  constructor(
    readonly session: { readonly key: string; readonly name: string },
    private readonly reach: () => Promise<ReachedSession>,
    private readonly clock: Clock,
    private readonly actor: string,
  ) {}

  open(dimensions: TerminalDimensions | undefined): void {
    this.#size = sizeOf(dimensions);
    void this.#attach();
  }

  close(): void {
    this.#detach.abort();
  }

  handleInput(data: string): void {
    // The person has read why it is over.
    if (this.#over) this.#closes.fire(undefined);
    else this.#terminal?.listener.keys(encoder.encode(data));
  }

  setDimensions(dimensions: TerminalDimensions): void {
    this.#size = sizeOf(dimensions);
    if (!this.#terminal) return;
    this.#terminal.size = this.#size;
    this.#terminal.listener.resized();
  }

  async #attach(): Promise<void> {
    try {
      const reached = await this.reach();
      const { chosen, wire, context, info, followed } = reached;
      const attachment = new Attachment({
        server: chosen.server,
        server_id: chosen.info.server_id,
        clock: this.clock,
        wire,
        terminal: (listener) => this.#terminalFor(listener),
        readKeys: (keys) => ({ keys, detach: false }),
        mostKeyBytes: maxBodyBytes,
        canResize: chosen.info.capabilities.resize,
        formerSize: context.k === undefined ? { rows: info.rows, cols: info.cols } : sessionSize,
      });
      // The context follows the record, where another session may be made under this name.
      const attached = { session_name: context.session_name, k: context.k };
      await recordAttachment(followed, attachedNote(context.session_name, this.actor));
      const end = await attachment.run(this.#detach.signal);
      await recordAttachment(followed, attachmentEnd(attached, end, this.actor));
      if (end.how === "ended") this.#say(end.exit_code === null ? l10n.t("The session has ended.") : l10n.t("The session has ended with exit code {0}.", end.exit_code));
    } catch (error) {
      if (!this.#detach.signal.aborted) this.#say(messageOf(error));
    }
  }

  #terminalFor(listener: TerminalListener): DrawnTerminal {
    const terminal = new DrawnTerminal((text) => this.#writes.fire(text), listener);
    terminal.size = this.#size;
    this.#terminal = terminal;
    return terminal;
  }

  #say(sentence: string): void {
    this.#over = true;
    this.#writes.fire(`\r\n\x1b[7m ${sentence} ${l10n.t("Any key closes this terminal.")} \x1b[0m\r\n`);
  }
}

function sizeOf(dimensions: TerminalDimensions | undefined): TerminalSize | undefined {
  return dimensions && dimensions.rows > 0 && dimensions.columns > 0 ? { rows: Math.min(1000, dimensions.rows), cols: Math.min(1000, dimensions.columns) } : undefined;
}
