import type { MouseAct } from "./mouseReport";
import type { LinkTarget, ShownLink } from "./links";
import type { RequestHandlers } from "./pageMessages";
import type { PictureRow, ScreenChange, ScreenPicture } from "./screenPicture";
import type { StateLook } from "./stateLook";

/** Which session a mirror shows; what VS Code keeps of a panel over a reload, together with the view. */
export interface MirrorIdentity {
  /** Logical name. */
  readonly session: string;
  readonly project_id: string;
  /** Tells workspace folders apart; no path. */
  readonly folder: string;
}

/** How a person wants to see it. */
export interface MirrorView {
  /** 1: the terminal's own font size. */
  readonly zoom: number;
  /** Nothing moves until the person says so. */
  readonly paused: boolean;
  /** New output is spoken by a screen reader. */
  readonly spoken: boolean;
}

/** VS Code's settings of terminals that a page needs. */
export interface TerminalLook {
  readonly fontFamily: string;
  /** Pixels. */
  readonly fontSize: number;
  /** Times the font's own height. */
  readonly lineHeight: number;
  /** Pixels. */
  readonly letterSpacing: number;
  readonly fontWeight: string;
  readonly fontWeightBold: string;
  /** 1: colours stay as they are. */
  readonly minimumContrastRatio: number;
  readonly brightBold: boolean;
  readonly cursorStyle: "block" | "line" | "underline";
}

export type BannerAct = "answer" | "reattach" | "close";

export interface MirrorStatus {
  /** As in the trees: role and index. */
  readonly name: string;
  readonly project: string;
  /** The coding agent that works there, with its model; empty where there is none. */
  readonly agent: string;
  readonly look: StateLook;
  /** What is asked there or stands in the way of seeing it live, and what can be done; null: nothing. */
  readonly banner: { readonly text: string; readonly acts: readonly BannerAct[] } | null;
  /** It ended or no longer exists: nothing new comes, and no keys go to it. */
  readonly over: boolean;
  /** Nobody has looked at what it has done. */
  readonly unseen: boolean;
  /** What happens in it is not seen. */
  readonly lost: boolean;
  /** Empty when keys are taken; else why they are not. */
  readonly noTyping: string;
}

/** What a command of VS Code does with the mirror in front. */
export type MirrorAct =
  | "find"
  | "copy"
  | "paste"
  | "pause"
  | "zoomIn"
  | "zoomOut"
  | "zoomReset"
  | "keyboard"
  | "takeKeyboard"
  | "giveKeyboard"
  | "fit"
  | "openAsText"
  | "explain"
  | "prompt"
  /** The link that the menu was opened on. */
  | "openLink"
  /** The person chooses from all links in sight. */
  | "listLinks";

/** A sentence for one of something, and one for any other number of them, with `{0}` for the number. */
export interface CountedText {
  readonly one: string;
  readonly many: string;
}

/** Sentences that the page puts together; `{0}` and `{1}` stand for what it knows. */
export interface MirrorTexts {
  readonly take: string;
  readonly give: string;
  readonly pause: string;
  readonly follow: string;
  readonly following: string;
  readonly notLive: string;
  readonly paused: string;
  readonly pausedBehind: CountedText;
  readonly scrolled: string;
  readonly typing: string;
  readonly typingElsewhere: string;
  readonly earlier: CountedText;
  readonly found: string;
  readonly notFound: string;
  readonly copied: CountedText;
  readonly reattach: string;
  readonly close: string;
  /** `{0}`: columns, `{1}`: rows. */
  readonly size: string;
  readonly sizeSpoken: string;
  /** `{0}`: the key that is held down meanwhile. */
  readonly followLink: string;
  readonly noLink: string;
}

export interface MirrorStart {
  readonly identity: MirrorIdentity;
  readonly look: TerminalLook;
  readonly texts: MirrorTexts;
}

/** What the page asks the host. */
export interface MirrorRequests {
  /** The page can hear; a whole picture follows, as often as this is asked. */
  readonly ready: { readonly params: Record<string, never>; readonly result: MirrorStart };
  /** A change was missed. */
  readonly resync: { readonly params: Record<string, never>; readonly result: null };
  /** The newest `lines` rows of history and screen, oldest first; the last ones are the screen. */
  readonly history: {
    readonly params: { readonly lines: number };
    readonly result: { readonly rows: readonly PictureRow[] };
  };
  /** From now on keys are the session's, until `giveKeyboard`, an event `keyboard`, or the end of the page. */
  readonly takeKeyboard: { readonly params: Record<string, never>; readonly result: null };
  readonly giveKeyboard: { readonly params: Record<string, never>; readonly result: null };
  /** What a terminal would send for the keys. Said, not asked: when they are not taken an event `keyboard` follows. */
  readonly keys: { readonly params: { readonly text: string }; readonly result: null };
  readonly paste: { readonly params: { readonly text: string }; readonly result: null };
  /** What the person's clipboard has, where the page cannot read it. */
  readonly pasteClipboard: { readonly params: Record<string, never>; readonly result: null };
  /** Which of these can be opened: addresses of the web, and files of the session's folder and the workspace. */
  readonly openable: {
    readonly params: { readonly targets: readonly LinkTarget[] };
    readonly result: { readonly openable: readonly boolean[] };
  };
  readonly openLink: { readonly params: ShownLink; readonly result: null };
  /** The person picks one of them. */
  readonly chooseLink: { readonly params: { readonly links: readonly ShownLink[] }; readonly result: null };
  /** What the mouse does over the screen, for a program that asked for it. Said, not asked. */
  readonly mouse: { readonly params: MouseAct; readonly result: null };
  /** To the clipboard. */
  readonly copy: { readonly params: { readonly text: string }; readonly result: null };
  readonly openAsText: { readonly params: Record<string, never>; readonly result: null };
  readonly explain: { readonly params: Record<string, never>; readonly result: null };
  /** The person is asked for a prompt to the agent there. */
  readonly prompt: { readonly params: Record<string, never>; readonly result: null };
  /** Gives the session this size. */
  readonly fit: { readonly params: { readonly rows: number; readonly cols: number }; readonly result: null };
  /** The person answers the question that is open there. */
  readonly answer: { readonly params: Record<string, never>; readonly result: null };
  readonly reattach: { readonly params: Record<string, never>; readonly result: null };
  readonly close: { readonly params: Record<string, never>; readonly result: null };
}

/** What the host tells the page. */
export interface MirrorEvents {
  readonly picture: ScreenPicture;
  readonly change: ScreenChange;
  readonly look: TerminalLook;
  readonly status: MirrorStatus;
  readonly act: { readonly act: MirrorAct };
  /** Who has the keyboard, when the host changed it. */
  readonly keyboard: { readonly taken: boolean };
}

export type MirrorRequestHandlers = RequestHandlers<MirrorRequests>;

/** Rows of history that a page may ask for at once: what a server keeps. */
export const mostHistoryRows = 10_000;
/** UTF-16 units of one paste. */
export const mostPaste = 1_000_000;
