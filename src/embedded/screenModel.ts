import { Unicode11Addon } from "@xterm/addon-unicode11";
import { Terminal, type IBufferCell, type IBufferLine } from "@xterm/headless";
import type { WireColor, WireCursor, WireLine, WireScreen, WireScrollback, WireSpan } from "../adapters/wsh/wire";
import type { TerminalSignals } from "../core/sense/terminalSignals";
import { answerQueries, askedSizes } from "./terminalAnswers";
import { followSignals } from "./toldSignals";

export type ScreenFormat = "plain" | "styled";

/** Lines kept above the screen, as wsh keeps. */
export const historyLines = 10_000;

const keypadMode = 66;
/**
 * DEC private modes (xterm's ctlseqs) that change what a terminal sends: application cursor keys and keypad, mouse,
 * focus, bracketed paste. A terminal that shows the session later must send the same.
 */
const toldModes: ReadonlySet<number> = new Set([
  1,
  keypadMode,
  9,
  1000,
  1002,
  1003,
  1004,
  1005,
  1006,
  1015,
  1016,
  2004,
]);
/** Of these one is on at a time: what the mouse does that is told, and how it is told. */
const exclusiveModes: readonly ReadonlySet<number>[] = [
  new Set([9, 1000, 1002, 1003]),
  new Set([1005, 1006, 1015, 1016]),
];
/** Pieces of what is drawn at once follow each other faster. */
const pauseMs = 10;
/** Parsed within half a millisecond. */
const littleBytes = 4096;
/** UTF-16 units of a link's target, as other terminals take them; a longer one is no link. */
const longestTarget = 2083;

/** What the emulator knows of OSC 8 beyond its public interface: a number per cell, and a target per number. */
interface LinkedCell {
  readonly extended?: { readonly urlId?: number };
}
interface LinkKeeper {
  readonly _core?: {
    readonly _oscLinkService?: { getLinkData(id: number): { readonly uri: string } | undefined };
  };
}

export interface ScreenModelListener {
  parsed(): void;
  /** The program entered or left the alternate screen. */
  switched(alternate: boolean): void;
  /** What a terminal answers to a question in the bytes that are being parsed, see `answerQueries`. */
  answer?(text: string): void;
  /** A shell says that its command has ended (OSC 133 D). */
  commandEnded?(): void;
}

/**
 * A terminal emulator. Most output is parsed a little later than it arrives; `afterParsing` says when a state includes
 * everything received so far.
 */
export class ScreenModel {
  /** What programs told their terminal, as far as it is parsed. */
  readonly signals: TerminalSignals;
  readonly #terminal: Terminal;
  readonly #answered: (last: number | undefined) => void;
  readonly #waiting: { upTo: number; callback: () => void }[] = [];
  #received = 0;
  #parsed = 0;
  #heardAt = -Infinity;
  #cursorVisible = true;
  /** Those of `toldModes` that are switched on. */
  readonly #modes = new Set<number>();

  constructor(
    size: { rows: number; cols: number },
    listener: ScreenModelListener,
    private readonly monotonic: () => number = () => performance.now(),
  ) {
    this.#terminal = new Terminal({
      rows: size.rows,
      cols: size.cols,
      scrollback: historyLines,
      allowProposedApi: true,
      logLevel: "off",
      windowOptions: askedSizes,
    });
    // Widths as VS Code's own terminal has them, and as the programs in it count: emoji take two cells.
    this.#terminal.loadAddon(new Unicode11Addon());
    this.#terminal.unicode.activeVersion = "11";
    this.#terminal.buffer.onBufferChange((buffer) => listener.switched(buffer.type === "alternate"));
    this.#terminal.onWriteParsed(() => listener.parsed());
    this.#followModes();
    this.#answered = answerQueries(this.#terminal, (text) => listener.answer?.(text));
    this.signals = followSignals(this.#terminal);
    this.#terminal.parser.registerOscHandler(133, (data) => {
      if (/^D(?:;|$)/.test(data)) listener.commandEnded?.();
      return false;
    });
  }

  get cols(): number {
    return this.#terminal.cols;
  }

  get rows(): number {
    return this.#terminal.rows;
  }

  get alternate(): boolean {
    return this.#terminal.buffer.active.type === "alternate";
  }

  get totalLines(): number {
    return this.#terminal.buffer.active.length;
  }

  /** Bytes received but not yet in the picture. */
  get pendingBytes(): number {
    return this.#received - this.#parsed;
  }

  /** `done` is called when these bytes, and not yet any later ones, are in the picture. */
  write(bytes: Uint8Array, done: () => void): void {
    if (this.#standsAlone(bytes)) this.#parseAtOnce();
    this.#received += bytes.length;
    const last = bytes.at(-1);
    this.#terminal.write(bytes, () => {
      this.#answered(last);
      this.#parsed += bytes.length;
      while (this.#waiting[0] && this.#waiting[0].upTo <= this.#parsed) this.#waiting.shift()?.callback();
      done();
    });
  }

  /** What comes next is probably the echo of keys: it is in the picture at once, not a timer later. */
  expectEcho(): void {
    this.#parseAtOnce();
  }

  #parseAtOnce(): void {
    this.#terminal.input("", true);
  }

  /** A little after a pause: to wait for more of it would cost a timer, and the process waking up once more. */
  #standsAlone(bytes: Uint8Array): boolean {
    const now = this.monotonic();
    const pause = now - this.#heardAt;
    this.#heardAt = now;
    return pause >= pauseMs && bytes.length <= littleBytes && this.pendingBytes === 0;
  }

  /** Calls back at the very moment when everything received until now is in the picture and nothing later is. */
  afterParsing(callback: () => void): void {
    if (this.pendingBytes === 0) callback();
    else this.#waiting.push({ upTo: this.#received, callback });
  }

  resize(size: { rows: number; cols: number }): void {
    this.#terminal.resize(size.cols, size.rows);
  }

  screen(format: ScreenFormat): WireScreen {
    const total = this.totalLines;
    const first = total - this.rows;
    return {
      epoch: 0,
      first_line_index: first,
      total_lines: total,
      lines: this.#lines(first, total, format),
      cursor: this.cursor(),
      cols: this.cols,
      rows: this.rows,
      alternate_active: this.alternate,
      private_modes: [...this.#modes].sort((one, other) => one - other),
    };
  }

  cursor(): WireCursor {
    const { cursorX, cursorY } = this.#terminal.buffer.active;
    return { row: cursorY, col: cursorX, visible: this.#cursorVisible };
  }

  styledRows(): WireSpan[][] {
    const total = this.totalLines;
    return this.#lines(total - this.rows, total, "styled") as WireSpan[][];
  }

  /** Lines of history and screen, oldest first. */
  scrollback(format: ScreenFormat, offset: number, limit: number): WireScrollback {
    const total = this.totalLines;
    const from = Math.min(offset, total);
    return { epoch: 0, lines: this.#lines(from, Math.min(total, from + limit), format), total_lines: total, offset };
  }

  dispose(): void {
    this.#terminal.dispose();
  }

  #lines(from: number, to: number, format: ScreenFormat): WireLine[] {
    const buffer = this.#terminal.buffer.active;
    const cell = buffer.getNullCell();
    const lines: WireLine[] = [];
    for (let index = from; index < to; index++) {
      const line = buffer.getLine(index);
      // The emulator keeps what a wider terminal had there: in a full screen nothing takes it away.
      if (format === "plain") lines.push(line?.translateToString(true, 0, this.cols).trimEnd() ?? "");
      else lines.push(line ? styledLine(line, this.cols, cell, (id) => this.#target(id)) : []);
    }
    return lines;
  }

  /** Where the link of that number leads. */
  #target(id: number): string | undefined {
    const uri = (this.#terminal as LinkKeeper)._core?._oscLinkService?.getLinkData(id)?.uri;
    return uri === undefined || uri.length > longestTarget ? undefined : uri;
  }

  /** The emulator keeps these to itself, so they are read along: DECSET, DECRST, keypad modes, soft and full reset. */
  #followModes(): void {
    const { parser } = this.#terminal;
    const set =
      (on: boolean) =>
      (parameters: (number | number[])[]): boolean => {
        for (const mode of parameters) {
          if (mode === 25) this.#cursorVisible = on;
          else if (typeof mode === "number" && toldModes.has(mode)) this.#switch(mode, on);
        }
        return false;
      };
    const keypad = (on: boolean) => (): boolean => {
      this.#switch(keypadMode, on);
      return false;
    };
    const softReset = (): boolean => {
      this.#cursorVisible = true;
      for (const mode of [1, keypadMode]) this.#modes.delete(mode);
      return false;
    };
    const fullReset = (): boolean => {
      this.#cursorVisible = true;
      this.#modes.clear();
      return false;
    };
    parser.registerCsiHandler({ prefix: "?", final: "h" }, set(true));
    parser.registerCsiHandler({ prefix: "?", final: "l" }, set(false));
    parser.registerCsiHandler({ intermediates: "!", final: "p" }, softReset);
    parser.registerEscHandler({ final: "=" }, keypad(true));
    parser.registerEscHandler({ final: ">" }, keypad(false));
    parser.registerEscHandler({ final: "c" }, fullReset);
  }

  #switch(mode: number, on: boolean): void {
    for (const modes of exclusiveModes) if (modes.has(mode)) for (const each of modes) this.#modes.delete(each);
    if (on) this.#modes.add(mode);
    else this.#modes.delete(mode);
  }
}

function color(isDefault: boolean, isRgb: boolean, value: number): WireColor | undefined {
  if (isDefault) return undefined;
  return isRgb ? { rgb: { r: (value >> 16) & 255, g: (value >> 8) & 255, b: value & 255 } } : { indexed: value };
}

/** Tells styles apart cheaply, so that a span is only built where the style changes. */
function styleKey(cell: IBufferCell): string {
  if (cell.isAttributeDefault()) return "";
  const flags =
    (cell.isBold() ? 1 : 0) |
    (cell.isDim() ? 2 : 0) |
    (cell.isItalic() ? 4 : 0) |
    (cell.isUnderline() ? 8 : 0) |
    (cell.isStrikethrough() ? 16 : 0) |
    (cell.isBlink() ? 32 : 0) |
    (cell.isInverse() ? 64 : 0) |
    (cell.isInvisible() ? 128 : 0);
  const colors = `${cell.getFgColorMode()}:${cell.getFgColor()}:${cell.getBgColorMode()}:${cell.getBgColor()}`;
  const link = linkId(cell);
  return flags === 0 && link === 0 && cell.isFgDefault() && cell.isBgDefault() ? "" : `${flags}:${colors}:${link}`;
}

/** 0: the cell is no link's. */
function linkId(cell: IBufferCell): number {
  return (cell as LinkedCell).extended?.urlId ?? 0;
}

function spanOf(cell: IBufferCell, target: (id: number) => string | undefined): WireSpan {
  const id = linkId(cell);
  const link = id === 0 ? undefined : target(id);
  const fg = color(cell.isFgDefault(), cell.isFgRGB(), cell.getFgColor());
  const bg = color(cell.isBgDefault(), cell.isBgRGB(), cell.getBgColor());
  return {
    text: "",
    ...(fg && { fg }),
    ...(bg && { bg }),
    ...(cell.isBold() && { bold: true }),
    ...(cell.isDim() && { faint: true }),
    ...(cell.isItalic() && { italic: true }),
    ...(cell.isUnderline() && { underline: true }),
    ...(cell.isStrikethrough() && { strikethrough: true }),
    ...(cell.isBlink() && { blink: true }),
    ...(cell.isInverse() && { inverse: true }),
    ...(cell.isInvisible() && { invisible: true }),
    ...(link !== undefined && { link }),
  };
}

/** Spans of equal style; unstyled blanks at the end are dropped, styled ones stay. */
function styledLine(
  line: IBufferLine,
  cols: number,
  cell: IBufferCell,
  target: (id: number) => string | undefined,
): WireSpan[] {
  const spans: WireSpan[] = [];
  let key: string | undefined;
  const end = Math.min(line.length, cols);
  for (let column = 0; column < end; column++) {
    const current = line.getCell(column, cell);
    if (!current || current.getWidth() === 0) continue;
    const ownKey = styleKey(current);
    if (ownKey !== key) {
      spans.push(ownKey === "" ? { text: "" } : spanOf(current, target));
      key = ownKey;
    }
    const span = spans.at(-1);
    if (span) span.text += current.getChars() || " ";
  }
  if (key === "") {
    const last = spans.at(-1);
    if (last) last.text = last.text.trimEnd();
    if (last?.text === "") spans.pop();
  }
  return spans;
}
