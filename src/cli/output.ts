import { once } from "node:events";
import type { ContextEntry } from "../core/model/entry";
import { stripControlCharacters } from "../core/safety/controlCharacters";
import type { Piece } from "../protocol/piece";
import { createPaint, type Paint, paintLine, wantsColors } from "./paint";
import { cutInMiddle, textWidth } from "../core/base/textWidth";
import { narrowTerminal, wrappedPieces } from "./wrappedPieces";

/** What is asked of stdout and stderr before, or in place of, the stream that Node makes of them. */
export interface OutputStream {
  readonly isTTY: boolean;
  /** Of a terminal. */
  readonly columns: number;
  /** More was written than its reader has taken. */
  readonly waits: boolean;
  readonly stream: NodeJS.WriteStream;
  write(text: string): void;
}

export interface OutputOptions {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly json: boolean;
  /** False: never colours. */
  readonly colors: boolean;
}

/** Takes whatever else is on the screen away while lines are printed. */
export interface Stage {
  above(lines: readonly string[]): void;
}

const wideEnough = 10_000;
const narrowestName = 16;
/** Of the last column at least this much is shown. */
const narrowestRest = 12;

/** The two streams: the answer goes to stdout, progress and errors to stderr. */
export class Output {
  readonly json: boolean;
  /** Paints what goes to stdout. */
  readonly paint: Paint;
  readonly paintError: Paint;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly #options: OutputOptions;
  readonly #noReader = new AbortController();
  #stage: Stage | undefined;

  constructor(options: OutputOptions) {
    this.#options = options;
    this.json = options.json;
    this.env = options.env;
    this.paint = createPaint(options.colors && wantsColors(options.stdout.isTTY, options.env));
    this.paintError = createPaint(options.colors && wantsColors(options.stderr.isTTY, options.env));
  }

  get stdin(): NodeJS.ReadStream {
    return this.#options.stdin;
  }

  get stdout(): NodeJS.WriteStream {
    return this.#options.stdout.stream;
  }

  get stderr(): NodeJS.WriteStream {
    return this.#options.stderr.stream;
  }

  get stdoutIsTerminal(): boolean {
    return this.#options.stdout.isTTY;
  }

  /** Whether a person can be asked here. stdin is looked at last: Node makes a stream of it for that. */
  get canAsk(): boolean {
    return this.#options.stderr.isTTY && this.#options.stdin.isTTY;
  }

  /** Whether a picture can be redrawn in place on stderr. */
  get canRedraw(): boolean {
    const { NO_LIVE, TERM } = this.env;
    return this.#options.stderr.isTTY && (NO_LIVE === undefined || NO_LIVE === "") && TERM !== "dumb" && !this.json;
  }

  /** Cells of a line on stdout; very wide where it is no terminal, so that nothing is cut. */
  get columns(): number {
    return this.#options.stdout.isTTY ? Math.max(20, this.#options.stdout.columns || 80) : wideEnough;
  }

  /** There is no room for columns beside each other. */
  get isNarrow(): boolean {
    return this.columns < narrowTerminal;
  }

  /** Aborted once nobody reads stdout any more: what only shows something has nothing left to do. */
  get unread(): AbortSignal {
    return this.#noReader.signal;
  }

  /** From now on nothing is written to stdout. */
  readerLeft(): void {
    this.#noReader.abort();
  }

  /** What stdout is for is said; what follows is told on stderr. */
  answerIsComplete(): void {
    this.readerLeft();
  }

  /** While there is a stage, lines for the terminal go through it. */
  setStage(stage: Stage | undefined): void {
    this.#stage = stage;
  }

  /** A line of the answer; control characters of recorded text are taken out. */
  line(text = ""): void {
    this.raw(`${stripControlCharacters(text)}\n`);
  }

  /** A line of the answer in colours, cut to the terminal; in a narrow one it becomes several. */
  pieces(pieces: readonly Piece[]): void {
    if (this.isNarrow) this.#wrapped(pieces);
    else this.raw(`${paintLine(safe(pieces), this.columns, this.paint)}\n`);
  }

  #wrapped(pieces: readonly Piece[]): void {
    for (const line of wrappedPieces(safe(pieces), this.columns)) this.whole(line);
  }

  /** The same, never cut: a terminal wraps it. */
  whole(pieces: readonly Piece[]): void {
    this.raw(`${paintLine(safe(pieces), wideEnough, this.paint)}\n`);
  }

  /** Writes to stdout as it is. Only for text that is known to be harmless. */
  raw(text: string): void {
    if (this.#stage && this.#options.stdout.isTTY) this.#stage.above(text.replace(/\n$/, "").split("\n"));
    else this.#write(text);
  }

  /** One JSON document on a line of its own. */
  document(value: unknown): void {
    this.#write(`${JSON.stringify(value)}\n`);
  }

  entry(entry: ContextEntry): void {
    this.document(entry);
  }

  /** Resolves when what was written so far has left this process, or nearly so: keeps long answers out of memory. */
  async drained(): Promise<void> {
    const { stdout } = this.#options;
    if (!stdout.waits || this.unread.aborted) return;
    try {
      await once(stdout.stream, "drain", { signal: this.unread });
    } catch (error) {
      // The reader went away meanwhile; other errors of the stream are reported where it is listened to.
      if (!this.unread.aborted) throw error;
    }
  }

  #write(text: string): void {
    if (!this.unread.aborted) this.#options.stdout.write(text);
  }

  /** Progress for people; nothing with --json. */
  progress(pieces: readonly Piece[] | string): void {
    if (this.json) return;
    this.error(pieces);
  }

  /** Always on stderr; cut to `cells` where that is given. */
  error(pieces: readonly Piece[] | string, cells = wideEnough): void {
    const list = typeof pieces === "string" ? [{ text: pieces }] : pieces;
    const line = paintLine(safe(list), cells, this.paintError);
    if (this.#stage && this.#options.stderr.isTTY) this.#stage.above(line.split("\n"));
    else this.#options.stderr.write(`${line}\n`);
  }

  /**
   * Rows of cells: aligned on a terminal, with a header; else separated by tabs without one, for other programs. The
   * last column takes the rest of the line; a first one that would push others out is cut in its middle, since names
   * differ at their ends. Where not even that leaves room, each cell of a row has its own line, below the first, whole;
   * `named`: behind the name of its column, where the cell alone does not tell what it is.
   */
  table(header: readonly string[], rows: readonly (readonly Piece[])[], named = false): void {
    if (!this.stdoutIsTerminal) {
      for (const row of rows)
        this.raw(
          `${safe(row)
            .map((cell) => cell.text.replace(/[\t\n]/g, " "))
            .join("\t")}\n`,
        );
      return;
    }
    const all: (readonly Piece[])[] = [header.map((text) => ({ text, tone: "quiet" as const })), ...rows.map(safe)];
    const widths = header.map((_, column) => Math.max(...all.map((row) => textWidth(row[column]?.text ?? ""))));
    const others = widths.slice(1, -1).reduce((sum, width) => sum + width + 2, 0);
    const last = Math.min(narrowestRest, widths.at(-1) ?? 0);
    if (Math.min(widths[0] ?? 0, narrowestName) + 2 + others + last > this.columns) {
      for (const row of rows)
        for (const [column, cell] of row.entries())
          if (cell.text.trim() !== "") {
            const name = named ? [{ text: `${header[column]?.toLowerCase() ?? ""}: `, tone: "quiet" as const }] : [];
            this.#wrapped(column === 0 ? [cell] : [{ text: "  " }, ...name, cell]);
          }
      return;
    }
    widths[0] = Math.min(widths[0] ?? 0, Math.max(narrowestName, this.columns - others - 2 - narrowestRest));
    for (const row of all) {
      const cells = row.flatMap((whole, column) => {
        const cell = column === 0 ? { ...whole, text: cutInMiddle(whole.text, widths[0] ?? 0) } : whole;
        const gap = column === row.length - 1 ? 0 : (widths[column] ?? 0) - textWidth(cell.text) + 2;
        return [cell, { text: " ".repeat(gap) }];
      });
      this.raw(`${paintLine(cells, this.columns, this.paint).trimEnd()}\n`);
    }
  }
}

/** Session text must not reach the reader's terminal as anything but text. */
function safe(pieces: readonly Piece[]): Piece[] {
  return pieces.map((piece) => ({ ...piece, text: stripControlCharacters(piece.text) }));
}
