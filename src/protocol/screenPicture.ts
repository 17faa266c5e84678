import type { Screen, Span } from "../core/ports/sessions";
export type PictureRow = readonly Span[];

/** What a page shows of a screen besides its rows. */
export interface PictureFrame {
  readonly cursor: Screen["cursor"];
  /** History and screen together. */
  readonly total_lines: number;
  /** DEC private modes that change what keys and pastes send. */
  readonly modes: readonly number[];
}

/** A whole screen. */
export interface ScreenPicture extends PictureFrame {
  /** Counts pictures and changes of one page; a change is for the picture or change right before it. */
  readonly seq: number;
  readonly cols: number;
  /** Top to bottom, all of them. */
  readonly rows: readonly PictureRow[];
  readonly alternate: boolean;
}

/** The rows that differ from the picture before, by their index. */
export interface ScreenChange extends PictureFrame {
  readonly seq: number;
  readonly rows: readonly (readonly [index: number, row: PictureRow])[];
}

/** The picture after a change; undefined when one between is missing. */
export function applyChange(picture: ScreenPicture, change: ScreenChange): ScreenPicture | undefined {
  if (change.seq !== picture.seq + 1) return undefined;
  const rows = [...picture.rows];
  for (const [index, row] of change.rows) if (index < rows.length) rows[index] = row;
  return { ...picture, ...change, rows };
}

/** How many rows, from the top, have something on them or the cursor. */
export function usedRows({ rows, cursor }: Pick<ScreenPicture, "rows" | "cursor">): number {
  return (
    1 +
    Math.max(
      cursor.row,
      rows.findLastIndex((row) => row.length > 0),
    )
  );
}
