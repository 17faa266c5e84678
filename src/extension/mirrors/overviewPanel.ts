import { problemText } from "../views/problemText";
import { l10n, workspace } from "vscode";
import { type Disposable, DisposableStore } from "../../core/base/lifecycle";
import type { TerminalLook } from "../../protocol/mirror";
import { SessionGrid } from "../../viewing/sessionGrid";
import type { ShownPanel } from "../shownWindow";
import type { MirrorWorld } from "./mirrorPanel";
import type { MirrorPanels } from "./mirrorPanels";
import { escaped, pageHtml } from "./pageHtml";
import { readTerminalLook, terminalLookSections } from "./terminalLook";

/** The panel with all living sessions of this window. */
export class OverviewPanel implements Disposable {
  readonly #store = new DisposableStore();

  constructor(
    readonly panel: ShownPanel,
    { world, records, feeds, ages, extensionUri }: MirrorWorld,
    panels: MirrorPanels,
  ) {
    const look = (): TerminalLook => readTerminalLook(workspace.getConfiguration());
    const grid = this.#store.add(
      new SessionGrid(
        panel.webview,
        {
          onChange: records.onChange,
          pictures: () => records.pictures(),
          notice: () => records.problems.map(problemText).join("\n"),
          hold: ({ key, session }) => {
            const followed = records.get(key);
            return followed && feeds.hold(feeds.identityOf(followed, session));
          },
        },
        {
          clock: world.clock,
          ages,
          logger: world.logger,
          texts: () => ({ sessions: { one: l10n.t("1 session"), many: l10n.t("{0} sessions", "{0}") } }),
          look,
          open: async ({ key, session }) => {
            const followed = records.get(key);
            if (followed) await panels.open({ followed, name: session });
          },
        },
      ),
    );
    this.#store.add(panel.onDidChangeViewState(() => (grid.visible = panel.visible)));
    this.#store.add(
      workspace.onDidChangeConfiguration(
        (change) => terminalLookSections.some((section) => change.affectsConfiguration(section)) && grid.tellLook(),
      ),
    );
    panel.webview.html = pageHtml(panel.webview, extensionUri, "overview", panel.title, markup());
    grid.visible = panel.visible;
  }

  dispose(): void {
    this.#store.dispose();
  }
}

function markup(): string {
  const label = (text: string): string => `aria-label="${escaped(text)}"`;
  return `<main>
<div class="bar">
<h1>${escaped(l10n.t("Overview"))}</h1><span id="count" class="quiet" role="status"></span><span class="grow"></span>
<vscode-dropdown id="project" ${label(l10n.t("Project"))}><vscode-option value="">${escaped(l10n.t("All projects"))}</vscode-option></vscode-dropdown>
</div>
<p id="notice" role="status" hidden></p>
<div id="grid" role="listbox" ${label(l10n.t("Sessions. Press Enter to open a mirror"))} tabindex="0"></div>
<p id="empty" hidden>${escaped(l10n.t("No session is open. A running project opens sessions."))}</p>
</main>`;
}
