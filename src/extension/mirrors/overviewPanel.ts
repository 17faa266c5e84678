import { l10n, ViewColumn, type WebviewPanel, type WebviewPanelSerializer, window, workspace } from "vscode";
import { type Disposable, DisposableStore } from "../../core/base/lifecycle";
import type { OverviewEvents, OverviewRequestHandlers, OverviewRequests, TileScreen } from "../../protocol/overview";
import { overviewChecks } from "../../protocol/pageChecks";
import { type SessionTile, tilesOf } from "../../protocol/tiles";
import { panelTypes } from "../identifiers";
import type { MirrorWorld } from "./mirrorPanel";
import { type MirrorPanels, panelOptions } from "./mirrorPanels";
import { escaped, pageHtml } from "./pageHtml";
import { PageHost } from "./pageHost";
import { PictureSender } from "./pictureSender";
import { readTerminalLook, terminalLookSections } from "./terminalLook";

/** Screens of all tiles that changed travel together this often at most: what small pictures need. */
const togetherMs = 50;
const ageMs = 20_000;

interface WatchedTile extends Disposable {
  readonly sender: PictureSender;
  next(): TileScreen | undefined;
}

/** The panel with all living sessions of this window. */
class OverviewPanel implements Disposable {
  readonly #store = new DisposableStore();
  readonly #page: PageHost<OverviewRequests, OverviewEvents>;
  /** Tiles that somebody can see now. */
  readonly #watched = new Map<string, WatchedTile>();
  readonly #changed = new Set<string>();
  #ready = false;
  #sending: Disposable | undefined;
  #told = "";

  constructor(
    readonly panel: WebviewPanel,
    private readonly mirrors: MirrorWorld,
    private readonly panels: MirrorPanels,
  ) {
    const { world, records, extensionUri } = mirrors;
    this.#page = this.#store.add(
      new PageHost<OverviewRequests, OverviewEvents>(panel.webview, overviewChecks, this.#handlers(), world.logger),
    );
    this.#store.add(records.onChange(() => this.#tellTiles()));
    this.#store.add(panel.onDidChangeViewState(() => !panel.visible && this.#hidden()));
    this.#store.add(
      workspace.onDidChangeConfiguration(
        (change) =>
          this.#ready &&
          terminalLookSections.some((section) => change.affectsConfiguration(section)) &&
          this.#page.tell("look", readTerminalLook(workspace.getConfiguration())),
      ),
    );
    const ages = setInterval(() => this.#tellTiles(), ageMs);
    this.#store.add({ dispose: () => clearInterval(ages) });
    panel.webview.html = pageHtml(panel.webview, extensionUri, "overview", panel.title, markup());
  }

  dispose(): void {
    this.#hidden();
    this.#store.dispose();
  }

  #hidden(): void {
    this.#ready = false;
    this.#watch([]);
    this.#sending?.dispose();
    this.#sending = undefined;
  }

  #tiles(): SessionTile[] {
    const { records, world } = this.mirrors;
    return tilesOf(records.pictures(), world.clock.now());
  }

  #tellTiles(): void {
    if (!this.#ready) return;
    const tiles = this.#tiles().map(({ id, name, project, look, age }) => ({ id, name, project, look, age }));
    const text = JSON.stringify(tiles);
    if (text === this.#told) return;
    this.#told = text;
    this.#page.tell("tiles", { tiles });
  }

  #watch(ids: readonly string[]): void {
    const wanted = new Set(ids);
    for (const [id, tile] of this.#watched) {
      if (wanted.has(id)) continue;
      tile.dispose();
      this.#watched.delete(id);
    }
    const tiles = wanted.size === 0 ? [] : this.#tiles();
    for (const tile of tiles) if (wanted.has(tile.id) && !this.#watched.has(tile.id)) this.#watchTile(tile);
  }

  #watchTile({ id, key, session }: SessionTile): void {
    const { feeds, records } = this.mirrors;
    const followed = records.get(key);
    if (!followed) return;
    const store = new DisposableStore();
    const { feed } = store.add(feeds.hold(feeds.identityOf(followed, session)));
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
    this.#sending ??= this.mirrors.world.clock.after(togetherMs, () => {
      this.#sending = undefined;
      const screens = [...this.#changed].flatMap((each) => this.#watched.get(each)?.next() ?? []);
      this.#changed.clear();
      if (screens.length > 0 && this.#ready) this.#page.tell("screens", { screens });
    });
  }

  #handlers(): OverviewRequestHandlers {
    return {
      ready: () => {
        setImmediate(() => {
          this.#ready = true;
          this.#told = "";
          this.#tellTiles();
        });
        return { look: readTerminalLook(workspace.getConfiguration()) };
      },
      watch: ({ ids }) => {
        this.#watch(ids);
        return null;
      },
      resync: ({ ids }) => {
        for (const id of ids) {
          this.#watched.get(id)?.sender.forget();
          if (this.#watched.has(id)) this.#sendSoon(id);
        }
        return null;
      },
      open: ({ id }) => {
        const tile = this.#tiles().find((each) => each.id === id);
        const followed = tile && this.mirrors.records.get(tile.key);
        if (tile && followed) this.panels.open({ followed, name: tile.session });
        return null;
      },
    };
  }
}

function markup(): string {
  const label = (text: string): string => `aria-label="${escaped(text)}"`;
  return `<main>
<div class="bar">
<h1>${escaped(l10n.t("Sessions"))}</h1><span id="count" class="quiet" role="status"></span><span class="grow"></span>
<vscode-dropdown id="project" ${label(l10n.t("Project"))}><vscode-option value="">${escaped(l10n.t("All projects"))}</vscode-option></vscode-dropdown>
</div>
<div id="grid" role="listbox" ${label(l10n.t("Sessions; Enter opens the mirror of one"))} tabindex="0"></div>
<p id="empty" hidden>${escaped(l10n.t("No session is open. A project that runs opens some."))}</p>
</main>`;
}

/** The one overview of this window. */
export class Overview implements WebviewPanelSerializer, Disposable {
  #shown: OverviewPanel | undefined;

  constructor(
    private readonly mirrors: MirrorWorld,
    private readonly panels: MirrorPanels,
  ) {}

  open(): void {
    if (this.#shown) this.#shown.panel.reveal();
    else
      this.#show(
        window.createWebviewPanel(
          panelTypes.overview,
          l10n.t("Sessions"),
          ViewColumn.Active,
          panelOptions(this.mirrors.extensionUri),
        ),
      );
  }

  get visible(): number {
    return this.#shown?.panel.visible === true ? 1 : 0;
  }

  deserializeWebviewPanel(panel: WebviewPanel): Promise<void> {
    this.#shown?.panel.dispose();
    panel.webview.options = panelOptions(this.mirrors.extensionUri);
    this.#show(panel);
    return Promise.resolve();
  }

  dispose(): void {
    this.#shown?.dispose();
    this.#shown = undefined;
  }

  #show(panel: WebviewPanel): void {
    const shown = (this.#shown = new OverviewPanel(panel, this.mirrors, this.panels));
    panel.onDidDispose(() => {
      shown.dispose();
      this.#shown = undefined;
    });
  }
}
