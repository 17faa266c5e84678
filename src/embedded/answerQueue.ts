import type { WireTerminal } from "../adapters/wsh/wire";
import type { PtyInput } from "./ptyInput";

/**
 * More than a program asks for at once (a palette of 256 colours is 7 kB); a flood of questions beyond it stays
 * unanswered.
 */
const mostBytes = 16 * 1024;
/** So much is typed at a time, so that keys never wait behind more of it where nobody reads. */
const mostTyped = 512;
const firstPauseMs = 10;
const longestPauseMs = 320;
/** A program has made its terminal ready to read answers within this time after its question. */
const patienceMs = 1_000;

export interface AnsweredTerminal {
  readonly input: Pick<PtyInput, "offer">;
  /** Undefined where it cannot be told. */
  terminalMode(): Promise<Pick<WireTerminal, "canonical"> | undefined>;
}

/**
 * Types the answers to what programs ask of their terminal, in order, and only to somebody who reads them: a terminal
 * that takes whole lines has no such reader (`cat` of a recording), and the answers would stand on the next prompt as
 * if a person had typed them. So they wait for a moment there, and are dropped when the command ends.
 */
export class AnswerQueue {
  readonly #terminal: AnsweredTerminal;
  readonly #upToDate: () => Promise<void>;
  #answers: Buffer[] = [];
  #bytes = 0;
  #working = false;

  /** `upToDate` resolves when everything that was printed so far has been read, the end of a command too. */
  constructor(terminal: AnsweredTerminal, upToDate: () => Promise<void>) {
    this.#terminal = terminal;
    this.#upToDate = upToDate;
  }

  add(text: string): void {
    const bytes = Buffer.from(text);
    if (this.#bytes + bytes.length > mostBytes) return;
    this.#answers.push(bytes);
    this.#bytes += bytes.length;
    if (!this.#working) void this.#work();
  }

  /** Nobody waits for the answers any more. */
  clear(): void {
    this.#answers = [];
    this.#bytes = 0;
  }

  async #work(): Promise<void> {
    this.#working = true;
    let waited = 0;
    let pauseMs = firstPauseMs;
    while (this.#answers.length > 0) {
      const mode = await this.#terminal.terminalMode();
      await this.#upToDate();
      const lines = mode?.canonical === true;
      if (!lines && this.#type()) {
        waited = 0;
        pauseMs = firstPauseMs;
      } else if (lines && waited >= patienceMs) this.clear();
      else {
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
        waited += pauseMs;
        pauseMs = Math.min(longestPauseMs, pauseMs * 2);
      }
    }
    this.#working = false;
  }

  /** Types what fits; false when the program has yet to read what was typed before. */
  #type(): boolean {
    while (this.#answers.length > 0) {
      let count = 0;
      for (let size = 0; count < this.#answers.length; count++) {
        size += this.#answers[count]?.length ?? 0;
        if (count > 0 && size > mostTyped) break;
      }
      const piece = Buffer.concat(this.#answers.slice(0, count));
      if (!this.#terminal.input.offer(piece)) return false;
      this.#answers.splice(0, count);
      this.#bytes -= piece.length;
    }
    return true;
  }
}
