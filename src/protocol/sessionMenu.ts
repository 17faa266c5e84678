import type { RowContext } from "./projectRows";

/**
 * What a page says of the place that a menu is opened on, as `data-vscode-context`. The manifest's `webview/context`
 * chooses the items by these keys, and the command that is chosen gets them as its first argument.
 */
export interface SessionMenuPlace {
  readonly webviewSection: "session";
  /** VS Code's own Cut, Copy and Paste are about fields. */
  readonly preventDefaultContextMenuItems: true;
  readonly hasSelection?: boolean;
  readonly onLink?: boolean;
  /** Keys of this page go to the session. */
  readonly hasKeyboard?: boolean;
  /** Nobody has looked at what the session has done. */
  readonly unseen?: boolean;
  /** A coding agent works there. */
  readonly hasAgent?: boolean;
  /** The session takes keys and sizes. */
  readonly canType?: boolean;
}

/** A place that is not the page's own session; where a command needs a mirror, that of the tile's session opens first. */
export interface TileMenuPlace extends SessionMenuPlace {
  /** The tile's id. */
  readonly tile: string;
  /** The items that are the same as on the session's row in the tree are chosen by it. */
  readonly sessionRow: RowContext;
}
