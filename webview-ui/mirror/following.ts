import type { CursorCell } from "../shared/screenView";

/** Pixels from an edge that count as being there. */
export const edge = 4;

/** Cells that stay in sight beside the cursor. */
const beside = 4;

export interface FollowedScreen {
  /** Pixels from the scroller's upper end to the screen. The browser lays out for it. */
  top(): number;
  /** Pixels of it that are used, from its top. */
  used(): number;
}

/**
 * Keeps what is lowest on the screen in sight, and while a person types their cursor before that, until the person moves
 * the scroller.
 */
export class Following {
  #top = 0;
  #holds = true;
  #used = "";
  /** As they were last reported, so that nothing has to be laid out for them. */
  #left = 0;
  #width = 0;
  /** Undefined: nobody types. */
  #cursor: CursorCell | undefined;

  constructor(
    private readonly scroller: HTMLElement,
    private readonly screen: FollowedScreen,
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
   * To be called with each picture: where the cursor is while a person types, else undefined. A cursor that moved is in
   * sight, and the beginning of its row too where both have room.
   */
  cursor(cursor: CursorCell | undefined): void {
    const before = this.#cursor;
    this.#cursor = cursor;
    if (!cursor || (cursor.left === before?.left && cursor.top === before.top)) return;
    const { left, width } = cursor;
    const end = left + (beside + 1) * width;
    if (end <= this.#width) this.scroller.scrollLeft = 0;
    else if (left < this.#left || end > this.#left + this.#width) this.scroller.scrollLeft = end - this.#width / 2;
    if (this.#holds && cursor.top !== before?.top) this.#moveTo(this.#withCursor(this.#top));
  }

  now(): void {
    this.#moveTo(this.#withCursor(this.screen.top() + this.screen.used() - this.scroller.clientHeight));
    this.#holds = true;
  }

  /** The place nearest to this one at which the cursor is in sight. */
  #withCursor(place: number): number {
    if (!this.#cursor?.visible) return place;
    const above = this.screen.top() + this.#cursor.top;
    return Math.min(above, Math.max(place, above + this.#cursor.height - this.scroller.clientHeight));
  }

  #moveTo(place: number): void {
    this.scroller.scrollTop = place;
    this.#top = this.scroller.scrollTop;
  }
}

/** Brings a place into the middle, and sideways only when it is out of sight. */
export function bringIntoView(scroller: HTMLElement, place: DOMRect): void {
  const frame = scroller.getBoundingClientRect();
  scroller.scrollTop += place.top - frame.top - frame.height / 2;
  if (place.left < frame.left || place.right > frame.right)
    scroller.scrollLeft += place.left - frame.left - frame.width / 2;
}
