import type { IParser } from "@xterm/headless";

const code = 7501;
const escape = 0x1b;
const bell = "\x07";
const stringTerminator = "\x1b\\";

/**
 * Answers whether this terminal knows the Program Status Protocol: `ESC ] 7501 ; ? ST`, with the same bytes (rev. 0.4).
 * Programs read the answer up to the one about the terminal's attributes, so it has its place among the others. What a
 * program says of itself is never answered.
 *
 * The parser tells a command before it tells how that ended: an `ESC \` follows as a sequence of its own, behind a BEL
 * comes anything else.
 */
export class StatusQuery {
  #asked = false;

  constructor(
    parser: IParser,
    private readonly answer: (text: string) => void,
  ) {
    parser.registerOscHandler(code, (data) => {
      this.#end(bell);
      this.#asked = data === "?";
      return true;
    });
    parser.registerEscHandler({ final: "\\" }, () => {
      this.#end(stringTerminator);
      return false;
    });
  }

  /** Another answer is about to be given. */
  before(): void {
    this.#end(bell);
  }

  /** A piece of output was parsed, up to this byte. */
  parsed(last: number | undefined): void {
    if (last !== escape) this.#end(bell);
  }

  #end(terminator: string): void {
    if (!this.#asked) return;
    this.#asked = false;
    this.answer(`\x1b]${code};?${terminator}`);
  }
}
