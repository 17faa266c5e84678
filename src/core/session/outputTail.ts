import { stripControlCharacters } from "../safety/controlCharacters";

const tailBytes = 4096;

/** The newest output of a session, as much as its last line needs. */
export class OutputTail {
  readonly #decoder = new TextDecoder();
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  append(bytes: Uint8Array): void {
    this.#parts.push(bytes);
    this.#length += bytes.length;
    while (this.#parts.length > 1 && this.#length - (this.#parts[0]?.length ?? 0) >= tailBytes)
      this.#length -= this.#parts.shift()?.length ?? 0;
  }

  /** The newest line with something on it, as plain text; "" when there is none. */
  get lastLine(): string {
    return this.lines.at(-1) ?? "";
  }

  /** The newest lines with something on them, as plain text, oldest first; the first one may be cut. */
  get lines(): string[] {
    const bytes = new Uint8Array(this.#length);
    let offset = 0;
    for (const part of this.#parts) {
      bytes.set(part, offset);
      offset += part.length;
    }
    const lines = stripControlCharacters(this.#decoder.decode(bytes).replace(/\r(?!\n)/g, "\n")).split("\n");
    return lines.map((line) => line.trim()).filter((line) => line !== "");
  }
}
