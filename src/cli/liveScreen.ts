import type { Piece } from "../protocol/piece";
import { type Paint, paintLine, piecesWidth } from "./paint";
import type { Stage } from "./output";

const hideCursor = "\x1b[?25l";
const showCursor = "\x1b[?25h";
const clearBelow = "\x1b[J";
/** Terminals that know it show all of a change at once (DEC private mode 2026); others ignore it. */
const beginChange = "\x1b[?2026h";
const endChange = "\x1b[?2026l";

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

export type Picture = (size: Size) => readonly (readonly Piece[])[];

/** At most ten pictures a second. */
const pauseMs = 100;

/**
 * A picture at the bottom of the terminal that is redrawn in place, and only when it differs. Lines printed meanwhile
 * scroll above it.
 */
export class LiveScreen implements Stage {
  #drawn: string[] = [];
  #widths: number[] = [];
  #timer: NodeJS.Timeout | undefined;
  #lastDraw = 0;
  #on = false;
  readonly #onResize = (): void => this.#redraw("", true);
  readonly #onExit = (): void => this.stop();

  constructor(
    private readonly stream: NodeJS.WriteStream,
    private readonly picture: Picture,
    private readonly paint: Paint,
  ) {}

  start(): void {
    if (this.#on) return;
    this.#on = true;
    this.stream.write(hideCursor);
    this.stream.on("resize", this.#onResize);
    process.on("exit", this.#onExit);
    this.#redraw("");
  }

  /** Something in the picture may have changed. */
  changed(): void {
    if (!this.#on || this.#timer) return;
    const wait = Math.max(0, this.#lastDraw + pauseMs - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#redraw("");
    }, wait);
  }

  above(lines: readonly string[]): void {
    if (this.#on) this.#redraw(lines.map((line) => `${line}\n`).join(""));
    else this.stream.write(lines.map((line) => `${line}\n`).join(""));
  }

  /** Takes the picture away and gives the cursor back. */
  stop(): void {
    if (!this.#on) return;
    this.#on = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.stream.off("resize", this.#onResize);
    process.off("exit", this.#onExit);
    this.stream.write(this.#erase() + showCursor);
    this.#drawn = [];
    this.#widths = [];
  }

  #size(): Size {
    return { columns: Math.max(2, this.stream.columns || 80), rows: Math.max(2, this.stream.rows || 24) };
  }

  /** From the end of the picture to its first cell; a narrower terminal has wrapped its lines. */
  #erase(): string {
    if (this.#drawn.length === 0) return "";
    const { columns } = this.#size();
    const rows = this.#widths.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns)), 0);
    return `\r${rows > 1 ? `\x1b[${rows - 1}A` : ""}${clearBelow}`;
  }

  #redraw(above: string, always = false): void {
    const size = this.#size();
    const pieces = this.picture(size).slice(0, size.rows - 1);
    // The last column stays free: a terminal may wrap after it.
    const lines = pieces.map((line) => paintLine(line, size.columns - 1, this.paint));
    if (
      !always &&
      above === "" &&
      lines.length === this.#drawn.length &&
      lines.every((line, index) => line === this.#drawn[index])
    )
      return;
    this.stream.write(`${beginChange}${this.#erase()}${above}${lines.join("\n")}${endChange}`);
    this.#drawn = lines;
    this.#widths = pieces.map((line) => Math.min(size.columns - 1, piecesWidth(line)));
    this.#lastDraw = performance.now();
  }
}
