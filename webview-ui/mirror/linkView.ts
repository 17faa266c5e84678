import type { MirrorRequests, MirrorTexts } from "../../src/protocol/mirror";
import { type LinkTarget, mostLinks, type ShownLink, targetText } from "../../src/protocol/links";
import type { Asks } from "../../src/protocol/pageMessages";
import { element } from "../shared/controls";
import type { Drawing } from "../shared/drawing";
import { oncePerFrame } from "../shared/frames";
import { findLinks, type FoundLink, linkAt, offsetAt } from "../shared/links";
import { onMac } from "../shared/platform";
import { textRange } from "../shared/textRange";
import type { ShownRows } from "./shownRows";

export interface LinkedPage {
  readonly host: Pick<Asks<MirrorRequests>, "ask">;
  readonly texts: Pick<MirrorTexts, "followLink" | "noLink">;
  readonly scroller: HTMLElement;
  readonly rows: ShownRows;
  readonly drawing: Drawing;
  failed(error: unknown): void;
}

/**
 * Links of the rows that are shown: underlined below the mouse, with a word on where they lead, opened with Ctrl or Cmd
 * and a click, from the menu, or from the list of all in sight. Nothing is looked for before somebody points at it.
 */
export class LinkView {
  readonly #tip = element("tip");
  /** What the host said of targets that it has to look for. */
  readonly #openable = new Map<string, Promise<boolean>>();
  readonly #known = new Map<string, boolean>();
  #mouse: MouseEvent | undefined;
  #menuLink: FoundLink | undefined;
  #shown = "";
  readonly #look = oncePerFrame(() => void this.#show());

  constructor(private readonly page: LinkedPage) {
    const { scroller } = page;
    scroller.addEventListener("mousemove", (event) => this.#point(event.buttons === 0 ? event : undefined));
    for (const end of ["mouseleave", "mousedown", "scroll"])
      scroller.addEventListener(end, () => this.#point(undefined));
    for (const name of ["keydown", "keyup"] as const)
      document.addEventListener(name, (event) => scroller.classList.toggle("follow", isFollowing(event)));
    scroller.addEventListener("mousedown", (event) => this.follows(event) && event.preventDefault());
    scroller.addEventListener("click", (event) => this.#click(event));
  }

  /** The rows may be others. */
  drawn(): void {
    if (this.#mouse) this.#look();
  }

  /** Whether a press of the mouse follows a link. */
  follows(event: MouseEvent): boolean {
    return event.button === 0 && isFollowing(event) && this.#openableAt(event) !== undefined;
  }

  /** Whether there is a link for the menu that is opened: below the mouse, or anywhere when it is opened by a key. */
  onMenu(event: MouseEvent): boolean {
    const byKey = event instanceof PointerEvent && event.pointerType === "";
    this.#menuLink = byKey ? undefined : this.#openableAt(event);
    return byKey ? this.#inSight().length > 0 : this.#menuLink !== undefined;
  }

  openMenus(): void {
    if (this.#menuLink) this.#open(this.#menuLink);
    else this.list();
  }

  /** The host lets the person choose. */
  list(): void {
    const links = this.#inSight().map(shownLink).slice(0, mostLinks);
    if (links.length === 0) this.page.failed(this.page.texts.noLink);
    else void this.page.host.ask("chooseLink", { links }).catch((error: unknown) => this.page.failed(error));
  }

  #click(event: MouseEvent): void {
    const link = event.button === 0 && isFollowing(event) ? this.#openableAt(event) : undefined;
    if (!link) return;
    event.preventDefault();
    this.#open(link);
  }

  #open(link: FoundLink): void {
    this.page.host.ask("openLink", shownLink(link)).catch((error: unknown) => this.page.failed(error));
  }

  #point(event: MouseEvent | undefined): void {
    this.#mouse = event;
    this.page.scroller.classList.toggle("follow", event !== undefined && isFollowing(event));
    this.#look();
  }

  async #show(): Promise<void> {
    const event = this.#mouse;
    const link = event && this.#at(event);
    if (!event || !link || !(await this.#isOpenable(link.target))) {
      if (!event || event === this.#mouse) this.#hide();
      return;
    }
    if (event !== this.#mouse) return;
    const elements = this.page.rows.elements;
    const ranges = link.parts.flatMap(({ row, from, to }) => textRange(elements[row], from, to) ?? []);
    CSS.highlights.set("link", new Highlight(...ranges));
    this.page.scroller.classList.add("linked");
    const text = `${targetText(link.target)} (${this.page.texts.followLink.replace("{0}", onMac ? "Cmd" : "Ctrl")})`;
    const place = ranges[0]?.getBoundingClientRect();
    const shown = `${text} ${place?.left} ${place?.top}`;
    if (!place || shown === this.#shown) return;
    this.#shown = shown;
    this.#tip.textContent = text;
    this.#tip.hidden = false;
    const { width, height } = this.#tip.getBoundingClientRect();
    const above = place.top - height - 2;
    const left = Math.max(0, Math.min(place.left, document.documentElement.clientWidth - width));
    Object.assign(this.#tip.style, { left: `${left}px`, top: `${above >= 0 ? above : place.bottom + 2}px` });
  }

  #hide(): void {
    this.#shown = "";
    this.#tip.hidden = true;
    CSS.highlights.delete("link");
    this.page.scroller.classList.remove("linked");
  }

  #at(event: MouseEvent): FoundLink | undefined {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>(".row") : null;
    const index = row ? this.page.rows.elements.indexOf(row) : -1;
    if (!row || index < 0) return undefined;
    const { rows, cols } = this.page.rows;
    const column = Math.floor((event.clientX - row.getBoundingClientRect().left) / this.page.drawing.cell.width);
    return linkAt(rows, cols, index, offsetAt(rows[index] ?? [], column));
  }

  #openableAt(event: MouseEvent): FoundLink | undefined {
    const link = this.#at(event);
    return link && (isWeb(link.target) || this.#known.get(JSON.stringify(link.target)) === true) ? link : undefined;
  }

  #inSight(): FoundLink[] {
    const { top, bottom } = this.page.scroller.getBoundingClientRect();
    const { rows, cols, elements } = this.page.rows;
    const isSeen = (element: HTMLElement): boolean => {
      const place = element.getBoundingClientRect();
      return place.bottom > top && place.top < bottom;
    };
    const first = elements.findIndex(isSeen);
    const last = elements.findLastIndex(isSeen);
    return first < 0 ? [] : findLinks(rows.slice(first, last + 1), cols);
  }

  /** Addresses of the web are openable as they are; whether a file is there, the host knows. */
  #isOpenable(target: LinkTarget): Promise<boolean> {
    if (isWeb(target)) return Promise.resolve(true);
    const key = JSON.stringify(target);
    const known =
      this.#openable.get(key) ??
      this.page.host.ask("openable", { targets: [target] }).then(
        ({ openable }) => openable[0] === true,
        () => false,
      );
    this.#openable.set(key, known);
    void known.then((is) => {
      this.#known.set(key, is);
      // A file may come and go.
      window.setTimeout(() => this.#openable.delete(key), rememberedMs);
    });
    return known;
  }
}

const rememberedMs = 3000;

function isWeb(target: LinkTarget): boolean {
  return target.kind === "address" && !target.address.startsWith("file:");
}

function isFollowing({ ctrlKey, metaKey }: MouseEvent | KeyboardEvent): boolean {
  return onMac ? metaKey : ctrlKey;
}

function shownLink({ text, target, given }: FoundLink): ShownLink {
  return { text, target, given };
}
