import { type MirrorRequests, type MirrorTexts, mostHistoryRows } from "../../src/protocol/mirror";
import type { Asks } from "../../src/protocol/pageMessages";
import type { ScreenPicture } from "../../src/protocol/screenPicture";
import { element, onClick } from "../shared/controls";
import { counted } from "../shared/countedText";
import type { ScreenView } from "../shared/screenView";
import { edge, type Following } from "./following";
import type { HistoryView } from "./history";

/** Rows that are asked for first when the person looks up; twice as many each further time. */
const firstRows = 500;

export interface ReadingPage {
  readonly host: Pick<Asks<MirrorRequests>, "ask">;
  readonly texts: Pick<MirrorTexts, "earlier">;
  readonly scroller: HTMLElement;
  readonly screen: ScreenView;
  readonly history: HistoryView;
  readonly following: Following;
  /** The newest screen there is, shown or not. */
  newest(): ScreenPicture | undefined;
  /** The person wants nothing to move. */
  isPaused(): boolean;
  /** Its session ended or no longer exists, and has no more rows to give. */
  isOver(): boolean;
  isSearching(): boolean;
  /** Other rows are shown, or the newest are to be. */
  changed(): void;
  failed(error: unknown): void;
}

/** What lies above the screen, and whether the page is live or paused because the person reads it. */
export class Reading {
  #isLive = true;
  #loading = false;
  /** Rows of history that are not shown. */
  #above = 0;

  constructor(private readonly page: ReadingPage) {
    onClick("earlier", () => void this.lookUp(firstRows));
    page.scroller.addEventListener("scroll", () => this.scrolled());
  }

  /** False: nothing moves, because the person reads further up or searches. */
  get isLive(): boolean {
    return this.#isLive;
  }

  get hasEarlier(): boolean {
    return this.#above > 0;
  }

  showEarlier(): void {
    const { history, texts } = this.page;
    const newest = this.page.newest();
    const above = newest && !newest.alternate ? newest.total_lines - newest.rows.length - history.rows.length : 0;
    if (above === this.#above) return;
    this.#above = above;
    element("earlier").hidden = above <= 0;
    element("earlier").textContent = counted(texts.earlier, above);
  }

  /**
   * Holds still and shows the newest `lines` rows, as they are at this moment. The place that is looked at stays where
   * it is.
   */
  async lookUp(lines: number): Promise<void> {
    const { host, scroller } = this.page;
    const newest = this.page.newest();
    if (!newest || this.#loading || this.page.isOver()) return;
    const wasLive = this.#isLive;
    this.#isLive = false;
    this.#loading = true;
    try {
      const fromEnd = scroller.scrollHeight - scroller.scrollTop;
      const { rows } = await host.ask("history", { lines: Math.min(mostHistoryRows, lines + newest.rows.length) });
      this.#show(newest, rows);
      scroller.scrollTop = scroller.scrollHeight - fromEnd;
    } catch (error) {
      this.#isLive = wasLive;
      this.page.failed(error);
    } finally {
      this.#loading = false;
      this.page.changed();
    }
  }

  goLive(): void {
    const { history, screen, following } = this.page;
    const newest = this.page.newest();
    this.#isLive = true;
    history.show([]);
    if (newest && !this.page.isPaused()) screen.show(newest);
    following.now();
    this.page.changed();
  }

  /** Back at the end it is live again; at the top there is more to read. */
  scrolled(): void {
    if (this.#isLive || this.#loading || this.page.isSearching()) return;
    const { scrollTop, clientHeight, scrollHeight } = this.page.scroller;
    if (scrollTop + clientHeight >= scrollHeight - edge) {
      if (!this.page.isPaused()) this.goLive();
    } else if (scrollTop < edge && this.#hasMore()) void this.lookUp(this.page.history.rows.length * 2);
  }

  /** Looking further up than there are rows brings some. */
  upFromTop(): void {
    const { history, scroller } = this.page;
    const newest = this.page.newest();
    if (
      history.rows.length === 0 &&
      scroller.scrollTop < edge &&
      newest &&
      !newest.alternate &&
      newest.total_lines > newest.rows.length
    )
      void this.lookUp(firstRows);
  }

  #show(newest: ScreenPicture, rows: ScreenPicture["rows"]): void {
    const above = Math.max(0, rows.length - newest.rows.length);
    const screen = rows.slice(above);
    this.page.history.show(rows.slice(0, above));
    this.page.screen.show({
      ...newest,
      rows: newest.rows.map((_, index) => screen[index] ?? []),
      cursor: { ...newest.cursor, visible: false },
    });
  }

  #hasMore(): boolean {
    const { rows } = this.page.history;
    const newest = this.page.newest();
    return (
      rows.length > 0 &&
      newest !== undefined &&
      rows.length + newest.rows.length < Math.min(mostHistoryRows, newest.total_lines)
    );
  }
}
