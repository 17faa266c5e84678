import type { CountedText, TerminalLook } from "./mirror";
import type { RequestHandlers } from "./pageMessages";
import type { RowContext } from "./projectRows";
import type { ScreenChange, ScreenPicture } from "./screenPicture";
import type { StateLook } from "./stateLook";

/** One session of the overview. */
export interface Tile {
  /** Unique in the window, and the same as long as the session is the same; tells nothing else. */
  readonly id: string;
  /** Role and index. */
  readonly name: string;
  readonly project: string;
  /** Its word says since when, too. */
  readonly look: StateLook;
  /** What it asks, in one line; empty where it asks nothing. */
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
}

/** What became of one tile's screen: a whole picture, or a change of the one before. */
export type TileScreen =
  { readonly id: string; readonly picture: ScreenPicture } | { readonly id: string; readonly change: ScreenChange };

export interface OverviewView {
  /** Name of the only project to be shown; empty: all. */
  readonly project: string;
}

export interface OverviewRequests {
  /** The page can hear; all tiles follow. */
  readonly ready: {
    readonly params: Record<string, never>;
    readonly result: { readonly look: TerminalLook; readonly texts: OverviewTexts };
  };
  /** The tiles that somebody can see now; of all others nothing is told. */
  readonly watch: { readonly params: { readonly ids: readonly string[] }; readonly result: null };
  /** Changes of these tiles were missed. */
  readonly resync: { readonly params: { readonly ids: readonly string[] }; readonly result: null };
  readonly open: { readonly params: { readonly id: string }; readonly result: null };
}

export interface OverviewEvents {
  /** All sessions that live, those that need somebody first. `notice`: why some are not among them, or empty. */
  readonly tiles: { readonly tiles: readonly Tile[]; readonly notice: string };
  readonly screens: { readonly screens: readonly TileScreen[] };
  readonly look: TerminalLook;
}

export type OverviewRequestHandlers = RequestHandlers<OverviewRequests>;

/** Tiles that a page may watch at once. */
export const mostWatched = 200;
