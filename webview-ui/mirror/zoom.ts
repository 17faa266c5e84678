const zooms = [0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3] as const;

/** The zoom one step larger or smaller; 0 is the terminal's own size. */
export function zoomed(zoom: number, step: 1 | -1 | 0): number {
  if (step === 0) return 1;
  const now = zooms.findIndex((each) => each >= zoom);
  return zooms[Math.max(0, Math.min(zooms.length - 1, now + step))] ?? 1;
}
