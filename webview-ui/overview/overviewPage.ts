import type { TerminalLook } from "../../src/protocol/mirror";
import {
  mostWatched,
  type OverviewRequests,
  type OverviewTexts,
  type OverviewView,
  type Tile,
  type TileScreen,
} from "../../src/protocol/overview";
import type { Asks } from "../../src/protocol/pageMessages";
import { kept } from "../shared/bridge";
import { element } from "../shared/controls";
import { counted } from "../shared/countedText";
import { Drawing } from "../shared/drawing";
import { oncePerFrame } from "../shared/frames";
import { chosenTiles, isFiltered, keptView } from "./chosenTiles";
import { FilterBar } from "./filterBar";
import { gridStep, isGridStep } from "./grid";
import { TileView } from "./tileView";

/** Of a mouse (UI Events, `button`). */
const secondButton = 2;

/** The grid of all sessions. Only tiles in sight are watched; what changed is drawn once for each frame. */
export class OverviewPage {
  readonly #drawing: Drawing;
  readonly #grid = element("grid");
  readonly #filter: FilterBar;
  readonly #views = new Map<string, TileView>();
  readonly #inSight = new Set<string>();
  readonly #dirty = new Set<string>();
  readonly #missed = new Set<string>();
  #tiles: readonly Tile[] = [];
  #ended = 0;
  #notice = "";
  #current: string | undefined;
  #view: OverviewView;
  readonly #draw = oncePerFrame(() => {
    for (const id of this.#dirty) this.#views.get(id)?.draw();
    this.#dirty.clear();
  });
  readonly #watch = oncePerFrame(() => this.#watchNow());
  #watched = "";
  readonly #sight = new IntersectionObserver((entries) => this.#seen(entries), { rootMargin: "100px" });

  constructor(
    private readonly host: Asks<OverviewRequests>,
    look: TerminalLook,
    private readonly texts: OverviewTexts,
  ) {
    this.#view = keptView((kept.get() as { readonly view?: unknown } | undefined)?.view);
    this.#filter = new FilterBar(texts, this.#view, (view) => this.#choices(view));
    this.#grid.dataset.size = this.#view.size;
    this.#drawing = new Drawing(look);
    this.#grid.addEventListener("keydown", (event) => this.#key(event));
    this.#grid.addEventListener("click", (event) => this.#choose(idOf(event.target)));
    this.#grid.addEventListener("contextmenu", (event) => this.#menu(event));
    document.addEventListener("copy", (event) => this.#copy(event));
    this.#grid.addEventListener("dblclick", (event) => this.#open(idOf(event.target)));
    document.addEventListener("keydown", (event) => this.#filterKey(event));
    new ResizeObserver(() => this.#fit()).observe(this.#grid);
    this.#drawing.followTheme(() => this.#redraw());
    this.#include();
  }

  tiles(tiles: readonly Tile[], ended: number, notice: string): void {
    this.#tiles = tiles;
    this.#ended = ended;
    this.#notice = notice;
    this.#show();
  }

  screens(screens: readonly TileScreen[]): void {
    for (const screen of screens) {
      const view = this.#views.get(screen.id);
      if (!view) continue;
      if ("picture" in screen) view.newest.whole(screen.picture);
      else if (!view.newest.change(screen.change)) {
        this.#missed.add(screen.id);
        continue;
      }
      this.#dirty.add(screen.id);
    }
    if (this.#missed.size > 0) void this.host.ask("resync", { ids: [...this.#missed] });
    this.#missed.clear();
    this.#draw();
  }

  look(look: TerminalLook): void {
    this.#drawing.setFont(look, 1);
    this.#redraw();
  }

  #choices(view: OverviewView): void {
    const wasEnded = this.#wantsEnded;
    this.#view = view;
    kept.set({ view });
    this.#grid.dataset.size = view.size;
    if (this.#wantsEnded !== wasEnded) this.#include();
    this.#show();
    this.#fit();
  }

  get #wantsEnded(): boolean {
    return this.#view.groups.includes("ended");
  }

  #include(): void {
    void this.host.ask("include", { ended: this.#wantsEnded });
  }

  /** The filter's text is where search is everywhere; from there, back to the sessions. */
  #filterKey(event: KeyboardEvent): void {
    const isFind = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "f";
    const isText = event.target instanceof Element && event.target.closest("#text") !== null;
    if (isFind || (event.key === "/" && event.target === this.#grid)) this.#filter.focusText();
    else if (isText && event.key === "Escape") {
      this.#filter.clear();
      this.#grid.focus();
    } else if (isText && (event.key === "Enter" || event.key === "ArrowDown")) this.#grid.focus();
    else return;
    event.preventDefault();
  }

  #show(): void {
    this.#filter.show(this.#tiles, this.#ended);
    const tiles = chosenTiles(this.#tiles, this.#view);
    const living = this.#tiles.filter(({ group }) => group !== "ended").length;
    const ids = new Set(tiles.map((tile) => tile.id));
    for (const [id, view] of this.#views) {
      if (ids.has(id)) continue;
      this.#sight.unobserve(view.element);
      view.element.remove();
      this.#views.delete(id);
      this.#inSight.delete(id);
    }
    for (const [index, tile] of tiles.entries()) {
      const view = this.#views.get(tile.id) ?? this.#add(tile);
      view.update(tile);
      // What stands at its place already is not moved: that would cost it its focus and its frames.
      if (this.#grid.children[index] !== view.element)
        this.#grid.insertBefore(view.element, this.#grid.children[index] ?? null);
    }
    element("notice").hidden = this.#notice === "";
    element("notice").textContent = this.#notice;
    element("empty").hidden = tiles.length > 0 || isFiltered(this.#view);
    element("none").hidden = tiles.length > 0 || !isFiltered(this.#view);
    this.#grid.hidden = tiles.length === 0;
    const all = this.#wantsEnded ? this.#tiles.length : living;
    element("count").textContent =
      tiles.length === all
        ? counted(this.texts.sessions, all)
        : this.texts.some.replace("{0}", String(tiles.length)).replace("{1}", String(all));
    if (this.#current === undefined || !ids.has(this.#current)) this.#choose(tiles[0]?.id, false);
    this.#watch();
  }

  #add(tile: Tile): TileView {
    const view = new TileView(tile, this.#drawing);
    this.#views.set(tile.id, view);
    this.#sight.observe(view.element);
    return view;
  }

  #seen(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const id = idOf(target);
      if (id === undefined) continue;
      if (isIntersecting) this.#inSight.add(id);
      else this.#inSight.delete(id);
    }
    this.#watch();
  }

  #watchNow(): void {
    const ids = [...this.#inSight].sort().slice(0, mostWatched);
    const text = ids.join("\n");
    if (text === this.#watched) return;
    this.#watched = text;
    void this.host.ask("watch", { ids });
  }

  #redraw(): void {
    for (const view of this.#views.values()) view.redraw();
  }

  #fit(): void {
    for (const view of this.#views.values()) view.fit();
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const tiles = [...this.#grid.children];
    const at = tiles.findIndex((tile) => idOf(tile) === this.#current);
    if (event.key === "Enter" || event.key === " ") this.#open(this.#current);
    else if (isGridStep(event.key))
      this.#choose(idOf(tiles[gridStep(at, event.key, tiles.length, this.#columns())] ?? null));
    else return;
    event.preventDefault();
  }

  /** A menu is about the tile under the pointer; one that the keyboard opens, about the chosen one. */
  #menu(event: MouseEvent): void {
    const id = idOf(event.target);
    if (id !== undefined) {
      this.#choose(id, false);
      return;
    }
    event.preventDefault();
    if (event.button !== secondButton) this.#views.get(this.#current ?? "")?.openMenu();
  }

  /** The chosen tile's screen, where nothing else is selected. */
  #copy(event: ClipboardEvent): void {
    const text = this.#views.get(this.#current ?? "")?.text;
    if (document.activeElement !== this.#grid || !text || getSelection()?.isCollapsed === false) return;
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
  }

  #columns(): number {
    return getComputedStyle(this.#grid).gridTemplateColumns.split(" ").length;
  }

  #choose(id: string | undefined, scroll = true): void {
    if (id === undefined) {
      this.#current = undefined;
      this.#grid.removeAttribute("aria-activedescendant");
      return;
    }
    this.#current = id;
    for (const [each, view] of this.#views) view.element.setAttribute("aria-selected", String(each === id));
    const chosen = this.#views.get(id)?.element;
    if (!chosen) return;
    this.#grid.setAttribute("aria-activedescendant", chosen.id);
    if (scroll) chosen.scrollIntoView({ block: "nearest" });
  }

  #open(id: string | undefined): void {
    if (id !== undefined) void this.host.ask("open", { id });
  }
}

function idOf(target: EventTarget | null): string | undefined {
  return target instanceof Element ? target.closest<HTMLElement>(".tile")?.dataset.id : undefined;
}
