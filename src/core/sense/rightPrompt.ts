import type { CursorMove } from "./cursorMoves";

/**
 * Whether visible text belongs to a prompt at the right edge. fish marks its own. zsh draws it in one go with the rest:
 * behind the prompt comes what stands in the line, its blanks as blanks; then the cursor goes right to where the right
 * prompt begins, and behind that back to the line, by steps to the left or from the first column (zsh's Zle/zle_refresh.c,
 * `zrefresh`, where nothing of the old screen is known). So the first move to the right behind a prompt, before any
 * visible text and any move back, leads to a right prompt and never to somebody's text.
 */
export class RightPrompt {
  /** `returned`: only to the first column of a row; a prompt as wide as the terminal has a new row behind it. */
  #state: "none" | "expected" | "returned" | "drawn" = "none";

  /** The text that comes belongs to it. */
  get drawn(): boolean {
    return this.#state === "drawn";
  }

  /** A prompt reads input; `unmarked`: its shell marks no right prompt. */
  promptReads(unmarked: boolean): void {
    this.#state = unmarked ? "expected" : "none";
  }

  /** A mark says where it begins and ends. */
  marked(begins: boolean): void {
    this.#state = begins ? "drawn" : "none";
  }

  /** Whatever comes is none of it. */
  over(): void {
    this.#state = "none";
  }

  cursor(move: CursorMove): void {
    switch (this.#state) {
      case "none":
        break;
      case "expected":
        if (move === "right") this.#state = "drawn";
        else if (move === "return") this.#state = "returned";
        else if (move !== "down") this.#state = "none";
        break;
      case "returned":
        if (move === "down") this.#state = "expected";
        else if (move !== "return") this.#state = "none";
        break;
      case "drawn":
        // Themes go up and down within theirs, to draw it in another row.
        if (move === "left" || move === "return") this.#state = "none";
        break;
    }
  }
}
