import { type MouseAct, takesMouse, takesMoves } from "../../src/protocol/mouseReport";
import type { ScreenPicture } from "../../src/protocol/screenPicture";
import type { Drawing } from "../shared/drawing";
import { onMac } from "../shared/platform";
import type { ScreenView } from "../shared/screenView";

export interface MousePage {
  readonly scroller: HTMLElement;
  readonly screen: ScreenView;
  readonly drawing: Drawing;
  /** The screen that the mouse is over; undefined while the mouse is the page's: to select, to scroll. */
  live(): ScreenPicture | undefined;
  /** Whether a press follows a link. */
  follows(event: MouseEvent): boolean;
  act(act: MouseAct): void;
  /** Keys go to the session after a press. */
  focus(): void;
}

type Held = "left" | "middle" | undefined;

/**
 * The mouse for a program that asked for it, while its session has the person's keyboard. With Shift (on a Mac Option
 * too) it selects as ever; the right button opens the menu.
 */
export class ProgramMouse {
  #held: Held;
  #last = "";
  /** Lines that the wheel has turned and that are not told yet: parts of one, for fine wheels. */
  #turned = { x: 0, y: 0 };

  constructor(private readonly page: MousePage) {
    const { scroller } = page;
    scroller.addEventListener("mousedown", (event) => this.#press(event));
    scroller.addEventListener("wheel", (event) => this.#wheel(event), { passive: false, capture: true });
    // What was begun over the screen may end anywhere.
    window.addEventListener("mousemove", (event) => this.#move(event));
    window.addEventListener("mouseup", (event) => this.#release(event));
  }

  #press(event: MouseEvent): void {
    const button = ({ 0: "left", 1: "middle" } as const)[event.button];
    if (button === undefined || (onMac && event.ctrlKey) || this.page.follows(event)) return;
    if (event.shiftKey) beginSelection(event);
    const picture = this.#programs(event);
    if (!picture || !takesMouse(picture.modes)) return;
    event.preventDefault();
    // Only where something is selected: a keyboard that loses its caret is scrolled to when the button is let go.
    if (getSelection()?.isCollapsed === false) getSelection()?.removeAllRanges();
    this.#held = button;
    this.page.focus();
    this.#tell(event, picture, "press", button);
  }

  #move(event: MouseEvent): void {
    const picture = this.#held ? this.page.live() : this.#programs(event);
    if (!picture || !(this.#held || takesMoves(picture.modes))) return;
    const { row, col } = this.#place(event, picture);
    const place = `${row} ${col}`;
    if (place === this.#last) return;
    this.#tell(event, picture, "move", this.#held ?? "none");
  }

  #release(event: MouseEvent): void {
    const held = this.#held;
    if (!held || event.button !== (held === "left" ? 0 : 1)) return;
    this.#held = undefined;
    const picture = this.page.live();
    if (picture) this.#tell(event, picture, "release", held);
  }

  #wheel(event: WheelEvent): void {
    const picture = event.ctrlKey ? undefined : this.#programs(event);
    if (!picture || !(takesMouse(picture.modes) || picture.alternate)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const inLines = event.deltaMode === WheelEvent.DOM_DELTA_LINE;
    const { height } = this.page.drawing.cell;
    const turned = (delta: number): number => (inLines ? delta : delta / height);
    this.#turned = { x: this.#turned.x + turned(event.deltaX), y: this.#turned.y + turned(event.deltaY) };
    const [x, y] = [Math.trunc(this.#turned.x), Math.trunc(this.#turned.y)];
    this.#turned = { x: this.#turned.x - x, y: this.#turned.y - y };
    const lines = (count: number): number => Math.min(Math.abs(count), picture.rows.length);
    if (y !== 0) this.#tell(event, picture, y < 0 ? "wheelUp" : "wheelDown", "none", lines(y));
    else if (x !== 0) this.#tell(event, picture, x < 0 ? "wheelLeft" : "wheelRight", "none", lines(x));
  }

  /** The screen, when what the mouse does over it now is the program's. */
  #programs(event: MouseEvent): ScreenPicture | undefined {
    if (event.shiftKey || (onMac && event.altKey)) return undefined;
    return event.target instanceof Node && this.page.screen.element.contains(event.target)
      ? this.page.live()
      : undefined;
  }

  #place({ clientX, clientY }: MouseEvent, picture: ScreenPicture): Pick<MouseAct, "row" | "col" | "x" | "y"> {
    const { left, top } = this.page.screen.element.getBoundingClientRect();
    const { width, height } = this.page.drawing.cell;
    const within = (value: number, most: number): number => Math.max(0, Math.min(most, Math.floor(value)));
    return {
      row: within((clientY - top) / height, picture.rows.length - 1),
      col: within((clientX - left) / width, picture.cols - 1),
      x: within(clientX - left, picture.cols * width - 1),
      y: within(clientY - top, picture.rows.length * height - 1),
    };
  }

  #tell(
    event: MouseEvent,
    picture: ScreenPicture,
    action: MouseAct["action"],
    button: MouseAct["button"],
    lines = 0,
  ): void {
    const place = this.#place(event, picture);
    this.#last = `${place.row} ${place.col}`;
    const { shiftKey: shift, altKey: alt, ctrlKey: ctrl } = event;
    this.page.act({ action, button, ...place, shift, alt, ctrl, lines });
  }
}

/**
 * With Shift a browser extends what is selected; in a field that has the focus nothing is, and nothing would come of it.
 * Without a place to begin at, browsers differ in what they take for one.
 */
function beginSelection({ clientX, clientY }: MouseEvent): void {
  if (!(document.activeElement instanceof HTMLTextAreaElement)) return;
  document.activeElement.blur();
  const place = document.caretPositionFromPoint(clientX, clientY);
  if (place) getSelection()?.collapse(place.offsetNode, place.offset);
  else getSelection()?.removeAllRanges();
}
