/**
 * Characters that take exactly one cell in every width table: ASCII, Latin, Greek and Cyrillic letters, punctuation,
 * arrows, mathematics, box drawing, symbols, and the replacement character.
 */
const oneCell =
  /[\x20-\x7e\u00a0-\u02ff\u0370-\u0482\u2010-\u2027\u2030-\u205e\u2070-\u20cf\u2100-\u2328\u232b-\u2e7f\ufffd]+/y;
/**
 * Sequences that change no text: colors, cursor shown or hidden, pasting and key modes, titles and links, the ASCII
 * character set.
 */
const noText = /\x1b(?:\[[\d;:]*m|\[\?(?:1|25|2004)[hl]|[=>]|\(B|\][^\x00-\x1f\x7f-\x9f]*(?:\x07|\x1b\\))/y;
const eraseToEnd = /\x1b\[0?K/y;
const eraseLine = /\x1b\[2K/y;
/** What `oneCell` and `Page.control` do not take. */
const other =
  /[^\x00\x07-\x0d\x20-\x7e\u00a0-\u02ff\u0370-\u0482\u2010-\u2027\u2030-\u205e\u2070-\u20cf\u2100-\u2328\u232b-\u2e7f\ufffd]/g;

/**
 * Whether a text moves no cursor and erases nothing, so that what stands behind the end of a line owes nothing to what
 * stands before.
 */
export function isWrittenOnly(text: string): boolean {
  for (let at = 0; ;) {
    other.lastIndex = at;
    const found = other.exec(text);
    if (!found) return true;
    const length = matched(noText, text, found.index);
    if (length === 0) return false;
    at = found.index + length;
  }
}

/**
 * The logical lines (wrapped rows joined) that a text without cursor movement leaves on a terminal of `cols` columns;
 * undefined when it holds anything else, which needs an emulator. Carriage returns and backspaces overwrite within the
 * row they are in, as on the screen.
 */
export function plainLines(text: string, cols: number): string[] | undefined {
  const page = new Page(cols);
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at);
    if (code >= 0x20 && code !== 0x7f) {
      oneCell.lastIndex = at;
      const run = oneCell.exec(text)?.[0];
      if (run === undefined) return undefined;
      page.print(run);
      at += run.length;
    } else if (code === 0x1b) {
      const length = matched(noText, text, at) || page.erase(text, at);
      if (length === 0) return undefined;
      at += length;
    } else {
      if (!page.control(code)) return undefined;
      at++;
    }
  }
  return page.end();
}

function matched(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}

/** The row that is written, with the rows it is the continuation of: there is no way up. */
class Page {
  readonly #cols: number;
  readonly #lines: string[] = [];
  #line = "";
  /** Where the row begins within the line. */
  #row = 0;
  /** 0 … cols; cols: the row is full, and the next character goes to the next row. */
  #x = 0;

  constructor(cols: number) {
    this.#cols = cols;
  }

  print(run: string): void {
    for (let at = 0; at < run.length;) {
      if (this.#x === this.#cols) {
        this.#row += this.#cols;
        this.#x = 0;
      }
      const part = run.slice(at, at + this.#cols - this.#x);
      const place = this.#row + this.#x;
      if (this.#line.length < place) this.#line = this.#line.padEnd(place);
      // Appending without a slice keeps a very long line linear.
      if (this.#line.length === place) this.#line += part;
      else this.#line = this.#line.slice(0, place) + part + this.#line.slice(place + part.length);
      this.#x += part.length;
      at += part.length;
    }
  }

  control(code: number): boolean {
    switch (code) {
      case 0x00:
      case 0x07:
        return true;
      case 0x08:
        this.#x = Math.max(0, Math.min(this.#x, this.#cols - 1) - 1);
        return true;
      case 0x09:
        if (this.#x < this.#cols) this.#x = Math.min(this.#x - (this.#x % 8) + 8, this.#cols - 1);
        return true;
      case 0x0a:
      case 0x0b:
      case 0x0c:
        this.#lines.push(this.#line);
        this.#line = "";
        this.#row = 0;
        this.#x = Math.min(this.#x, this.#cols - 1);
        return true;
      case 0x0d:
        this.#x = 0;
        return true;
      default:
        return false;
    }
  }

  /**
   * Length of the erasing sequence that begins at `at`; 0 when there is none, or when it would cut a row off the one
   * before.
   */
  erase(text: string, at: number): number {
    const toEnd = matched(eraseToEnd, text, at);
    const whole = toEnd === 0 ? matched(eraseLine, text, at) : 0;
    if (this.#row > 0 && (whole > 0 || this.#x === 0)) return 0;
    if (toEnd > 0) this.#line = this.#line.slice(0, this.#row + this.#x);
    if (whole > 0) this.#line = "";
    return toEnd + whole;
  }

  end(): string[] {
    return [...this.#lines, this.#line];
  }
}
