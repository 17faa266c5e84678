import { commands, env, type Uri, workspace } from "vscode";
import { maxBodyBytes } from "../../adapters/wsh/wire";
import { type Disposable, DisposableStore } from "../../core/base/lifecycle";
import { shortSession } from "../../core/model/names";
import type { MirrorAct, MirrorIdentity } from "../../protocol/mirror";
import { Mirror, type MirrorShell, type MirrorSource } from "../../viewing/mirror";
import type { HostWorld } from "../hostWorld";
import { commandId } from "../identifiers";
import { showError } from "../messages";
import type { WorkspaceRecords } from "../../viewing/workspaceRecords";
import { sessionTitle } from "../../protocol/sessionTitle";
import { stateIcon } from "../plans/stateIcons";
import { mirrorMarkup, mirrorTexts } from "./mirrorMarkup";
import { SessionLinks } from "./sessionLinks";
import { shown } from "../shownText";
import { type ShownPanel, tabIcon } from "../shownWindow";
import { pageHtml } from "./pageHtml";
import type { AgeTimer } from "../../viewing/ageTimer";
import type { SessionFeeds } from "../../viewing/sessionFeeds";
import { readTerminalLook, terminalLookSections } from "./terminalLook";

export interface MirrorWorld {
  readonly world: HostWorld;
  readonly records: WorkspaceRecords;
  readonly feeds: SessionFeeds;
  readonly ages: AgeTimer;
  readonly extensionUri: Uri;
}

/** One panel with the mirror of one session. */
export class MirrorPanel implements Disposable {
  readonly #store = new DisposableStore();
  readonly #mirror: Mirror;
  readonly #links: SessionLinks;

  constructor(
    readonly panel: ShownPanel,
    readonly identity: MirrorIdentity,
    private readonly mirrors: MirrorWorld,
    /** Whether keys go to a session from here, or whether this is in front, is something else. */
    private readonly typingChanged: () => void,
  ) {
    const { feeds, records, extensionUri, world } = mirrors;
    const { feed } = this.#store.add(feeds.hold(identity));
    this.#links = new SessionLinks(identity.session, () => feeds.followed(identity), world.plans);
    const source: MirrorSource = {
      identity,
      feed,
      onRecord: records.onChange,
      picture: () => {
        const followed = feeds.followed(identity);
        return followed && records.picture(followed);
      },
      reach: () => feeds.reach(identity),
    };
    const mirror = (this.#mirror = this.#store.add(new Mirror(panel.webview, source, this.#shell())));
    this.#store.add(
      workspace.onDidChangeConfiguration(
        (change) => terminalLookSections.some((section) => change.affectsConfiguration(section)) && mirror.tellLook(),
      ),
    );
    this.#store.add(workspace.onDidGrantWorkspaceTrust(() => mirror.tellStatus()));
    this.#store.add(panel.onDidChangeViewState(() => this.#seen()));
    this.#retitle();
    this.#store.add(records.onChange(() => this.#retitle()));
    const name = shown(shortSession(identity.session));
    panel.webview.html = pageHtml(panel.webview, extensionUri, "mirror", name, mirrorMarkup());
    this.#seen();
  }

  /** Whether keys of its page go to the session. */
  get isTyping(): boolean {
    return this.#mirror.isTyping;
  }

  act(act: MirrorAct): void {
    this.#mirror.act(act);
  }

  dispose(): void {
    this.#store.dispose();
  }

  /** Its tab says what the session does. */
  #retitle(): void {
    const key = this.mirrors.feeds.followed(this.identity)?.key ?? "";
    const { text, look } = sessionTitle(this.mirrors.records.pictures(), key, this.identity.session);
    if (this.panel.title === shown(text)) return;
    this.panel.title = shown(text);
    this.panel.iconPath = look && tabIcon(stateIcon(look.icon));
  }

  #seen(): void {
    this.#mirror.visible = this.panel.visible;
    this.typingChanged();
  }

  /** As commands know the session, also where two folders have a project of one name. */
  get #row(): { readonly kind: "session"; readonly key: string; readonly name: string } | undefined {
    const key = this.mirrors.feeds.followed(this.identity)?.key;
    return key === undefined ? undefined : { kind: "session", key, name: this.identity.session };
  }

  #shell(): MirrorShell {
    const { world } = this.mirrors;
    return {
      clock: world.clock,
      ages: this.mirrors.ages,
      logger: world.logger,
      actor: world.actor,
      process: () => world.processes,
      mostKeyBytes: maxBodyBytes,
      isTrusted: () => workspace.isTrusted,
      requireTrust: () => world.requireTrust(),
      texts: mirrorTexts,
      look: () => readTerminalLook(workspace.getConfiguration()),
      typingChanged: this.typingChanged,
      failed: (error) => showError(error, world.logger),
      copy: (text) => env.clipboard.writeText(text),
      copied: () => env.clipboard.readText(),
      openAsText: async () => {
        await commands.executeCommand(commandId("openSessionAsText"), this.#row ?? this.identity.session);
      },
      explain: async () => {
        await commands.executeCommand(commandId("explainState"), this.#row ?? this.identity.session);
      },
      prompt: async () => {
        await commands.executeCommand(commandId("promptAgent"), this.#row ?? this.identity.session);
      },
      answer: async () => {
        await commands.executeCommand(commandId("answer"), this.#row ?? this.identity.session);
      },
      links: this.#links,
      close: () => void this.panel.dispose(),
    };
  }
}
