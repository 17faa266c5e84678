import { l10n, type Uri, ViewColumn, type WebviewPanelSerializer } from "vscode";
import type { Disposable } from "../../core/base/lifecycle";
import { OrchestratorError } from "../../core/model/errors";
import type { MirrorAct, MirrorIdentity } from "../../protocol/mirror";
import type { readKeptMirror } from "../../protocol/pageChecks";
import type { NamedTarget } from "../commands/targets";
import type { ShownSessions } from "../../viewing/shownSessions";
import { setContextKey } from "../contextKeyState";
import { panelTypes } from "../identifiers";
import { shown } from "../shownText";
import { type ShownPanel, window } from "../shownWindow";
import type { MirrorPanel, MirrorWorld } from "./mirrorPanel";
import { pageFolder } from "./pageHtml";
import { advice } from "../../core/model/remedy";

/** What all webviews of ours may do. Hidden ones are not kept: they are drawn again when they are shown. */
export function panelOptions(extensionUri: Uri): {
  enableScripts: true;
  localResourceRoots: Uri[];
  retainContextWhenHidden: false;
} {
  return { enableScripts: true, localResourceRoots: [pageFolder(extensionUri)], retainContextWhenHidden: false };
}

/** All mirrors of this window. */
export class MirrorPanels implements WebviewPanelSerializer, Disposable {
  readonly #panels = new Set<MirrorPanel>();
  /** The one that was opened for a look, and not used since. */
  #looked: MirrorPanel | undefined;

  readonly #shown: Disposable;

  /** `shown` learns which sessions are in front of the person. */
  constructor(
    private readonly mirrors: MirrorWorld,
    private readonly shown: ShownSessions,
  ) {
    this.#shown = shown.register(() =>
      [...this.#panels].flatMap(({ panel, identity }) => {
        const key = panel.visible ? mirrors.feeds.followed(identity)?.key : undefined;
        return key === undefined ? [] : [{ key, name: identity.session }];
      }),
    );
  }

  /** The mirror of that session comes to the front and stays; there is one at most. */
  async open(target: NamedTarget, viewColumn?: ViewColumn): Promise<MirrorPanel> {
    const { mirror } = await this.#here(target, { stays: true }, viewColumn);
    return mirror;
  }

  /**
   * For somebody who looks at one session after the other: the focus stays where it is, and a mirror that was opened so
   * gives its place to the next, unless it was used. Who asks again for what is in sight goes there.
   */
  async show(target: NamedTarget): Promise<void> {
    // One that was closed meanwhile has no place any more.
    const before = this.#looked && this.#panels.has(this.#looked) ? this.#looked : undefined;
    const { mirror, isNew } = await this.#here(target, { stays: false }, before?.panel.viewColumn);
    if (isNew && before && before !== mirror && !before.isTyping) before.panel.dispose();
  }

  async #here(
    { followed, name }: NamedTarget,
    { stays }: { readonly stays: boolean },
    viewColumn?: ViewColumn,
  ): Promise<{ readonly mirror: MirrorPanel; readonly isNew: boolean }> {
    const identity = this.mirrors.feeds.identityOf(followed, name);
    const page = await loadPage();
    const there = this.#of(identity);
    if (there) {
      if (this.#looked === there && (stays || there.panel.visible)) this.#looked = undefined;
      there.panel.reveal(stays ? viewColumn : undefined, !stays && !there.panel.visible);
      return { mirror: there, isNew: false };
    }
    const place = { viewColumn: viewColumn ?? ViewColumn.Active, preserveFocus: !stays };
    const options = panelOptions(this.mirrors.extensionUri);
    const panel = window.createWebviewPanel(panelTypes.mirror, shown(identity.session), place, options);
    const mirror = this.#add(page, panel, identity);
    if (!stays) this.#looked = mirror;
    return { mirror, isNew: true };
  }

  /** The session of the mirror in front, where a menu was opened on a mirror; undefined for any other place. */
  target(place: unknown): NamedTarget | undefined {
    if (typeof place !== "object" || place === null || !("webviewSection" in place)) return undefined;
    const identity = [...this.#panels].find((each) => each.panel.active)?.identity;
    const followed = identity && this.mirrors.feeds.followed(identity);
    return followed && { followed, name: identity.session };
  }

  /** Does something in the mirror in front. Throws `session_not_found` when none is. */
  act(act: MirrorAct): void {
    const front = [...this.#panels].find((each) => each.panel.active);
    if (!front)
      throw new OrchestratorError(
        "session_not_found",
        l10n.t("No mirror is active."),
        advice(l10n.t("Open the mirror of a session, or click into it, then try again.")),
      );
    front.act(act);
  }

  get visible(): number {
    return [...this.#panels].filter((each) => each.panel.visible).length;
  }

  /**
   * VS Code brings a panel back after a reload, once it is shown. A mirror of that session that was opened
   * meanwhile goes: this one has its place.
   */
  async deserializeWebviewPanel(panel: ShownPanel, state: unknown): Promise<void> {
    const page = await loadPage();
    const kept = page.readKeptMirror(state);
    if (!kept) {
      panel.dispose();
      return;
    }
    panel.webview.options = panelOptions(this.mirrors.extensionUri);
    const { session, project_id, folder } = kept.identity;
    const identity = { session, project_id, folder };
    this.#of(identity)?.panel.dispose();
    this.#add(page, panel, identity);
  }

  dispose(): void {
    const panels = [...this.#panels];
    this.#panels.clear();
    for (const each of panels) each.dispose();
    this.#shown.dispose();
  }

  /** Whether keys go to a session from the mirror in front; one that is hidden says nothing of another. */
  #tellTyping(): void {
    setContextKey(
      "typesInMirror",
      [...this.#panels].some(({ panel, isTyping }) => isTyping && panel.active),
    );
  }

  #of(identity: MirrorIdentity): MirrorPanel | undefined {
    return [...this.#panels].find((each) => JSON.stringify(each.identity) === JSON.stringify(identity));
  }

  #add({ MirrorPanel }: MirrorPage, panel: ShownPanel, identity: MirrorIdentity): MirrorPanel {
    const mirror = new MirrorPanel(panel, identity, this.mirrors, () => this.#tellTyping());
    this.#panels.add(mirror);
    panel.onDidChangeViewState(() => this.shown.changed());
    this.shown.changed();
    panel.onDidDispose(() => {
      this.#panels.delete(mirror);
      mirror.dispose();
    });
    return mirror;
  }
}

/** What checks and tells a page is loaded with the first of them: windows without one need none of it. */
interface MirrorPage {
  readonly MirrorPanel: typeof MirrorPanel;
  readonly readKeptMirror: typeof readKeptMirror;
}

async function loadPage(): Promise<MirrorPage> {
  const [panel, checks] = await Promise.all([import("./mirrorPanel"), import("../../protocol/pageChecks")]);
  return { MirrorPanel: panel.MirrorPanel, readKeptMirror: checks.readKeptMirror };
}
