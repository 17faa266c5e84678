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

  get elements(): HTMLElement[] {
    return [...this.history.elements, ...this.screen.rows];
  }

  get searched(): Searched {
    return { texts: this.rows.map(textOfRow), elements: this.elements };
  }

  get selection(): string {
    return selectedText(this.elements);
  }
}

/** As a person would write the rows down. */
export function textOfRows(rows: readonly PictureRow[]): string {
  return `${rows.map(textOfRow).join("\n").trimEnd()}\n`;
}
