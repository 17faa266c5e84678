import type { Uri, WebviewPanelSerializer } from "vscode";
import type { Row } from "../protocol/projectRows";
import type { ShownSessions } from "../viewing/shownSessions";
import type { SideViews } from "./views/sideViews";

/** What tests inside of the host see: what the views would show, the views themselves, and what is running. */
export interface Probe {
  readonly rows: () => Row[];
  /** Ids of the projects that this window runs. */
  readonly running: () => string[];
  /** What the status bar says; "" while it says nothing. */
  readonly statusText: () => string;
  /** Panels that show sessions register here. */
  readonly shown: ShownSessions;
  /** What a link of the window's own scheme does. */
  readonly reveal: (uri: Uri) => Promise<void>;
  readonly trees: SideViews["trees"];
  readonly views: SideViews["views"];
  /** What VS Code gives the panels that it brings back. */
  readonly restorers: { readonly mirror: WebviewPanelSerializer; readonly overview: WebviewPanelSerializer };
}
