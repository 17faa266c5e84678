/** Sizes and shares, as meters of downloads and copies show them; speeds go up and down by themselves. */
const amounts = /\d[\d.,]*\s?(?:[kKMGT]i?B?|B|bytes|%)(?!\/s|ps|\p{L})/gu;

const sequences = /\u001b(?:\[[\d;?]*[ -/]*[@-~]|.)/gu;
/** A piece that is longer draws more than one row. */
const longestRow = 1024;
const lineFeed = 10;

/**
 * Tells output that says something new from a meter that is drawn again and again while what it measures stands: its times
 * go on, and nothing comes any more.
 */
export class StandingMeter {
  readonly #decoder = new TextDecoder();
  /** What is drawn since the row was begun anew; undefined where it was not. */
  #row: string | undefined;
  #amounts: string | undefined;

  /** Whether the next piece of output, cut anywhere, says something new. A row does once the next one is begun. */
  hasNews(bytes: Uint8Array): boolean {
    if (bytes.length > longestRow || bytes.includes(lineFeed)) return this.#isNew();
    const [behind = "", ...rows] = this.#decoder.decode(bytes, { stream: true }).split("\r");
    if (this.#row === undefined && rows.length === 0) return true;
    const drawn = [(this.#row ?? "") + behind, ...rows];
    const begun = drawn.pop() ?? "";
    if (begun.length > longestRow) return this.#isNew();
    this.#row = begun;
    return drawn.map((row) => this.#isNewRow(row)).includes(true);
  }

  #isNew(): true {
    this.#row = this.#amounts = undefined;
    return true;
  }

  #isNewRow(row: string): boolean {
    const text = row.replace(sequences, "");
    if (text.trim() === "") return false;
    const before = this.#amounts;
    this.#amounts = text.match(amounts)?.join(" ");
    return this.#amounts === undefined || this.#amounts !== before;
  }
}
