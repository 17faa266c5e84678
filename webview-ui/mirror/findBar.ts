import type { MirrorTexts } from "../../src/protocol/mirror";
import { element, onClick, type TextField } from "../shared/controls";
import { textRange } from "../shared/textRange";
import { findAll, type Match, stepMatch } from "../shared/find";

export interface Searched {
  readonly texts: readonly string[];
  readonly elements: readonly HTMLElement[];
}

/** Text of a search in a page with rows: the field, where it was found, and the way from one place to the next. */
export class FindBar {
  readonly #bar = element("find");
  readonly #field = element("find-text") as TextField;
  readonly #count = element("find-count");
  #searched: Searched = { texts: [], elements: [] };
  #matches: Match[] = [];
  #current: number | undefined;

  constructor(
    private readonly texts: Pick<MirrorTexts, "found" | "notFound">,
    private readonly closed: () => void,
    private readonly reveal: (place: DOMRect) => void,
  ) {
    this.#field.addEventListener("input", () => this.#search());
    this.#bar.addEventListener("keydown", (event) => this.#key(event));
    onClick("find-next", () => this.#step(1));
    onClick("find-previous", () => this.#step(-1));
    onClick("find-close", () => this.close());
  }

  get isOpen(): boolean {
    return !this.#bar.hidden;
  }

  open(searched: Searched): void {
    this.#bar.hidden = false;
    this.#searched = searched;
    this.#search();
    this.#field.focus();
  }

  /** The rows were drawn again, or there are others. */
  searchIn(searched: Searched): void {
    if (!this.isOpen) return;
    this.#searched = searched;
    this.#search();
  }

  close(): void {
    if (!this.isOpen) return;
    this.#bar.hidden = true;
    clearHighlights();
    this.closed();
  }

  #key(event: KeyboardEvent): void {
    if (event.key === "Escape") this.close();
    else if (event.key === "Enter") this.#step(event.shiftKey ? -1 : 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #search(): void {
    this.#matches = findAll(this.#searched.texts, this.#field.value);
    this.#current = stepMatch(undefined, this.#matches.length, 1);
    this.#show();
  }

  #step(step: 1 | -1): void {
    this.#current = stepMatch(this.#current, this.#matches.length, step);
    this.#show();
  }

  #show(): void {
    const { found, notFound } = this.texts;
    const at = this.#current;
    this.#count.textContent =
      this.#field.value === ""
        ? ""
        : at === undefined
          ? notFound
          : found.replace("{0}", String(at + 1)).replace("{1}", String(this.#matches.length));
    clearHighlights();
    CSS.highlights.set("found", new Highlight(...this.#matches.flatMap((match) => this.#rangeOf(match))));
    const current = at === undefined ? undefined : this.#matches[at];
    if (!current) return;
    const ranges = this.#rangeOf(current);
    CSS.highlights.set("found-current", new Highlight(...ranges));
    const place = ranges[0]?.getBoundingClientRect();
    if (place) this.reveal(place);
  }

  #rangeOf({ row, from, to }: Match): readonly Range[] {
    const range = textRange(this.#searched.elements[row], from, to);
    return range ? [range] : [];
  }
}

function clearHighlights(): void {
  for (const name of ["found", "found-current"]) CSS.highlights.delete(name);
}
