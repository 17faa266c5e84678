import { characterMove, type CursorMove, firstMoveBack, sequenceMove } from "./cursorMoves";

/** A shell mark: OSC 133, from our integration or anybody else's. */
export interface ShellMark {
  /**
   * `A` prompt begins, `B` input is read, `P` continuation, `R` right prompt, `C` runs, `E` output is over, `D` ended;
   * others exist.
   */
  readonly letter: string;
  /** The `name=value` fields. */
  readonly fields: Readonly<Record<string, string>>;
  /** The first bare number: the exit status of a `D`. */
  readonly status?: number;
}

/** What switched; a field that is absent did not. */
export interface TerminalMode {
  readonly bracketedPaste?: boolean;
  readonly alternateScreen?: boolean;
  readonly cursorVisible?: boolean;
  readonly mouse?: boolean;
}

/**
 * Receives what a stream holds; marks, `printable`, `cursor` and `output` in stream order. All optional: what is not asked for
 * costs nothing.
 */
export interface ScanSink {
  mark?(mark: ShellMark): void;
  /**
   * A run of text with at least one visible character (not a blank) began; once per run between two sequences or
   * chunks, and once more behind the first move within it that leads back.
   */
  printable?(): void;
  /** Of a run of text: the moves before its first visible character, and before the first one behind a move back. */
  cursor?(move: CursorMove): void;
  /** The bytes as they came, without those of marks. Only valid during the call. */
  output?(bytes: Uint8Array): void;
  mode?(mode: TerminalMode): void;
  title?(text: string): void;
  bell?(): void;
  /** The terminal was reset as a whole (RIS); `mode` tells of it, too. */
  reset?(): void;
  /** Any other operating system command. */
  osc?(code: number, data: string): void;
}

const BEL = 0x07;
const CAN = 0x18;
const SUB = 0x1a;
const ESC = 0x1b;
const DEL = 0x7f;

/** Longer operating system commands are not read; terminals have limits of this order too. */
const oscLimit = 64 * 1024;
/** Parameters of a control sequence that are kept; those that matter have at most a dozen bytes. */
const csiLimit = 64;

/**
 * `ground` plain text · `escape` after ESC · `charset` ESC and an intermediate byte · `csi` control sequence · `osc`
 * operating system command, held back · `oscEscape` ESC inside it · `skip` a command too long to be read · `string`
 * device control and the like, up to the next ESC.
 */
type State = "ground" | "escape" | "charset" | "csi" | "osc" | "oscEscape" | "skip" | "string";

/**
 * Reads a terminal's bytes, split anywhere, and tells what it finds. NUL and invalid UTF-8 are text. A mark that is
 * broken off (by another sequence, CAN or SUB) is no mark. Only the 7-bit forms of sequences are known, as UTF-8
 * terminals do.
 */
export class StreamScanner {
  readonly #sink: ScanSink;
  readonly #decoder = new TextDecoder();
  #state: State = "ground";
  #csi: number[] = [];
  /** Bytes held back since the ESC of a possible mark, when they came in earlier chunks. */
  #held: Uint8Array[] = [];
  #heldLength = 0;

  constructor(sink: ScanSink) {
    this.#sink = sink;
  }

  /** The chunk is not kept; what must be remembered is copied. */
  write(bytes: Uint8Array): void {
    /** Where the bytes begin that are not yet passed on as output. */
    let from = 0;
    let at = 0;
    while (at < bytes.length) {
      switch (this.#state) {
        case "ground":
          at = this.#ground(bytes, at);
          break;
        case "escape":
          // Bytes before the ESC are output for certain; the ESC itself waits for what it begins.
          if (bytes[at] === 0x5d) {
            from = this.#passBefore(bytes, from, at - 1);
            this.#state = "osc";
            at++;
          } else {
            this.#release();
            at = this.#escape(bytes, at);
          }
          break;
        case "charset":
          at = this.#charset(bytes, at);
          break;
        case "csi":
          at = this.#control(bytes, at);
          break;
        case "osc":
        case "oscEscape": {
          const end = this.#command(bytes, from, at);
          at = end.at;
          from = end.from;
          break;
        }
        case "skip":
        case "string":
          at = this.#string(bytes, at);
          break;
      }
    }
    this.#keepOrPass(bytes, from);
  }

  /** Forgets a half-read sequence: call it when bytes were lost. */
  reset(): void {
    this.#state = "ground";
    this.#csi = [];
    this.#held = [];
    this.#heldLength = 0;
  }

  #ground(bytes: Uint8Array, at: number): number {
    const next = bytes.indexOf(ESC, at);
    const end = next < 0 ? bytes.length : next;
    if (end > at) this.#plain(bytes, at, end);
    if (next < 0) return end;
    this.#state = "escape";
    return end + 1;
  }

  /** Text and control characters, no ESC. */
  #plain(bytes: Uint8Array, from: number, end: number): void {
    if (this.#sink.printable) {
      const text = this.#visible(bytes, from, end);
      if (this.#sink.cursor && text < end) this.#visible(bytes, firstMoveBack(bytes, text, end), end);
    }
    if (!this.#sink.bell) return;
    const run = bytes.subarray(from, end);
    for (let at = run.indexOf(BEL); at >= 0; at = run.indexOf(BEL, at + 1)) this.#sink.bell();
  }

  /** Tells the first visible character behind `from`, and the moves before it; gives its place, or the run's end. */
  #visible(bytes: Uint8Array, from: number, end: number): number {
    for (let at = from; at < end; at++) {
      const byte = bytes[at] as number;
      if (byte > 0x20 && byte !== DEL) {
        this.#sink.printable?.();
        return at;
      }
      if (!this.#sink.cursor) continue;
      const move = characterMove(byte);
      if (move) this.#sink.cursor(move);
    }
    return end;
  }

  #escape(bytes: Uint8Array, at: number): number {
    const byte = bytes[at] as number;
    this.#state = "ground";
    if (byte === 0x5b) {
      this.#csi = [];
      this.#state = "csi";
    } else if (byte === 0x50 || byte === 0x58 || byte === 0x5e || byte === 0x5f) {
      this.#state = "string";
    } else if (byte >= 0x20 && byte < 0x30) {
      this.#state = "charset";
    } else if (byte === ESC) {
      this.#state = "escape";
    } else if (byte === 0x63) {
      // A full reset takes the modes back.
      this.#sink.mode?.({ bracketedPaste: false, alternateScreen: false, cursorVisible: true, mouse: false });
      this.#sink.reset?.();
    } else if (byte >= 0x80 || byte < 0x20) {
      return at;
    }
    return at + 1;
  }

  #charset(bytes: Uint8Array, at: number): number {
    const byte = bytes[at] as number;
    if (byte >= 0x20 && byte < 0x30) return at + 1;
    this.#state = byte === ESC ? "escape" : "ground";
    return byte >= 0x80 ? at : at + 1;
  }

  #control(bytes: Uint8Array, from: number): number {
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      if (byte >= 0x20 && byte < 0x40) {
        if (this.#csi.length < csiLimit) this.#csi.push(byte);
      } else if (byte >= 0x40 && byte < DEL) {
        this.#state = "ground";
        if (byte === 0x68 || byte === 0x6c) this.#modes(byte === 0x68);
        else if (this.#sink.cursor) this.#moved(byte);
        return at + 1;
      } else if (byte === ESC) {
        this.#state = "escape";
        return at + 1;
      } else if (byte === CAN || byte === SUB) {
        this.#state = "ground";
        return at + 1;
      } else if (byte >= 0x80) {
        this.#state = "ground";
        return at;
      } else if (byte === BEL) {
        this.#sink.bell?.();
      }
    }
    return bytes.length;
  }

  #moved(final: number): void {
    const move = sequenceMove(final);
    if (move) this.#sink.cursor?.(move);
  }

  #modes(on: boolean): void {
    if (!this.#sink.mode || this.#csi[0] !== 0x3f) return;
    const numbers = String.fromCharCode(...this.#csi.slice(1)).split(";");
    const paste = numbers.includes("2004");
    const screen = numbers.some((number) => number === "1049" || number === "1047" || number === "47");
    const cursor = numbers.includes("25");
    const mouse = numbers.some((number) => number === "1000" || number === "1002" || number === "1003");
    if (paste || screen || cursor || mouse)
      this.#sink.mode({
        ...(paste && { bracketedPaste: on }),
        ...(screen && { alternateScreen: on }),
        ...(cursor && { cursorVisible: on }),
        ...(mouse && { mouse: on }),
      });
  }

  /** Inside an operating system command: looks for its end. */
  #command(bytes: Uint8Array, from: number, start: number): { at: number; from: number } {
    if (this.#state === "oscEscape") {
      if (bytes[start] === 0x5c) return this.#finish(bytes, from, start + 1, 2);
      // Broken off by another sequence, whose ESC was seen already and stays unpassed.
      this.#state = "escape";
      return { at: start, from: this.#passBefore(bytes, from, start - 1) };
    }
    for (let at = start; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      if (byte >= 0x20) {
        if (this.#heldLength + at - from < oscLimit) continue;
        this.#release();
        this.#state = "skip";
        return { at: at + 1, from };
      }
      if (byte === BEL) return this.#finish(bytes, from, at + 1, 1);
      if (byte === ESC) {
        this.#state = "oscEscape";
        return { at: at + 1, from };
      }
      if (byte === CAN || byte === SUB) {
        this.#release();
        this.#state = "ground";
        return { at: at + 1, from };
      }
    }
    return { at: bytes.length, from };
  }

  /** The command is whole: its bytes are those held back and those from `from` to `end`. */
  #finish(bytes: Uint8Array, from: number, end: number, terminator: number): { at: number; from: number } {
    const whole = joined([...this.#held, bytes.subarray(from, end)]);
    const text = this.#decoder.decode(whole.subarray(2, whole.length - terminator));
    this.#state = "ground";
    const split = text.indexOf(";");
    const code = split < 0 ? text : text.slice(0, split);
    const data = split < 0 ? "" : text.slice(split + 1);
    if (code === "133") {
      this.#held = [];
      this.#heldLength = 0;
      this.#sink.mark?.(readMark(data));
      return { at: end, from: end };
    }
    this.#release();
    if (code === "0" || code === "2") this.#sink.title?.(data);
    else if (/^\d{1,6}$/.test(code)) this.#sink.osc?.(Number(code), data);
    return { at: end, from };
  }

  #string(bytes: Uint8Array, from: number): number {
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      if (byte === ESC) {
        this.#state = "escape";
        return at + 1;
      }
      if (byte === CAN || byte === SUB || (byte === BEL && this.#state === "skip")) {
        this.#state = "ground";
        return at + 1;
      }
    }
    return bytes.length;
  }

  /** Passes on what lies before `end`, held bytes first, and gives the place from which nothing is passed yet. */
  #passBefore(bytes: Uint8Array, from: number, end: number): number {
    if (end < 0) {
      // The ESC at the end came in the chunk before and is held; what was held before it goes.
      const last = this.#held.pop();
      if (last && last.length > 1) this.#held.push(last.subarray(0, -1));
      this.#release();
      this.#hold(Uint8Array.of(ESC));
      return from;
    }
    this.#release();
    if (end > from) this.#sink.output?.(bytes.subarray(from, end));
    return end;
  }

  #keepOrPass(bytes: Uint8Array, from: number): void {
    if (from >= bytes.length) return;
    if (this.#state === "osc" || this.#state === "oscEscape") {
      this.#hold(bytes.slice(from));
    } else if (this.#state === "escape") {
      this.#passBefore(bytes, from, bytes.length - 1);
      this.#hold(Uint8Array.of(ESC));
    } else {
      this.#release();
      this.#sink.output?.(bytes.subarray(from));
    }
  }

  #hold(bytes: Uint8Array): void {
    this.#held.push(bytes);
    this.#heldLength += bytes.length;
  }

  /** What was held back is no mark: it is output like the rest. */
  #release(): void {
    const held = this.#held;
    this.#held = [];
    this.#heldLength = 0;
    for (const part of held) this.#sink.output?.(part);
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0] as Uint8Array;
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function readMark(data: string): ShellMark {
  const [letter = "", ...rest] = data.split(";");
  const fields: Record<string, string> = Object.create(null) as Record<string, string>;
  let status: number | undefined;
  for (const part of rest) {
    const equals = part.indexOf("=");
    if (equals > 0) fields[part.slice(0, equals)] = part.slice(equals + 1);
    else if (status === undefined && /^-?\d{1,10}$/.test(part)) status = Number(part);
  }
  return status === undefined ? { letter, fields } : { letter, fields, status };
}
