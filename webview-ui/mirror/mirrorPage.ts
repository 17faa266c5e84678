import {
  type MirrorAct,
  type MirrorRequests,
  type MirrorStart,
  type MirrorStatus,
  type MirrorTexts,
  type MirrorView,
  mostHistoryRows,
  type TerminalLook,
} from "../../src/protocol/mirror";
import type { Asks } from "../../src/protocol/pageMessages";
import { applyChange, type ScreenChange, type ScreenPicture, usedRows } from "../../src/protocol/screenPicture";
import { kept } from "../shared/bridge";
import { type Checkbox, element, onClick } from "../shared/controls";
import { Drawing } from "../shared/drawing";
import { oncePerFrame } from "../shared/frames";
import { textOfRow } from "../shared/rowCells";
import { ScreenView } from "../shared/screenView";
import { onThemeChange } from "../shared/theme";
import { FindBar, type Searched } from "./findBar";
import { edge, Following } from "./following";
import { showHeader } from "./header";
import { HistoryView } from "./history";
import { Keyboard } from "./keyboard";
import { selectedText } from "./selectedText";
import { lineText } from "./statusLine";
import { zoomed } from "./zoom";

/** Rows that are asked for first when somebody looks up; twice as many each further time. */
const firstRows = 500;
const searchedRows = 5000;

/** One session's screen: live, or held still while somebody reads. */
export class MirrorPage {
  readonly #drawing: Drawing;
  readonly #screen: ScreenView;
  readonly #history: HistoryView;
  readonly #keyboard: Keyboard;
  readonly #find: FindBar;
  readonly #texts: MirrorTexts;
  readonly #scroller = element("scroller");
  #view: MirrorView;
  /** The newest there is, shown or not. */
  #newest: ScreenPicture | undefined;
  /**
   * `live`: the newest is shown; `still`: nothing moves, because somebody reads further up, searches or wants it so.
   */
  #shown: "live" | "still" = "live";
  #status: MirrorStatus | undefined;
  #typing = false;
  readonly #following = new Following(
    this.#scroller,
    () => this.#screen.element.offsetTop + this.#usedRows() * this.#drawing.cell.height,
  );
  readonly #draw = oncePerFrame(() => this.#drawNow());
  /** Rows of history that are not shown. */
  #above = 0;
  #loading = false;
  #resyncing = false;

  constructor(
    private readonly host: Asks<MirrorRequests>,
    private readonly start: MirrorStart,
  ) {
    this.#texts = start.texts;
    this.#view = { zoom: 1, paused: false, spoken: false, ...(kept.get() as { view?: MirrorView } | undefined)?.view };
    this.#drawing = new Drawing(start.look);
    this.#drawing.setFont(start.look, this.#view.zoom);
    this.#screen = new ScreenView(this.#drawing);
    this.#history = new HistoryView(this.#drawing);
    this.#keyboard = new Keyboard(
      {
        keys: (text) => this.host.say("keys", { text }),
        pasted: (text) => void this.#asked(this.host.ask("paste", { text })),
        copy: () => void this.#copy(),
        leave: () => void this.#toggleKeyboard(),
        focused: () => this.#showTyping(),
      },
      () => ({ modes: this.#newest?.modes ?? [], selected: this.#selection() !== "" }),
    );
    this.#find = new FindBar(
      this.#texts,
      () => this.#endFind(),
      (place) => this.#reveal(place),
    );
    this.#keyboard.element.setAttribute("aria-label", this.#texts.take);
    this.#screen.element.append(this.#keyboard.element);
    element("content").append(this.#history.element, this.#screen.element);
    this.#dress();
    this.#listen();
    this.#keep();
  }

  picture(picture: ScreenPicture): void {
    this.#resyncing = false;
    this.#newest = picture;
    this.#draw();
  }

  change(change: ScreenChange): void {
    const next = this.#newest && applyChange(this.#newest, change);
    if (next) {
      this.#newest = next;
      this.#draw();
    } else if (!this.#resyncing) {
      this.#resyncing = true;
      void this.host.ask("resync", {});
    }
  }

  look(look: TerminalLook): void {
    this.#drawing.setFont(look, this.#view.zoom);
    this.#redraw();
  }

  status(status: MirrorStatus): void {
    this.#status = status;
    showHeader(status);
    this.#showTyping();
  }

  act(act: MirrorAct): void {
    const acts: Record<MirrorAct, () => void> = {
      find: () => void this.#openFind(),
      copy: () => void this.#copy(),
      pause: () => this.#togglePause(),
      zoomIn: () => this.#zoom(1),
      zoomOut: () => this.#zoom(-1),
      zoomReset: () => this.#zoom(0),
      keyboard: () => void this.#toggleKeyboard(),
      fit: () => this.#fit(),
    };
    acts[act]();
  }

  keyboardIs(taken: boolean): void {
    this.#typing = taken;
    if (taken) this.#keyboard.take();
    else this.#keyboard.give();
    if (!taken && document.hasFocus()) this.#scroller.focus({ preventScroll: true });
    this.#showTyping();
  }

  #listen(): void {
    onClick("take", () => void this.#toggleKeyboard());
    onClick("pause", () => this.#togglePause());
    onClick("find-open", () => void this.#openFind());
    onClick("copy", () => void this.#copy());
    onClick("zoom-in", () => this.#zoom(1));
    onClick("zoom-out", () => this.#zoom(-1));
    onClick("as-text", () => void this.host.ask("openAsText", {}));
    onClick("banner-reattach", () => void this.host.ask("reattach", {}));
    onClick("banner-close", () => void this.host.ask("close", {}));
    onClick("earlier", () => void this.#lookUp(firstRows));
    const spoken = element("spoken") as Checkbox;
    spoken.checked = this.#view.spoken;
    spoken.addEventListener("change", () => this.#change({ spoken: spoken.checked }));
    this.#scroller.addEventListener("scroll", () => this.#scrolled());
    this.#scroller.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    this.#scroller.addEventListener("keydown", (event) => this.#key(event));
    // Whoever has selected something or gone to a button while they type may give the keyboard back from there.
    document.addEventListener("keydown", (event) => {
      if (!this.#typing || !event.ctrlKey || event.altKey || event.metaKey || event.key !== "]") return;
      event.preventDefault();
      event.stopPropagation();
      void this.#toggleKeyboard();
    });
    this.#scroller.addEventListener("mouseup", () => {
      if (this.#typing && this.#selection() === "") this.#keyboard.take();
    });
    document.addEventListener("copy", (event) => {
      const text = this.#selection();
      if (text === "") return;
      event.clipboardData?.setData("text/plain", text);
      event.preventDefault();
    });
    window.addEventListener(
      "focus",
      () => this.#typing && document.activeElement === document.body && this.#keyboard.take(),
    );
    onThemeChange(() => {
      this.#drawing.readTheme();
      this.#redraw();
    });
  }

  /* ------------------------------------------------------------ what is shown */

  #drawNow(): void {
    const newest = this.#newest;
    if (!newest) return;
    this.#showEarlier();
    if (this.#shown === "live" && !this.#view.paused) this.#showLive(newest);
    else if (!this.#screen.picture) this.#screen.show(newest);
    this.#showLine();
  }

  #showLive(newest: ScreenPicture): void {
    const resized = this.#screen.picture?.rows.length !== newest.rows.length;
    this.#screen.show(newest);
    if (resized) this.#following.now();
    else this.#following.on(`${this.#usedRows()} ${this.#above > 0}`);
    if (this.#typing) this.#placeKeyboard();
  }

  /** Of a screen that is higher than the panel only its used part is followed. */
  #usedRows(): number {
    const picture = this.#screen.picture;
    return picture ? usedRows(picture) : 0;
  }

  #showEarlier(): void {
    const newest = this.#newest;
    const above = newest && !newest.alternate ? newest.total_lines - newest.rows.length - this.#history.rows.length : 0;
    if (above === this.#above) return;
    this.#above = above;
    element("earlier").hidden = above <= 0;
    element("earlier").textContent = this.#texts.earlier.replace("{0}", String(above));
  }

  #redraw(): void {
    this.#dress();
    this.#history.redraw();
    this.#screen.redraw();
    this.#find.searchIn(this.#searched());
    this.#placeKeyboard();
    if (this.#shown === "live" && !this.#view.paused) this.#following.now();
  }

  #dress(): void {
    this.#drawing.dress(element("content"));
    this.#scroller.style.backgroundColor = element("content").style.backgroundColor;
    this.#scroller.setAttribute("aria-live", this.#view.spoken ? "polite" : "off");
  }

  /**
   * Holds still and shows the newest `lines` rows, as they are at this moment. The place that is looked at stays where
   * it is.
   */
  async #lookUp(lines: number): Promise<void> {
    const newest = this.#newest;
    if (!newest || this.#loading) return;
    this.#shown = "still";
    this.#loading = true;
    try {
      const fromEnd = this.#scroller.scrollHeight - this.#scroller.scrollTop;
      const { rows } = await this.host.ask("history", { lines: Math.min(mostHistoryRows, lines + newest.rows.length) });
      const height = newest.rows.length;
      const above = Math.max(0, rows.length - height);
      const screen = rows.slice(above);
      this.#history.show(rows.slice(0, above));
      this.#screen.show({
        ...newest,
        rows: newest.rows.map((_, index) => screen[index] ?? []),
        cursor: { ...newest.cursor, visible: false },
      });
      this.#scroller.scrollTop = this.#scroller.scrollHeight - fromEnd;
      this.#find.searchIn(this.#searched());
    } catch (error) {
      this.#shown = "live";
      this.#say(error instanceof Error ? error.message : String(error));
    } finally {
      this.#loading = false;
      this.#draw();
    }
  }

  #goLive(): void {
    this.#shown = "live";
    this.#history.show([]);
    if (this.#newest && !this.#view.paused) this.#screen.show(this.#newest);
    this.#following.now();
    this.#draw();
  }

  #scrolled(): void {
    if (this.#shown === "live" || this.#loading || this.#find.isOpen) return;
    const { scrollTop, clientHeight, scrollHeight } = this.#scroller;
    if (scrollTop + clientHeight >= scrollHeight - edge) {
      if (!this.#view.paused) this.#goLive();
    } else if (scrollTop < edge && this.#hasMore()) void this.#lookUp(this.#history.rows.length * 2);
  }

  #hasMore(): boolean {
    const { rows } = this.#history;
    const newest = this.#newest;
    return (
      rows.length > 0 &&
      newest !== undefined &&
      rows.length + newest.rows.length < Math.min(mostHistoryRows, newest.total_lines)
    );
  }

  #wheel(event: WheelEvent): void {
    if (event.ctrlKey) {
      event.preventDefault();
      this.#zoom(event.deltaY < 0 ? 1 : -1);
    } else if (event.deltaY < 0) this.#upFromTop();
  }

  /** Looking further up than there are rows brings some. */
  #upFromTop(): void {
    const newest = this.#newest;
    if (
      this.#history.rows.length === 0 &&
      this.#scroller.scrollTop < edge &&
      newest &&
      !newest.alternate &&
      newest.total_lines > newest.rows.length
    )
      void this.#lookUp(firstRows);
  }

  #key(event: KeyboardEvent): void {
    if (event.target !== this.#scroller) return;
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      void this.#toggleKeyboard();
    } else if (["PageUp", "ArrowUp", "Home"].includes(event.key)) this.#upFromTop();
    else if (event.key === "End" && this.#shown === "still" && !this.#view.paused) this.#goLive();
  }

  /* ---------------------------------------------------------------- find, copy */

  #searched(): Searched {
    const rows = [...this.#history.rows, ...(this.#screen.picture?.rows ?? [])];
    return { texts: rows.map(textOfRow), elements: this.#rowElements() };
  }

  #rowElements(): HTMLElement[] {
    return [...this.#history.elements, ...this.#screen.rows];
  }

  async #openFind(): Promise<void> {
    if (this.#typing) await this.#toggleKeyboard();
    if (!this.#find.isOpen) await this.#lookUp(searchedRows);
    this.#find.open(this.#searched());
  }

  /** Brings a place of the page into the middle, and sideways only when it is out of sight. */
  #reveal(place: DOMRect): void {
    const frame = this.#scroller.getBoundingClientRect();
    this.#scroller.scrollTop += place.top - frame.top - frame.height / 2;
    if (place.left < frame.left || place.right > frame.right)
      this.#scroller.scrollLeft += place.left - frame.left - frame.width / 2;
  }

  #endFind(): void {
    this.#scroller.focus({ preventScroll: true });
    this.#scrolled();
  }

  #selection(): string {
    return selectedText(this.#rowElements());
  }

  /** The selection, else everything that there is. */
  async #copy(): Promise<void> {
    let text = this.#selection();
    if (text === "") {
      const { rows } = await this.host.ask("history", { lines: mostHistoryRows });
      text = `${rows.map(textOfRow).join("\n").trimEnd()}\n`;
    }
    getSelection()?.removeAllRanges();
    await this.host.ask("copy", { text });
    this.#say(this.#texts.copied.replace("{0}", String(text.trimEnd().split("\n").length)));
  }

  /* --------------------------------------------------------------------- view */

  #change(change: Partial<MirrorView>): void {
    this.#view = { ...this.#view, ...change };
    this.#keep();
    this.#dress();
    this.#showLine();
  }

  #keep(): void {
    kept.set({ identity: this.start.identity, view: this.#view });
    element("pause").textContent = this.#view.paused ? this.#texts.follow : this.#texts.pause;
    element("pause").setAttribute("aria-pressed", String(this.#view.paused));
  }

  #togglePause(): void {
    this.#change({ paused: !this.#view.paused });
    if (!this.#view.paused) this.#goLive();
  }

  #zoom(step: 1 | -1 | 0): void {
    this.#change({ zoom: zoomed(this.#view.zoom, step) });
    this.#drawing.setFont(this.#drawing.look, this.#view.zoom);
    this.#redraw();
  }

  #fit(): void {
    const { clientWidth, clientHeight } = this.#scroller;
    const { width, height } = this.#drawing.cell;
    const cells = (pixels: number, size: number): number => Math.max(1, Math.min(1000, Math.floor(pixels / size)));
    void this.#asked(this.host.ask("fit", { rows: cells(clientHeight, height), cols: cells(clientWidth, width) }));
  }

  /* ----------------------------------------------------------------- keyboard */

  async #toggleKeyboard(): Promise<void> {
    const taken = !this.#typing;
    if (await this.#asked(this.host.ask(taken ? "takeKeyboard" : "giveKeyboard", {}))) {
      this.keyboardIs(taken);
      if (taken && this.#shown === "still" && !this.#view.paused) this.#goLive();
    }
  }

  #placeKeyboard(): void {
    const { left, top } = this.#screen.cursorPlace();
    this.#keyboard.element.style.transform = `translate(${left}px, ${top}px)`;
  }

  #showTyping(): void {
    const focused = this.#typing && document.activeElement === this.#keyboard.element;
    document.body.classList.toggle("typing", this.#typing);
    this.#screen.active = focused;
    const take = element("take");
    const text = this.#typing ? this.#texts.give : this.#texts.take;
    // A press on it takes the focus from the keyboard, and would be no click if what was pressed were another text by
    // then.
    if (take.textContent !== text) take.textContent = text;
    take.setAttribute("aria-pressed", String(this.#typing));
    const refused = this.#status?.noTyping ?? "";
    take.title = refused;
    this.#showLine();
  }

  /** Shows why, when the host refuses. */
  async #asked(answer: Promise<null>): Promise<boolean> {
    try {
      await answer;
      return true;
    } catch (error) {
      this.#say(error instanceof Error ? error.message : String(error));
      return false;
    }
  }

  /* -------------------------------------------------------------- status line */

  #showLine(): void {
    const focused = document.activeElement === this.#keyboard.element;
    const behind = (this.#newest?.total_lines ?? 0) - (this.#screen.picture?.total_lines ?? 0);
    const typing = !this.#typing ? undefined : focused ? "here" : "elsewhere";
    this.#say(
      lineText(this.#texts, {
        name: this.#status?.name ?? "",
        typing,
        paused: this.#view.paused,
        behind,
        live: this.#shown === "live",
        lost: this.#status?.lost === true,
      }),
    );
  }

  #say(text: string): void {
    const line = element("line");
    // What stands there already is not announced again.
    if (line.textContent !== text) line.textContent = text;
  }
}
