import type { PictureRow, ScreenPicture } from "../../src/protocol/screenPicture";
import { cssColor } from "./colors";
import type { Drawing } from "./drawing";
import { cellAt } from "./rowCells";

/** In pixels from the screen's left upper corner. */
export interface CursorCell {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Programs hide it while they draw, and where they show one of their own. */
  readonly visible: boolean;
}

/** The rows of a screen and its cursor, as elements. Only rows that differ are drawn again. */
export class ScreenView {
  readonly element = document.createElement("div");
  readonly #lines = document.createElement("div");
  readonly #cursor = document.createElement("div");
  #rows: { element: HTMLElement; row: PictureRow }[] = [];
  #picture: ScreenPicture | undefined;
  #active = false;

  constructor(private readonly drawing: Drawing) {
    this.element.className = "screen";
    this.#cursor.className = "cursor";
    this.#cursor.setAttribute("aria-hidden", "true");
    this.#cursor.hidden = true;
    this.element.append(this.#lines, this.#cursor);
  }

  get picture(): ScreenPicture | undefined {
    return this.#picture;
  }

  /** Elements of the rows, top to bottom. */
  get rows(): HTMLElement[] {
    return this.#rows.map((row) => row.element);
  }

  /** Whether keys go there: its cursor is filled. */
  set active(active: boolean) {
    this.#active = active;
    this.#showCursor();
  }

  show(picture: ScreenPicture): void {
    const resized = this.#picture?.cols !== picture.cols || this.#rows.length !== picture.rows.length;
    this.#picture = picture;
    if (resized) this.#resize();
    for (const [index, row] of picture.rows.entries()) {
      const shown = this.#rows[index];
      if (!shown || shown.row === row) continue;
      shown.row = row;
      this.drawing.fill(shown.element, row);
    }
    this.#showCursor();
  }

  /** After another font or theme. */
  redraw(): void {
    for (const { element, row } of this.#rows) this.drawing.fill(element, row);
    this.#resizeElement();
    this.#showCursor();
  }

  /** Where the cursor is, in pixels from the left upper corner. */
  cursorCell(): CursorCell {
    const { row = 0, col = 0, visible = false } = this.#picture?.cursor ?? {};
    const { width, height } = this.drawing.cell;
    const left = Math.min(col, Math.max(0, (this.#picture?.cols ?? 1) - 1)) * width;
    return { left, top: row * height, width, height, visible };
  }

  #resize(): void {
    const count = this.#picture?.rows.length ?? 0;
    this.#rows = Array.from({ length: count }, () => ({ element: this.drawing.row([]), row: [] }));
    this.#lines.replaceChildren(...this.rows);
    this.#resizeElement();
  }

  #resizeElement(): void {
    const { width, height } = this.drawing.cell;
    this.element.style.width = `${(this.#picture?.cols ?? 0) * width}px`;
    this.element.style.height = `${this.#rows.length * height}px`;
  }

  #showCursor(): void {
    const picture = this.#picture;
    if (!picture) return;
    const { row, col, visible } = picture.cursor;
    this.#cursor.hidden = !visible;
    if (!visible) return;
    const under = cellAt(picture.rows[row] ?? [], Math.min(col, picture.cols - 1));
    const { left, top } = this.cursorCell();
    const { palette, look } = this.drawing;
    const filled = this.#active && look.cursorStyle === "block";
    this.#cursor.className = `cursor ${this.#active ? look.cursorStyle : "hollow"}`;
    this.#cursor.textContent = filled ? under.text : "";
    Object.assign(this.#cursor.style, {
      transform: `translate(${left}px, ${top}px)`,
      width: `${this.drawing.cell.width * under.width}px`,
      color: filled ? cssColor(palette.background) : "",
    });
  }
}
