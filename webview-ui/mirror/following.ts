/** Pixels from an edge that count as being there. */
export const edge = 4;

/** Cells that stay in sight beside the cursor. */
const beside = 4;

/** Keeps what is lowest on the screen in sight, until the person moves the scroller. */
export class Following {
  #top = 0;
  #holds = true;
  #used = "";
  /** As they were last reported, so that nothing has to be laid out for them. */
  #left = 0;
  #width = 0;
  #cursor = "";

  constructor(
    private readonly scroller: HTMLElement,
    /** Pixels from the scroller's upper end to what must be seen. */
    private readonly lowest: () => number,
  ) {
    scroller.addEventListener("scroll", () => {
      this.#holds = Math.abs(scroller.scrollTop - this.#top) < edge;
      this.#left = scroller.scrollLeft;
    });
    new ResizeObserver(() => {
      this.#width = scroller.clientWidth;
      // A panel of another height moves the scroller too, which is reported after this.
      if (this.#holds) this.now();
    }).observe(scroller);
  }

  /**
   * To be called with each picture. `used` says how far it reaches: while that stays, nothing has to be laid out to
   * find the place.
   */
  on(used: string): void {
    if (!this.#holds || used === this.#used) return;
    this.#used = used;
    this.now();
  }

  /**
   * To be called with each picture while a person types: a cursor that moved is in sight, and the beginning of its row
   * too where both have room. `place`: pixels from the screen's corner; `cell`: the width of one.
   */
  cursor({ left, top }: { readonly left: number; readonly top: number }, cell: number): void {
    const cursor = `${left} ${top}`;
    if (cursor === this.#cursor) return;
    this.#cursor = cursor;
    const end = left + (beside + 1) * cell;
    if (end <= this.#width) this.scroller.scrollLeft = 0;
    else if (left < this.#left || end > this.#left + this.#width) this.scroller.scrollLeft = end - this.#width / 2;
  }

  now(): void {
    this.scroller.scrollTop = Math.max(0, this.lowest() - this.scroller.clientHeight);
    this.#top = this.scroller.scrollTop;
    this.#holds = true;
  }
}

/** Brings a place into the middle, and sideways only when it is out of sight. */
export function bringIntoView(scroller: HTMLElement, place: DOMRect): void {
  const frame = scroller.getBoundingClientRect();
  scroller.scrollTop += place.top - frame.top - frame.height / 2;
  if (place.left < frame.left || place.right > frame.right)
    scroller.scrollLeft += place.left - frame.left - frame.width / 2;
}
