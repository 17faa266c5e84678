import { l10n, ViewColumn, type WebviewPanelSerializer } from "vscode";
import type { Disposable } from "../../core/base/lifecycle";
import { panelTypes } from "../identifiers";
import { shown } from "../shownText";
import { type ShownPanel, window } from "../shownWindow";
import type { MirrorWorld } from "./mirrorPanel";
import { type MirrorPanels, panelOptions } from "./mirrorPanels";
import type { TreeFilter } from "../views/treeFilter";
import type { OverviewPanel } from "./overviewPanel";

/** The one overview of this window. */
export class Overview implements WebviewPanelSerializer, Disposable {
  #shown: OverviewPanel | undefined;

  constructor(
    private readonly mirrors: MirrorWorld,
    private readonly panels: MirrorPanels,
    /** Projects that were put away are shown where the view shows them. */
    private readonly filter: Pick<TreeFilter, "isShown">,
  ) {}

  async open(): Promise<void> {
    const page = await import("./overviewPanel");
    if (this.#shown) this.#shown.panel.reveal();
    else
      this.#show(
        page,
        window.createWebviewPanel(
          panelTypes.overview,
          shown(l10n.t("Overview")),
          { viewColumn: ViewColumn.Active, preserveFocus: false },
          panelOptions(this.mirrors.extensionUri),
        ),
      );
  }

  get visible(): number {
    return this.#shown?.panel.visible === true ? 1 : 0;
  }

  async deserializeWebviewPanel(panel: ShownPanel): Promise<void> {
    const page = await import("./overviewPanel");
    this.#shown?.panel.dispose();
    panel.webview.options = panelOptions(this.mirrors.extensionUri);
    this.#show(page, panel);
  }

  dispose(): void {
    this.#shown?.dispose();
    this.#shown = undefined;
  }

  #show(page: { readonly OverviewPanel: typeof OverviewPanel }, panel: ShownPanel): void {
    const shown = (this.#shown = new page.OverviewPanel(panel, this.mirrors, this.panels, this.filter));
    panel.onDidDispose(() => {
      shown.dispose();
      this.#shown = undefined;
    });
  }
}
