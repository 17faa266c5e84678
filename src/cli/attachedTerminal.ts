import type { PersonsTerminal, TerminalListener, TerminalSize } from "../core/session/attachment";
import type { Screen } from "../core/ports/sessions";
import { looksLikePrompt } from "../core/sense/plainPrompt";
import { StreamScanner } from "../core/sense/streamScanner";
import { plainRow } from "../core/session/styledText";
import {
  enterAlternate,
  guessedModes,
  keepTitle,
  leaveAlternate,
  noticeOver,
  pictureOf,
  restoredTerminal,
  sendingModesOf,
} from "../protocol/terminalDrawing";
import type { AttachedNews } from "./attachedNews";

const lineFeed = 0x0a;
const verticalTab = 0x0b;

/**
 * This terminal while it is a session's: every key is read, every byte shown, and in the end everything is as it was.
 */
export class AttachedTerminal implements PersonsTerminal {
  readonly #scanner: StreamScanner;
  readonly #palette = new Set<number>();
  #on = false;
  #alternate = false;
  /** What stood here before is out of the way, in the terminal's own history. */
  #cleared = false;
  #modesKnown = false;
  #last = lineFeed;
  readonly #onKeys = (bytes: Buffer): void => this.listener.keys(bytes);
  readonly #onResize = (): void => this.listener.resized();
  readonly #onGone = (): void => this.listener.gone();
  readonly #onExit = (): void => this.leave();
  readonly #onContinue = (): void => {
    // Whoever had the terminal meanwhile has set it up for itself; only a change makes node set it again.
    this.stdin.setRawMode(false);
    this.stdin.setRawMode(true);
    this.listener.disturbed();
  };

  constructor(
    private readonly stdin: NodeJS.ReadStream,
    private readonly stdout: NodeJS.WriteStream,
    private readonly listener: TerminalListener,
    private readonly news: AttachedNews,
  ) {
    this.#scanner = new StreamScanner({
      mode: ({ alternateScreen }) => {
        if (alternateScreen === undefined || alternateScreen === this.#alternate) return;
        this.#alternate = alternateScreen;
        if (!alternateScreen && !this.#cleared) this.listener.uncovered();
      },
      osc: (code, data) => {
        if ((code === 4 || (code >= 10 && code <= 19)) && !data.endsWith("?")) this.#palette.add(code);
        this.news.passed(code, data);
      },
    });
  }

  /** Undefined where the system does not tell. */
  get size(): TerminalSize | undefined {
    const { rows, columns } = this.stdout;
    return rows > 0 && columns > 0 ? { rows: Math.min(1000, rows), cols: Math.min(1000, columns) } : undefined;
  }

  enter(): void {
    if (this.#on) return;
    this.#on = true;
    this.stdin.setRawMode(true);
    this.stdin.on("data", this.#onKeys).on("end", this.#onGone).on("error", this.#onGone);
    this.stdin.resume();
    this.stdout.on("resize", this.#onResize);
    process.on("exit", this.#onExit).on("SIGCONT", this.#onContinue);
    this.stdout.write(`${keepTitle}${this.news.begin()}`);
  }

  /** A session's output, as it came. */
  write(bytes: Uint8Array): void {
    if (!this.#on || bytes.length === 0) return;
    this.#last = bytes[bytes.length - 1] ?? lineFeed;
    this.stdout.write(withBareLineFeeds(bytes));
    this.#scanner.write(bytes);
  }

  /**
   * The whole screen anew, with the notice over it. Modes that the server does not tell are guessed the first time
   * only; then the stream has told them.
   */
  draw(screen: Screen, notice: string | undefined): void {
    if (!this.#on) return;
    const rows = this.size?.rows ?? screen.rows;
    let before = "";
    if (screen.alternate_active !== this.#alternate)
      before += screen.alternate_active ? enterAlternate : leaveAlternate;
    if (!screen.alternate_active && !this.#cleared) {
      before += "\n".repeat(rows);
      this.#cleared = true;
    }
    this.#alternate = screen.alternate_active;
    const modes = screen.private_modes ?? (this.#modesKnown ? undefined : guessedModes(screen, showsPrompt(screen)));
    this.#modesKnown = true;
    this.#scanner.reset();
    this.#last = 0;
    const over = notice === undefined ? "" : noticeOver(screen, { rows, cols: this.size?.cols ?? screen.cols }, notice);
    this.stdout.write(`${before}${pictureOf(screen, rows)}${over}${modes === undefined ? "" : sendingModesOf(modes)}`);
  }

  /** Gives the terminal back, the cursor below what the session left. */
  leave(): void {
    if (!this.#on) return;
    this.#on = false;
    process.off("exit", this.#onExit).off("SIGCONT", this.#onContinue);
    this.stdout.off("resize", this.#onResize);
    // Errors stay heard: a terminal that was closed refuses what follows.
    this.stdin.off("data", this.#onKeys).off("end", this.#onGone);
    const below = this.#alternate || this.#last === lineFeed ? "\r" : "\r\n";
    const restored = restoredTerminal({ alternate: this.#alternate, palette: this.#palette });
    this.stdout.write(`${restored}${this.news.end()}${below}\x1b[J`);
    this.stdin.setRawMode(false);
    this.stdin.pause();
    this.stdin.unref();
  }
}

/**
 * A raw terminal of node still turns a line feed into carriage return and line feed; full-screen programs mean the bare
 * one. A vertical tab does the same in every terminal (ECMA-48 and xterm's ctlseqs: VT is LF) and is left alone on its
 * way.
 */
function withBareLineFeeds(bytes: Uint8Array): Uint8Array {
  return bytes.includes(lineFeed) ? bytes.map((byte) => (byte === lineFeed ? verticalTab : byte)) : bytes;
}

function showsPrompt(screen: Screen): boolean {
  return looksLikePrompt({ ...screen, lines: screen.lines.map(plainRow) });
}
