import { problemText } from "../views/problemText";
import { commands, l10n, workspace } from "vscode";
import { type Disposable, DisposableStore } from "../../core/base/lifecycle";
import type { CountedText, TerminalLook } from "../../protocol/mirror";
import {
  type OverviewTexts,
  type OverviewView,
  type TileGroup,
  tileGroups,
  tileSizes,
  tileSorts,
} from "../../protocol/overview";
import { groupLook } from "../../protocol/tiles";
import { SessionGrid } from "../../viewing/sessionGrid";
import { commandId } from "../identifiers";
import type { ShownPanel } from "../shownWindow";
import type { MirrorWorld } from "./mirrorPanel";
import type { TreeFilter } from "../views/treeFilter";
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
    filter: Pick<TreeFilter, "isShown">,
  ) {
    const look = (): TerminalLook => readTerminalLook(workspace.getConfiguration());
    const grid = this.#store.add(
      new SessionGrid(
        panel.webview,
        {
          onChange: records.onChange,
          pictures: () => records.pictures().filter((picture) => filter.isShown(picture)),
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
          texts,
          look,
          open: async ({ key, session, group }) => {
            const followed = records.get(key);
            // Of one that is over there is nothing to follow; the text has what its log says.
            if (group === "ended")
              await commands.executeCommand(commandId("openSessionAsText"), { kind: "session", key, name: session });
            else if (followed) await panels.open({ followed, name: session });
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

function texts(): OverviewTexts {
  const counts: Readonly<Record<TileGroup, CountedText>> = {
    waiting: { one: l10n.t("1 needs your answer"), many: l10n.t("{0} need your answer", "{0}") },
    unclear: { one: l10n.t("1 unclear"), many: l10n.t("{0} unclear", "{0}") },
    failed: { one: l10n.t("1 failed"), many: l10n.t("{0} failed", "{0}") },
    limited: { one: l10n.t("1 limited"), many: l10n.t("{0} limited", "{0}") },
    done: { one: l10n.t("1 done, not looked at"), many: l10n.t("{0} done, not looked at", "{0}") },
    working: { one: l10n.t("1 working"), many: l10n.t("{0} working", "{0}") },
    idle: { one: l10n.t("1 idle"), many: l10n.t("{0} idle", "{0}") },
    ended: { one: l10n.t("1 ended"), many: l10n.t("{0} ended", "{0}") },
  };
  const group = (name: TileGroup) => ({ count: counts[name], look: groupLook(name) });
  return {
    sessions: { one: l10n.t("1 session"), many: l10n.t("{0} sessions", "{0}") },
    some: l10n.t("{0} of {1} sessions", "{0}", "{1}"),
    groups: Object.fromEntries(tileGroups.map((name) => [name, group(name)])) as OverviewTexts["groups"],
  };
}

function markup(): string {
  const label = (text: string): string => `aria-label="${escaped(text)}"`;
  const option = (value: string, text: string): string =>
    `<vscode-option value="${value}">${escaped(text)}</vscode-option>`;
  const sorts: Readonly<Record<OverviewView["sort"], string>> = {
    need: l10n.t("What needs you first"),
    newest: l10n.t("Latest change first"),
    name: l10n.t("By name"),
  };
  const sizes: Readonly<Record<OverviewView["size"], string>> = {
    small: l10n.t("Small tiles"),
    medium: l10n.t("Medium tiles"),
    large: l10n.t("Large tiles"),
  };
  return `<main>
<div class="bar">
<h1>${escaped(l10n.t("Overview"))}</h1><span id="count" class="quiet" role="status"></span><span class="grow"></span>
<vscode-text-field id="text" ${label(l10n.t("Filter by text"))} placeholder="${escaped(l10n.t("Filter"))}"></vscode-text-field>
<vscode-dropdown id="project" ${label(l10n.t("Project"))}>${option("", l10n.t("All projects"))}</vscode-dropdown>
<vscode-dropdown id="sort" ${label(l10n.t("Order"))}>${tileSorts.map((sort) => option(sort, sorts[sort])).join("")}</vscode-dropdown>
<vscode-dropdown id="size" ${label(l10n.t("Size of tiles"))}>${tileSizes.map((size) => option(size, sizes[size])).join("")}</vscode-dropdown>
</div>
<div id="groups" class="bar" role="group" ${label(l10n.t("Show only sessions in these states"))}></div>
<p id="notice" role="status" hidden></p>
<div id="grid" role="listbox" ${label(l10n.t("Sessions. Press Enter to open a mirror"))} tabindex="0"></div>
<p id="empty" hidden>${escaped(l10n.t("No session is open. A running project opens sessions."))}</p>
<div id="none" hidden><p>${escaped(l10n.t("No session matches the filter."))}</p>
<vscode-button id="clear" appearance="secondary">${escaped(l10n.t("Clear Filter"))}</vscode-button></div>
</main>`;
}
