import { element, onClick } from "../shared/controls";

/**
 * Controls in one row, however narrow: those that have no room stand in a box that a button at the end opens, the last
 * ones first.
 */
export class Toolbar {
  readonly #bar = element("bar");
  readonly #more = element("more");
  readonly #box = element("more-box");
  readonly #controls = [...this.#bar.querySelectorAll<HTMLElement>("[data-control]")];
  #width = -1;

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
    const words = new ResizeObserver(() => this.arrange(true));
    for (const id of ["state", "size"]) words.observe(element(id));
  }

  /** To be called when a text of it is another one, which may be longer. */
  arrange(force = false): void {
    const width = this.#bar.clientWidth;
    if (width === this.#width && !force) return;
    this.#width = width;
    const focused = document.activeElement;
    this.#more.hidden = true;
    this.#more.before(...this.#controls);
    for (const control of [...this.#controls].reverse()) {
      if (this.#bar.scrollWidth <= this.#bar.clientWidth) break;
      this.#more.hidden = false;
      this.#box.prepend(control);
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
