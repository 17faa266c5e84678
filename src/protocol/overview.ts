import type { CountedText, TerminalLook } from "./mirror";
import type { RequestHandlers } from "./pageMessages";
import type { RowContext } from "./projectRows";
import type { ScreenChange, ScreenPicture } from "./screenPicture";
import type { StateLook } from "./stateLook";

/** What sessions are counted and chosen by, in the order in which they are shown. */
export const tileGroups = ["waiting", "unclear", "failed", "limited", "done", "working", "idle", "ended"] as const;

export type TileGroup = (typeof tileGroups)[number];

/** One session of the overview. */
export interface Tile {
  /** Unique in the window, and the same as long as the session is the same; tells nothing else. */
  readonly id: string;
  /** Role and index. */
  readonly name: string;
  readonly project: string;
  readonly group: TileGroup;
  /** When it came into its state, in milliseconds since 1970. */
  readonly since: number;
  /** What it works at, or did last; empty where there is no task. */
  readonly task: string;
  /** Its word says since when, too. */
  readonly look: StateLook;
  /** What it asks, or how it ended, in one line; empty where there is nothing to say. */
  readonly asks: string;
  /** The coding agent that works there, with its model; empty where there is none. */
  readonly agent: string;
  /** Lines that say all in full. */
  readonly tooltip: string;
  /** Chooses what the menu offers, as of the session's row in the tree. */
  readonly context: RowContext;
}

/** Sentences that the page puts together. */
export interface OverviewTexts {
  readonly sessions: CountedText;
  /** `{0}` of `{1}` sessions are shown. */
  readonly some: string;
  readonly groups: Readonly<Record<TileGroup, { readonly count: CountedText; readonly look: StateLook }>>;
}

/** What became of one tile's screen: a whole picture, or a change of the one before. */
export type TileScreen =
  { readonly id: string; readonly picture: ScreenPicture } | { readonly id: string; readonly change: ScreenChange };

export const tileSorts = ["need", "newest", "name"] as const;
export const tileSizes = ["small", "medium", "large"] as const;

/** What a person chose to see. */
export interface OverviewView {
  /** Name of the only project to be shown; empty: all. */
  readonly project: string;
  /** The only ones to be shown; empty: all that live. */
  readonly groups: readonly TileGroup[];
  /** A part of what the tile says. */
  readonly text: string;
  readonly sort: (typeof tileSorts)[number];
  readonly size: (typeof tileSizes)[number];
}

export const wholeView: OverviewView = { project: "", groups: [], text: "", sort: "need", size: "medium" };

export interface OverviewRequests {
  /** The page can hear; all tiles follow. */
  readonly ready: {
    readonly params: Record<string, never>;
    readonly result: { readonly look: TerminalLook; readonly texts: OverviewTexts };
  };
  /** Whether sessions that are over are wanted, too. */
  readonly include: { readonly params: { readonly ended: boolean }; readonly result: null };
  /** The tiles that somebody can see now; of all others nothing is told. */
  readonly watch: { readonly params: { readonly ids: readonly string[] }; readonly result: null };
  /** Changes of these tiles were missed. */
  readonly resync: { readonly params: { readonly ids: readonly string[] }; readonly result: null };
  readonly open: { readonly params: { readonly id: string }; readonly result: null };
}

export interface OverviewEvents {
  /**
   * All sessions that live, those that need somebody first, and where they are wanted those that are over. `ended`: how
   * many of these there are. `notice`: why some are not among them, or empty.
   */
  readonly tiles: { readonly tiles: readonly Tile[]; readonly ended: number; readonly notice: string };
  readonly screens: { readonly screens: readonly TileScreen[] };
  readonly look: TerminalLook;
}

export type OverviewRequestHandlers = RequestHandlers<OverviewRequests>;

/** Tiles that a page may watch at once. */
export const mostWatched = 200;
