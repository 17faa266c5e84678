import type { PersonsTerminal, TerminalListener, TerminalSize } from "../../core/session/attachment";
import type { Screen } from "../../core/ports/sessions";
import { stripControlCharacters } from "../../core/safety/controlCharacters";
import { looksLikePrompt } from "../../core/sense/plainPrompt";
import { StreamScanner } from "../../core/sense/streamScanner";
import { plainRow } from "../../core/session/styledText";
import {
  enterAlternate,
  guessedModes,
  leaveAlternate,
  pictureOf,
  sendingModesOf,
} from "../../protocol/terminalDrawing";

/** What VS Code's terminal is to a session: bytes become text, the screen is drawn before the stream. */
export class DrawnTerminal implements PersonsTerminal {
  size: TerminalSize | undefined;
  /** Undefined while no session has the terminal. */
  listener: TerminalListener | undefined;
  #decoder = new TextDecoder();
  readonly #scanner: StreamScanner;
  #alternate = false;
  #cleared = false;
  #modesKnown = false;
  #drawn = false;

  constructor(private readonly show: (text: string) => void) {
    this.#scanner = new StreamScanner({
      mode: ({ alternateScreen }) => {
        if (alternateScreen === undefined || alternateScreen === this.#alternate) return;
        this.#alternate = alternateScreen;
        if (!alternateScreen && !this.#cleared) this.listener?.uncovered();
      },
    });
  }

  /** Whether the session that has it now can be seen. */
  get isDrawn(): boolean {
    return this.#drawn;
  }

  /** VS Code has made a fresh terminal for it, unless it was another one's before. */
  enter(): void {
    this.#modesKnown = false;
    // What stands below a full-screen picture is older than the time without a terminal.
    this.#cleared = false;
    this.#decoder = new TextDecoder();
    this.#drawn = false;
  }

  /** What stands on the screen stays there, also a full-screen picture. */
  leave(): void {
    this.show(`${sendingModesOf([])}\x1b[0m\x1b[?25h`);
  }

  /** The screen below a full-screen picture. */
  uncover(): void {
    if (this.#alternate) this.show(leaveAlternate);
    this.#alternate = false;
  }

  /**
   * A sentence of ours: below what stands there, or over the last row of a full-screen picture, which must not move.
   */
  say(sentence: string): void {
    const text = `\x1b[0;7m ${stripControlCharacters(sentence)} \x1b[0m`;
    this.show(this.#alternate ? `\x1b7\x1b[${this.size?.rows ?? 1};1H\x1b[2K${text}\x1b8` : `\r\n${text}\r\n`);
  }

  write(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.show(this.#decoder.decode(bytes, { stream: true }));
    this.#scanner.write(bytes);
  }

  draw(screen: Screen): void {
    this.#drawn = true;
    let before = "";
    if (screen.alternate_active !== this.#alternate) before = screen.alternate_active ? enterAlternate : leaveAlternate;
    this.#alternate = screen.alternate_active;
    if (!screen.alternate_active) this.#cleared = true;
    const atPrompt = looksLikePrompt({ ...screen, lines: screen.lines.map(plainRow) });
    const modes = screen.private_modes ?? (this.#modesKnown ? undefined : guessedModes(screen, atPrompt));
    this.#modesKnown = true;
    this.#scanner.reset();
    this.show(
      `${before}${pictureOf(screen, this.size?.rows ?? screen.rows)}${modes === undefined ? "" : sendingModesOf(modes)}`,
    );
  }
}
