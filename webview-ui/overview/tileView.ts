import type { Tile } from "../../src/protocol/overview";
import { usedRows } from "../../src/protocol/screenPicture";
import type { TileMenuPlace } from "../../src/protocol/sessionMenu";
import type { Drawing } from "../shared/drawing";
import { NewestPicture } from "../shared/newestPicture";
import { textOfRow } from "../shared/rowCells";
import { ScreenView } from "../shared/screenView";
import { stateIcon } from "../shared/stateIcon";

/** Of the terminal's own size. */
const leastScale = 0.5;

/** One session in the grid: its name, its state in words, and its screen made small. */
export class TileView {
  readonly element = document.createElement("div");
  readonly newest = new NewestPicture();
  readonly #head = document.createElement("div");
  readonly #frame = document.createElement("div");
  readonly #screen: ScreenView;
  #shown = "";

  constructor(
    tile: Tile,
    private readonly drawing: Drawing,
  ) {
    this.element.className = "tile";
    this.element.id = `tile-${tile.id}`;
    this.element.setAttribute("role", "option");
    this.element.dataset.id = tile.id;
    this.#head.className = "head";
    this.#frame.className = "frame";
    // Too small to be read, and its text would flood whoever listens; a mirror has it as text.
    this.#frame.setAttribute("aria-hidden", "true");
    this.#screen = new ScreenView(drawing);
    this.#frame.append(this.#screen.element);
    this.element.append(this.#head, this.#frame);
    this.update(tile);
    this.redraw();
  }

  update(tile: Tile): void {
    const text = JSON.stringify(tile);
    if (text === this.#shown) return;
    this.#shown = text;
    const part = (className: string, ...content: (string | Node)[]): HTMLElement => {
      const element = document.createElement("span");
      element.className = className;
      element.append(...content);
      return element;
    };
    this.#head.replaceChildren(
      part("name", tile.name),
      part("project quiet", tile.project),
      part("doing", part("state", stateIcon(tile.look), part("word", tile.look.word)), part("agent quiet", tile.agent)),
      part("task quiet", tile.task),
      part("asks", tile.asks),
    );
    this.#head.title = tile.tooltip;
    // Of one that is over there is no screen any more.
    this.#frame.hidden = tile.group === "ended";
    this.element.dataset.vscodeContext = JSON.stringify({
      webviewSection: "session",
      sessionRow: tile.context,
      tile: tile.id,
      canType: tile.context.startsWith("session+living"),
      preventDefaultContextMenuItems: true,
    } satisfies TileMenuPlace);
  }

  /** What the screen says, without what is blank below. */
  get text(): string {
    const { picture } = this.newest;
    return picture ? picture.rows.slice(0, usedRows(picture)).map(textOfRow).join("\n").trimEnd() : "";
  }

  /** The menu as the keyboard opens it: at the tile's name. */
  openMenu(): void {
    const { left, bottom } = this.#head.getBoundingClientRect();
    const place = { bubbles: true, cancelable: true, clientX: left, clientY: bottom };
    this.element.dispatchEvent(new MouseEvent("contextmenu", place));
  }

  /** Shows the newest. */
  draw(): void {
    const { picture } = this.newest;
    if (picture) this.#screen.show(picture);
    this.fit();
  }

  redraw(): void {
    this.drawing.dress(this.#frame);
    this.#screen.redraw();
    this.fit();
  }

  /**
   * As large as the frame is wide, but never too small to be made out: of a wide screen the left part is seen, of a
   * high one the lower end of what is used, where things happen.
   */
  fit(): void {
    const picture = this.#screen.picture;
    if (!picture) return;
    const { clientWidth, clientHeight } = this.#frame;
    const scale = Math.max(leastScale, clientWidth / Math.max(1, picture.cols * this.drawing.cell.width));
    const from = Math.min(0, clientHeight - usedRows(picture) * this.drawing.cell.height * scale);
    this.#screen.element.style.transform = `translateY(${from}px) scale(${scale})`;
  }
}
