import type { PictureRow } from "../../src/protocol/screenPicture";
import type { Drawing } from "../shared/drawing";

/** Rows in one piece that the browser need not lay out while nobody sees it. */
const chunkRows = 100;

/** Rows above the screen, as they were when they were asked for. */
export class HistoryView {
  readonly element = document.createElement("div");
  #rows: readonly PictureRow[] = [];
  #elements: HTMLElement[] = [];

  constructor(private readonly drawing: Drawing) {
    this.element.className = "history";
  }

  get rows(): readonly PictureRow[] {
    return this.#rows;
  }

  get elements(): readonly HTMLElement[] {
    return this.#elements;
  }

  show(rows: readonly PictureRow[]): void {
    this.#rows = rows;
    this.redraw();
  }

  redraw(): void {
    this.#elements = this.#rows.map((row) => this.drawing.row(row));
    const chunks: HTMLElement[] = [];
    for (let from = 0; from < this.#elements.length; from += chunkRows) {
      const chunk = document.createElement("div");
      const rows = this.#elements.slice(from, from + chunkRows);
      chunk.className = "chunk";
      chunk.style.containIntrinsicHeight = `${rows.length * this.drawing.cell.height}px`;
      chunk.append(...rows);
      chunks.push(chunk);
    }
    this.element.replaceChildren(...chunks);
  }
}
