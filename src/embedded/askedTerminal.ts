import { QueryFilter } from "../core/sense/terminalQueries";

/** A person's terminal. */
export interface AnsweringTerminal {
  output(bytes: Buffer): void;
}

/**
 * Which of the terminals on a session is asked what its program asks: one, else the program would read several answers
 * and take those that it does not wait for as keys. It is the one that was opened last, whose size the session was given
 * last too; when that one is gone, the one that was opened before it. The others get the output without the questions.
 */
export class AskedTerminal {
  readonly #filter = new QueryFilter();
  /** In the order in which they were opened. */
  #terminals: AnsweringTerminal[] = [];
  #asked: AnsweringTerminal | undefined;

  get isThere(): boolean {
    return this.#terminals.length > 0;
  }

  opened(terminal: AnsweringTerminal): void {
    this.#terminals.push(terminal);
    this.#choose();
  }

  closed(terminal: AnsweringTerminal): void {
    this.#terminals = this.#terminals.filter((each) => each !== terminal);
    if (this.#asked === terminal) this.#asked = undefined;
    this.#choose();
  }

  output(bytes: Buffer): void {
    const rest = asBuffer(this.#filter.without(bytes));
    for (const terminal of this.#terminals) {
      if (terminal === this.#asked) terminal.output(bytes);
      else if (rest.length > 0) terminal.output(rest);
    }
    this.#choose();
  }

  /** A question that was asked in part is asked of the same one to its end, or, when that one is gone, once more. */
  #choose(): void {
    const last = this.#terminals.at(-1);
    const { begun } = this.#filter;
    if (last === this.#asked || (this.#asked && begun.length > 0)) return;
    this.#asked = last;
    if (begun.length > 0) last?.output(asBuffer(begun));
  }
}

const asBuffer = ({ buffer, byteOffset, length }: Uint8Array): Buffer => Buffer.from(buffer, byteOffset, length);
