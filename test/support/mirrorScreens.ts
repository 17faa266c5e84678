import type { Screen, Span } from "../../src/core/ports/sessions";
import type { MirrorStatus } from "../../src/protocol/mirror";

/** A screen with these rows at its top: 60 columns and 10 rows, unless told otherwise. */
export function screenOf(rows: readonly (string | readonly Span[])[], more: Partial<Screen> = {}): Screen {
  const [height, cols] = [more.rows ?? 10, more.cols ?? 60];
  const lines = rows.map((row) => (typeof row === "string" ? [{ text: row }] : row));
  return {
    lines: [...lines, ...Array.from({ length: height - lines.length }, () => [])],
    rows: height,
    cols,
    cursor: { row: 0, col: 0, visible: true },
    total_lines: height,
    alternate_active: false,
    private_modes: [],
    ...more,
  };
}

export const mirrorStatus: MirrorStatus = {
  name: "shell::1",
  project: "a-project-with-a-long-name",
  agent: "",
  look: { icon: "circle", tone: "active", word: "working" } as unknown as MirrorStatus["look"],
  banner: null,
  over: false,
  unseen: false,
  lost: false,
  noTyping: "",
};
