/**
 * What a page says of the place that a menu is opened on, as `data-vscode-context`. The manifest's `webview/context`
 * chooses the items by these keys, and the command that is chosen gets them as its first argument. A place that is not
 * the page's own session (a tile of the overview) names its session as a row of the trees does (`kind`, `key`, `name`):
 * then the command opens that session's mirror first.
 */
export interface SessionMenuPlace {
  readonly webviewSection: "session";
  /** VS Code's own Cut, Copy and Paste are about fields. */
  readonly preventDefaultContextMenuItems: true;
  readonly hasSelection?: boolean;
  readonly onLink?: boolean;
  /** Keys of this page go to the session. */
  readonly hasKeyboard?: boolean;
  /** The session takes keys and sizes. */
  readonly canType?: boolean;
}
