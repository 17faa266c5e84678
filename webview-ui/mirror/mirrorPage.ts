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
import { type ScreenChange, type ScreenPicture, usedRows } from "../../src/protocol/screenPicture";
import { type Checkbox, element, onClick } from "../shared/controls";
import { counted } from "../shared/countedText";
import { Drawing } from "../shared/drawing";
import { oncePerFrame } from "../shared/frames";
import { NewestPicture } from "../shared/newestPicture";
import { ScreenView } from "../shared/screenView";
import { FindBar } from "./findBar";
import { bringIntoView, Following } from "./following";
import { fittingSize } from "./fitting";
import { showHeader, showSize, showTake } from "./header";
import { HistoryView } from "./history";
import { Keyboard } from "./keyboard";
import { KeptView } from "./keptView";
import { LinkView } from "./linkView";
import { describeMenu } from "./menu";
import { ProgramMouse } from "./programMouse";
import { Reading } from "./reading";
import { ShownRows, textOfRows } from "./shownRows";
import { StatusLine } from "./statusLine";
import { Toolbar } from "./toolbar";
import { toolbarActs } from "./toolbarActs";
import { zoomed } from "./zoom";

const searchedRows = 5000;
/** One session's screen: live, or paused while the person reads. */
export class MirrorPage {
  readonly #drawing: Drawing;
  readonly #screen: ScreenView;
  readonly #history: HistoryView;
  readonly #shown: ShownRows;
  readonly #keyboard: Keyboard;
  readonly #find: FindBar;
  readonly #links: LinkView;
  readonly #toolbar = new Toolbar();
  readonly #texts: MirrorTexts;
  readonly #scroller = element("scroller");
  readonly #newest = new NewestPicture();
  readonly #line: StatusLine;
  readonly #reading: Reading;
  readonly #view: KeptView;
  #status: MirrorStatus | undefined;
  #typing = false;
  readonly #following = new Following(this.#scroller, {
    top: () => this.#screen.element.offsetTop,
    used: () => this.#usedRows() * this.#drawing.cell.height,
  });
  readonly #draw = oncePerFrame(() => this.#drawNow());
  #resyncing = false;

  constructor(
    private readonly host: Asks<MirrorRequests>,
    start: MirrorStart,
  ) {
    this.#texts = start.texts;
    this.#line = new StatusLine(start.texts);
    this.#view = new KeptView(start.identity, start.texts);
    this.#drawing = new Drawing(start.look);
    this.#drawing.setFont(start.look, this.#view.now.zoom);
    this.#screen = new ScreenView(this.#drawing);
    this.#history = new HistoryView(this.#drawing);
    this.#shown = new ShownRows(this.#history, this.#screen);
    this.#keyboard = new Keyboard(
      {
        keys: (text) => this.host.say("keys", { text }),
        pasted: (text) => void this.#asked(this.host.ask("paste", { text })),
        copy: () => this.#copy(),
        leave: () => void this.#setKeyboard(false),
        focused: () => this.#showTyping(),
      },
      () => ({ modes: this.#newest.picture?.modes ?? [], selected: this.#shown.selection !== "" }),
    );
    this.#find = new FindBar(
      this.#texts,
      () => this.#endFind(),
      (place) => bringIntoView(this.#scroller, place),
    );
    this.#reading = new Reading({
      host,
      texts: start.texts,
      scroller: this.#scroller,
      screen: this.#screen,
      history: this.#history,
      following: this.#following,
      newest: () => this.#newest.picture,
      isPaused: () => this.#view.now.paused,
      isOver: () => this.#status?.over === true,
      isSearching: () => this.#find.isOpen,
      changed: () => {
        this.#find.searchIn(this.#shown.searched);
        this.#draw();
      },
      failed: (error) => this.#failed(error),
    });
    this.#links = new LinkView({
      host,
      texts: start.texts,
      scroller: this.#scroller,
      rows: this.#shown,
      drawing: this.#drawing,
      failed: (error) => this.#failed(error),
    });
    new ProgramMouse({
      scroller: this.#scroller,
      screen: this.#screen,
      drawing: this.#drawing,
      live: () => (this.#typing && this.#isLive ? this.#newest.picture : undefined),
      follows: (event) => this.#links.follows(event),
      act: (act) => this.host.say("mouse", act),
      focus: () => this.#keyboard.take(),
    });
    this.#keyboard.element.setAttribute("aria-label", this.#texts.take);
    this.#screen.element.append(this.#keyboard.element);
    element("content").append(this.#history.element, this.#screen.element);
    this.#dress();
    this.#listen();
  }

  picture(picture: ScreenPicture): void {
    this.#resyncing = false;
    this.#newest.whole(picture);
    this.#draw();
  }

  change(change: ScreenChange): void {
    if (this.#newest.change(change)) this.#draw();
    else if (!this.#resyncing) {
      this.#resyncing = true;
      void this.#asked(this.host.ask("resync", {}));
    }
  }

  look(look: TerminalLook): void {
    this.#drawing.setFont(look, this.#view.now.zoom);
    this.#redraw();
  }

  status(status: MirrorStatus): void {
    this.#status = status;
    showHeader(status);
    this.#toolbar.arrange();
    this.#showTyping();
  }

  act(act: MirrorAct): void {
    this.#acts[act]();
  }

  readonly #acts: Record<MirrorAct, () => void> = {
    find: () => void this.#openFind(),
    copy: () => this.#copy(),
    paste: () => void this.#asked(this.host.ask("pasteClipboard", {})),
    pause: () => this.#togglePause(),
    zoomIn: () => this.#zoom(1),
    zoomOut: () => this.#zoom(-1),
    zoomReset: () => this.#zoom(0),
    keyboard: () => void this.#setKeyboard(!this.#typing),
    takeKeyboard: () => void this.#setKeyboard(true),
    giveKeyboard: () => void this.#setKeyboard(false),
    fit: () => this.#fit(),
    openAsText: () => void this.#asked(this.host.ask("openAsText", {})),
    explain: () => void this.#asked(this.host.ask("explain", {})),
    prompt: () => void this.#asked(this.host.ask("prompt", {})),
    openLink: () => this.#links.openMenus(),
    listLinks: () => this.#links.list(),
  };

  keyboardIs(taken: boolean): void {
    this.#typing = taken;
    if (taken) this.#keyboard.take();
    else this.#keyboard.give();
    if (!taken && document.hasFocus()) this.#scroller.focus({ preventScroll: true });
    this.#showTyping();
    this.#draw();
  }

  #listen(): void {
    for (const [id, act] of Object.entries(toolbarActs)) onClick(id, () => this.act(act));
    for (const act of ["answer", "reattach", "close"] as const)
      onClick(`banner-${act}`, () => void this.#asked(this.host.ask(act, {})));
    const spoken = element("spoken") as Checkbox;
    spoken.checked = this.#view.now.spoken;
    spoken.addEventListener("change", () => this.#change({ spoken: spoken.checked }));
    this.#scroller.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    this.#scroller.addEventListener("keydown", (event) => this.#key(event));
    // A person who has selected something or moved to a button while typing can give the keyboard back from there.
    document.addEventListener("keydown", (event) => {
      if (!this.#typing || !event.ctrlKey || event.altKey || event.metaKey || event.key !== "]") return;
      event.preventDefault();
      event.stopPropagation();
      void this.#setKeyboard(!this.#typing);
    });
    describeMenu(this.#scroller, (event) => ({
      webviewSection: "session",
      preventDefaultContextMenuItems: true,
      hasSelection: this.#shown.selection !== "",
      onLink: this.#links.onMenu(event),
      hasKeyboard: this.#typing,
      unseen: this.#status?.unseen === true,
      hasAgent: (this.#status?.agent ?? "") !== "",
      canType: this.#status?.noTyping === "" && !this.#status.over,
    }));
    this.#scroller.addEventListener("mouseup", ({ button }) => {
      if (button === 0 && this.#typing && this.#shown.selection === "") this.#keyboard.take();
    });
    this.#shown.giveSelection();
    window.addEventListener(
      "focus",
      () => this.#typing && document.activeElement === document.body && this.#keyboard.take(),
    );
    this.#drawing.followTheme(() => this.#redraw());
  }

  /* ------------------------------------------------------------ what is shown */

  #drawNow(): void {
    const newest = this.#newest.picture;
    if (!newest) return;
    showSize(this.#texts, newest);
    this.#reading.showEarlier();
    if (this.#isLive) this.#showLive(newest);
    else if (!this.#screen.picture) this.#screen.show(newest);
    this.#showLine();
  }

  /** The newest is shown: nobody reads further up, searches, or wants it to stand still. */
  get #isLive(): boolean {
    return this.#reading.isLive && !this.#view.now.paused;
  }

  #showLive(newest: ScreenPicture): void {
    const resized = this.#screen.picture?.rows.length !== newest.rows.length;
    this.#screen.show(newest);
    this.#links.drawn();
    if (this.#typing) this.#placeKeyboard();
    this.#following.cursor(this.#typing ? this.#screen.cursorCell() : undefined);
    if (resized) this.#following.now();
    else this.#following.on(`${this.#usedRows()} ${this.#reading.hasEarlier}`);
  }

  /** Of a screen that is higher than the panel only its used part is followed. */
  #usedRows(): number {
    const picture = this.#screen.picture;
    return picture ? usedRows(picture) : 0;
  }

  #redraw(): void {
    this.#dress();
    this.#history.redraw();
    this.#screen.redraw();
    this.#find.searchIn(this.#shown.searched);
    this.#placeKeyboard();
    if (this.#isLive) this.#following.now();
  }

  #dress(): void {
    this.#drawing.dress(element("content"));
    this.#scroller.style.backgroundColor = element("content").style.backgroundColor;
    this.#scroller.setAttribute("aria-live", this.#view.now.spoken ? "polite" : "off");
  }

  #wheel(event: WheelEvent): void {
    if (event.ctrlKey) {
      event.preventDefault();
      this.#zoom(event.deltaY < 0 ? 1 : -1);
    } else if (event.deltaY < 0) this.#reading.upFromTop();
  }

  #key(event: KeyboardEvent): void {
    if (event.target !== this.#scroller) return;
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      void this.#setKeyboard(!this.#typing);
    } else if (["PageUp", "ArrowUp", "Home"].includes(event.key)) this.#reading.upFromTop();
    else if (event.key === "End" && !this.#reading.isLive && !this.#view.now.paused) this.#reading.goLive();
  }

  /* ---------------------------------------------------------------- find, copy */

  async #openFind(): Promise<void> {
    if (this.#typing) await this.#setKeyboard(false);
    if (!this.#find.isOpen) await this.#reading.lookUp(searchedRows);
    this.#find.open(this.#shown.searched);
  }

  #endFind(): void {
    this.#scroller.focus({ preventScroll: true });
    this.#reading.scrolled();
  }

  #copy(): void {
    void this.#asked(this.#copyShown());
  }

  /** The selection, else everything that there is; of a session that is over, what is shown. */
  async #copyShown(): Promise<void> {
    let text = this.#shown.selection;
    if (text === "")
      text = textOfRows(
        this.#status?.over ? this.#shown.rows : (await this.host.ask("history", { lines: mostHistoryRows })).rows,
      );
    getSelection()?.removeAllRanges();
    await this.host.ask("copy", { text });
    this.#line.notice(counted(this.#texts.copied, text.trimEnd().split("\n").length));
  }

  /* --------------------------------------------------------------------- view */

  #change(change: Partial<MirrorView>): void {
    this.#view.change(change);
    this.#dress();
    this.#showLine();
  }

  #togglePause(): void {
    this.#change({ paused: !this.#view.now.paused });
    if (!this.#view.now.paused) this.#reading.goLive();
  }

  #zoom(step: 1 | -1 | 0): void {
    this.#change({ zoom: zoomed(this.#view.now.zoom, step) });
    this.#drawing.setFont(this.#drawing.look, this.#view.now.zoom);
    this.#redraw();
  }

  #fit(): void {
    void this.#asked(this.host.ask("fit", fittingSize(this.#scroller, element("content"), this.#drawing.cell)));
  }

  /* ----------------------------------------------------------------- keyboard */

  async #setKeyboard(taken: boolean): Promise<void> {
    if (await this.#asked(this.host.ask(taken ? "takeKeyboard" : "giveKeyboard", {}))) {
      this.keyboardIs(taken);
      if (taken && !this.#reading.isLive && !this.#view.now.paused) this.#reading.goLive();
    }
  }

  #placeKeyboard(): void {
    const { left, top } = this.#screen.cursorCell();
    this.#keyboard.element.style.transform = `translate(${left}px, ${top}px)`;
  }

  #showTyping(): void {
    const focused = this.#typing && document.activeElement === this.#keyboard.element;
    document.body.classList.toggle("typing", this.#typing);
    this.#screen.active = focused;
    if (showTake(this.#texts, this.#typing, this.#status?.noTyping ?? "")) this.#toolbar.arrange();
    this.#showLine();
  }

  /** Shows why, when the host refuses. */
  async #asked(answer: Promise<unknown>): Promise<boolean> {
    try {
      await answer;
      return true;
    } catch (error) {
      this.#failed(error);
      return false;
    }
  }

  #failed(error: unknown): void {
    this.#line.notice(error instanceof Error ? error.message : String(error));
  }

  /* -------------------------------------------------------------- status line */

  #showLine(): void {
    const focused = document.activeElement === this.#keyboard.element;
    const behind = (this.#newest.picture?.total_lines ?? 0) - (this.#screen.picture?.total_lines ?? 0);
    this.#line.watch({
      name: this.#status?.name ?? "",
      typing: !this.#typing ? undefined : focused ? "here" : "elsewhere",
      paused: this.#view.now.paused,
      behind,
      live: this.#reading.isLive,
      lost: this.#status?.lost === true,
    });
  }
}
