export type GridStep = "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown" | "Home" | "End" | "PageUp" | "PageDown";

const rowsOfPage = 3;
const steps: readonly string[] = [
  "ArrowLeft",
  "ArrowRight",
  "ArrowUp",
  "ArrowDown",
  "Home",
  "End",
  "PageUp",
  "PageDown",
] satisfies readonly GridStep[];

export function isGridStep(key: string): key is GridStep {
  return steps.includes(key);
}

/** The tile that a key leads to from the one at `at`; the same one at an edge. */
export function gridStep(at: number, step: GridStep, count: number, columns: number): number {
  const offsets: Record<GridStep, number> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    Home: -at,
    End: count - 1 - at,
    PageUp: -columns * rowsOfPage,
    PageDown: columns * rowsOfPage,
  };
  const to = at + offsets[step];
  if (to >= 0 && to < count) return to;
  if (step === "PageUp") return at % columns;
  return step === "PageDown" ? count - 1 : at;
}
