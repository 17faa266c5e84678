import { element, onClick } from "../shared/controls";

/** Of the button that opens the box, in CSS pixels; it is not drawn while nothing stands in there. */
const moreWidth = 38;

/**
 * Controls in one row, however narrow: those that have no room stand in a box that a button at the end opens, the last
 * ones first.
 */
export class Toolbar {
  readonly #bar = element("bar");
  readonly #more = element("more");
  readonly #box = element("more-box");
  readonly #controls = [...this.#bar.querySelectorAll<HTMLElement>("[data-control]")];
  readonly #words = ["name", "state", "size"].map((id) => element(id));
  /** Of each control in the row, once it was drawn there. */
  readonly #widths = new Map<HTMLElement, number>();

  constructor() {
    onClick("more", () => this.#open(this.#box.hidden !== false));
    this.#box.addEventListener("click", ({ target }) => {
      if (target instanceof Element && target.closest("vscode-button")) this.#open(false);
    });
    for (const part of [this.#box, this.#more])
      part.addEventListener("keydown", (event) => {
        if (event.key !== "Escape" || this.#box.hidden) return;
        event.preventDefault();
        event.stopPropagation();
        this.#open(false);
        this.#more.focus();
      });
    document.addEventListener("focusin", ({ target }) => this.#isElsewhere(target) && this.#open(false));
    document.addEventListener("mousedown", ({ target }) => this.#isElsewhere(target) && this.#open(false));
    new ResizeObserver(() => this.arrange()).observe(this.#bar);
    const arrange = (): void => this.arrange();
    // A word that has no room may become longer without becoming larger.
    const texts = new MutationObserver(arrange);
    const sizes = new ResizeObserver(arrange);
    for (const word of this.#words) texts.observe(word, { childList: true, characterData: true, subtree: true });
    for (const part of [this.#bar, ...this.#words, ...this.#controls]) sizes.observe(part);
  }

  /** To be called when a control comes or goes. */
  arrange(): void {
    const { columnGap, paddingLeft, paddingRight } = getComputedStyle(this.#bar);
    const gap = parseFloat(columnGap);
    for (const control of this.#controls)
      // One that was moved just now is not drawn yet.
      if (control.parentElement === this.#bar && control.offsetWidth > 0)
        this.#widths.set(control, control.offsetWidth);
    const shown = this.#controls.filter(({ hidden }) => hidden === false);
    const wide = (control: HTMLElement): number => gap + (this.#widths.get(control) ?? 0);
    // Beside the words there are project and agent, which may have no room at all, and what grows, each with its gap.
    const words = this.#words.reduce((sum, word) => sum + word.scrollWidth + gap, 3 * gap);
    let room = this.#bar.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight) - words;
    const all = shown.reduce((sum, control) => sum + wide(control), 0) <= room;
    if (!all) room -= gap + moreWidth;
    const inBox = shown.filter((control) => (room -= wide(control)) < 0 && !all);
    this.#move(new Set(inBox));
  }

  #move(inBox: ReadonlySet<HTMLElement>): void {
    const isThere = (control: HTMLElement): boolean =>
      (control.parentElement === this.#box) === inBox.has(control) || control.hidden !== false;
    this.#more.hidden = inBox.size === 0;
    if (this.#controls.every(isThere)) return;
    const focused = document.activeElement;
    for (const control of this.#controls) {
      if (inBox.has(control)) this.#box.append(control);
      else if (control.parentElement !== this.#bar) this.#more.before(control);
    }
    if (this.#more.hidden) this.#open(false);
    if (!(focused instanceof HTMLElement) || !this.#controls.includes(focused)) return;
    if (this.#box.contains(focused) && this.#box.hidden) this.#more.focus();
    else focused.focus();
  }

  #open(open: boolean): void {
    this.#box.hidden = !open;
    this.#more.setAttribute("aria-expanded", String(open));
    if (open) (this.#box.querySelector<HTMLElement>("[data-control]:not([hidden])") ?? this.#more).focus();
  }

  #isElsewhere(target: EventTarget | null): boolean {
    return !(target instanceof Node) || !(this.#box.contains(target) || this.#more.contains(target));
  }
}
