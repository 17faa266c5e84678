import type { PictureRow } from "../../src/protocol/screenPicture";
import { textOfRow } from "../shared/rowCells";
import type { ScreenView } from "../shared/screenView";
import type { Searched } from "./findBar";
import type { HistoryView } from "./history";
import { selectedText } from "./selectedText";

/** All rows of a page, those of the history first. */
export class ShownRows {
  constructor(
    private readonly history: HistoryView,
    private readonly screen: ScreenView,
  ) {}

  get rows(): readonly PictureRow[] {
    return [...this.history.rows, ...(this.screen.picture?.rows ?? [])];
  }

  get cols(): number {
    return this.screen.picture?.cols ?? 0;
  }

  get elements(): HTMLElement[] {
    return [...this.history.elements, ...this.screen.rows];
  }

  get searched(): Searched {
    return { texts: this.rows.map(textOfRow), elements: this.elements };
  }

  get selection(): string {
    return selectedText(this.elements);
  }

  /** What the browser copies by itself is the selection as lines of text. */
  giveSelection(): void {
    document.addEventListener("copy", (event) => {
      const text = this.selection;
      if (text === "") return;
      event.clipboardData?.setData("text/plain", text);
      event.preventDefault();
    });
  }
}

/** As a person would write the rows down. */
export function textOfRows(rows: readonly PictureRow[]): string {
  return `${rows.map(textOfRow).join("\n").trimEnd()}\n`;
}
