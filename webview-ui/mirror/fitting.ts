/** The most that servers take. */
const mostCells = 1000;
/** Sums of fractions of pixels may fall short of what they stand for by this part of a cell. */
const rounding = 1e-6;

/** How many whole cells there is room for: a part of one would be cut off, or scrolled to. */
export function cellsWithin(pixels: number, cell: number): number {
  return Math.max(1, Math.min(mostCells, Math.floor(pixels / cell + rounding)));
}

/**
 * The size at which all of a session is seen at once. `scroller`: keeps the room for its vertical scrollbar free, shown
 * or not; `content`: what is in it, with its padding.
 */
export function fittingSize(
  scroller: HTMLElement,
  content: HTMLElement,
  cell: { readonly width: number; readonly height: number },
): { rows: number; cols: number } {
  const frame = getComputedStyle(scroller);
  const inner = getComputedStyle(content);
  const sum = (...lengths: string[]): number => lengths.reduce((all, length) => all + Number.parseFloat(length), 0);
  const { height } = scroller.getBoundingClientRect();
  return {
    cols: cellsWithin(widthWithin(scroller) - sum(inner.paddingLeft, inner.paddingRight), cell.width),
    rows: cellsWithin(height - sum(frame.borderTopWidth, frame.borderBottomWidth), cell.height),
  };
}

/** `clientWidth` is rounded, and a fraction too much is a column too many. */
function widthWithin(scroller: HTMLElement): number {
  const ruler = document.createElement("div");
  scroller.append(ruler);
  const { width } = ruler.getBoundingClientRect();
  ruler.remove();
  return width;
}
