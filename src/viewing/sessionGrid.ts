import { stripControlCharacters } from "../core/safety/controlCharacters";
import type { Event } from "../core/base/event";
import { type Disposable, DisposableStore } from "../core/base/lifecycle";
import type { Clock, Logger } from "../core/ports/machine";
import type { TerminalLook } from "../protocol/mirror";
import type {
  OverviewEvents,
  OverviewRequestHandlers,
  OverviewRequests,
  OverviewTexts,
  Tile,
  TileScreen,
} from "../protocol/overview";
import { overviewChecks } from "../protocol/pageChecks";
import type { ProjectPicture } from "../protocol/projectRows";
import { endedCount, type SessionTile, tilesOf } from "../protocol/tiles";
import type { AgeTimer } from "./ageTimer";
import { type PageChannel, PageHost } from "./pageHost";
import { PictureSender } from "./pictureSender";
import type { SessionFeed } from "./sessionFeed";

/** Screens of all tiles that changed travel together this often at most: what small pictures need. */
const togetherMs = 50;

/** The sessions that can be shown. */
export interface GridSource {
  readonly onChange: Event<unknown>;
  pictures(): readonly ProjectPicture[];
  /** What is wrong with the servers of sessions; empty where nothing is. */
  notice(): string;
  /** The feed of a tile's screen until it is disposed of; undefined when its record is not there any more. */
  hold(tile: SessionTile): ({ readonly feed: SessionFeed } & Disposable) | undefined;
}

export interface GridShell {
  readonly clock: Clock;
  readonly ages: AgeTimer;
  readonly logger: Logger;
  texts(): OverviewTexts;
  look(): TerminalLook;
  /** Opens the mirror of that session; of one that is over, what is left of it. */
  open(tile: SessionTile): Promise<void>;
}

interface WatchedTile extends Disposable {
  readonly sender: PictureSender;
  next(): TileScreen | undefined;
}

/** The host's side of the page with all living sessions. */
export class SessionGrid implements Disposable {
  readonly #store = new DisposableStore();
  readonly #page: PageHost<OverviewRequests, OverviewEvents>;
  /** Tiles in sight. */
  readonly #watched = new Map<string, WatchedTile>();
  readonly #changed = new Set<string>();
  /** Of the page that is seen now. */
  #seen: object | undefined;
  #ready = false;
  #sending: Disposable | undefined;
  #aging: Disposable | undefined;
  #told = "";
  /** Sessions that are over are wanted, too. */
  #ended = false;

  constructor(
    channel: PageChannel,
    private readonly source: GridSource,
    private readonly shell: GridShell,
  ) {
    this.#page = this.#store.add(new PageHost(channel, overviewChecks, this.#handlers(), shell.logger));
    this.#store.add(source.onChange(() => this.#tellTiles()));
  }

  /** A hidden page costs nothing; one that is shown again starts from the beginning. */
  set visible(visible: boolean) {
    if (visible === (this.#seen !== undefined)) return;
    if (visible) {
      this.#seen = {};
      this.#aging = this.shell.ages.watch(() => this.#tellTiles());
      return;
    }
    this.#seen = undefined;
    this.#ready = false;
    this.#watch([]);
    for (const timer of [this.#sending, this.#aging]) timer?.dispose();
    this.#sending = undefined;
  }

  tellLook(): void {
    if (this.#ready) this.#page.tell("look", this.shell.look());
  }

  dispose(): void {
    this.visible = false;
    this.#store.dispose();
  }

  #tiles(): SessionTile[] {
    return tilesOf(this.source.pictures(), this.shell.clock.now(), this.#ended);
  }

  #tellTiles(): void {
    if (!this.#ready) return;
    const tiles = this.#tiles().map(({ key, session, ...tile }): Tile => tile);
    const ended = endedCount(this.source.pictures());
    const told = { tiles, ended, notice: stripControlCharacters(this.source.notice()) };
    const text = JSON.stringify(told);
    if (text === this.#told) return;
    this.#told = text;
    this.#page.tell("tiles", told);
  }

  #watch(ids: readonly string[]): void {
    const wanted = new Set(ids);
    for (const [id, tile] of this.#watched) {
      if (wanted.has(id)) continue;
      tile.dispose();
      this.#watched.delete(id);
    }
    const tiles = wanted.size === 0 ? [] : this.#tiles();
    for (const tile of tiles)
      if (wanted.has(tile.id) && tile.group !== "ended" && !this.#watched.has(tile.id)) this.#watchTile(tile);
  }

  #watchTile(tile: SessionTile): void {
    const held = this.source.hold(tile);
    if (!held) return;
    const { id } = tile;
    const { feed } = held;
    const store = new DisposableStore();
    store.add(held);
    const sender = new PictureSender();
    store.add(feed.onChange(() => this.#sendSoon(id)));
    store.add(feed.watch());
    const next = (): TileScreen | undefined => {
      const sent = feed.screen && sender.next(feed.screen);
      return sent && { id, ...sent };
    };
    this.#watched.set(id, { sender, next, dispose: () => store.dispose() });
    this.#sendSoon(id);
  }

  #sendSoon(id: string): void {
    this.#changed.add(id);
    this.#sending ??= this.shell.clock.after(togetherMs, () => {
      this.#sending = undefined;
      const screens = [...this.#changed].flatMap((each) => this.#watched.get(each)?.next() ?? []);
      this.#changed.clear();
      if (screens.length > 0 && this.#ready) this.#page.tell("screens", { screens });
    });
  }

  #handlers(): OverviewRequestHandlers {
    return {
      ready: () => {
        // What follows comes after this answer, to the page that asked.
        const seen = this.#seen;
        this.shell.clock.after(0, () => {
          if (!seen || seen !== this.#seen) return;
          this.#ready = true;
          this.#told = "";
          this.#tellTiles();
        });
        return { look: this.shell.look(), texts: this.shell.texts() };
      },
      include: ({ ended }) => {
        this.#ended = ended;
        this.#tellTiles();
        return null;
      },
      watch: ({ ids }) => {
        // A page that was hidden meanwhile watches nothing.
        if (this.#seen) this.#watch(ids);
        return null;
      },
      resync: ({ ids }) => {
        for (const id of ids) {
          this.#watched.get(id)?.sender.forget();
          if (this.#watched.has(id)) this.#sendSoon(id);
        }
        return null;
      },
      open: async ({ id }) => {
        const tile = this.#tiles().find((each) => each.id === id);
        if (tile) await this.shell.open(tile);
        return null;
      },
    };
  }
}
