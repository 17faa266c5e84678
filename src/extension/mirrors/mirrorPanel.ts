import { commands, env, l10n, type Uri, type WebviewPanel, workspace } from "vscode";
import { type Disposable, DisposableStore } from "../../core/base/lifecycle";
import { messageOf, OrchestratorError } from "../../core/model/errors";
import { shortSession } from "../../protocol/diary";
import type {
  MirrorAct,
  MirrorEvents,
  MirrorIdentity,
  MirrorRequestHandlers,
  MirrorRequests,
  MirrorStatus,
} from "../../protocol/mirror";
import { mirrorChecks } from "../../protocol/pageChecks";
import { pastedText } from "../../protocol/pastedText";
import { sessionRows } from "../../protocol/projectRows";
import { pictureOfScreen, visibleRow } from "../../protocol/screenPictures";
import { sessionState } from "../../core/session/sessionState";
import { sessionLook } from "../../protocol/stateLook";
import type { HostWorld } from "../hostWorld";
import { commandId } from "../identifiers";
import { showError } from "../messages";
import type { WorkspaceRecords } from "../records/workspaceRecords";
import { mirrorMarkup, mirrorTexts } from "./mirrorMarkup";
import { pageHtml } from "./pageHtml";
import { PageHost } from "./pageHost";
import { PersonsKeyboard } from "./personsKeyboard";
import { PictureSender } from "./pictureSender";
import type { SessionFeed } from "./sessionFeed";
import type { SessionFeeds } from "./sessionFeeds";
import { readTerminalLook, terminalLookSections } from "./terminalLook";

export interface MirrorWorld {
  readonly world: HostWorld;
  readonly records: WorkspaceRecords;
  readonly feeds: SessionFeeds;
  readonly extensionUri: Uri;
  /** Whether keys go to a session from the mirror in front. */
  typing(typing: boolean): void;
}

/** One panel with the mirror of one session. */
export class MirrorPanel implements Disposable {
  readonly #store = new DisposableStore();
  readonly #page: PageHost<MirrorRequests, MirrorEvents>;
  readonly #feed: SessionFeed;
  readonly #sender = new PictureSender();
  readonly #keyboard: PersonsKeyboard;
  #watching: Disposable | undefined;
  #ready = false;
  #status = "";

  constructor(
    readonly panel: WebviewPanel,
    readonly identity: MirrorIdentity,
    private readonly mirrors: MirrorWorld,
  ) {
    const { feeds, world, records, extensionUri } = mirrors;
    const held = this.#store.add(feeds.hold(identity));
    this.#feed = held.feed;
    this.#keyboard = new PersonsKeyboard(world.actor, (error) => this.#keysLost(error));
    this.#page = this.#store.add(
      new PageHost<MirrorRequests, MirrorEvents>(panel.webview, mirrorChecks, this.#handlers(), world.logger),
    );
    this.#store.add(this.#feed.onChange(() => this.#changed()));
    this.#store.add(records.onChange(() => this.#tellStatus()));
    this.#store.add(
      workspace.onDidChangeConfiguration(
        (change) => terminalLookSections.some((section) => change.affectsConfiguration(section)) && this.#tellLook(),
      ),
    );
    this.#store.add(workspace.onDidGrantWorkspaceTrust(() => this.#tellStatus()));
    this.#store.add(panel.onDidChangeViewState(() => this.#seen()));
    panel.title = shortSession(identity.session);
    panel.webview.html = pageHtml(panel.webview, extensionUri, "mirror", panel.title, mirrorMarkup());
    this.#seen();
  }

  act(act: MirrorAct): void {
    this.#page.tell("act", { act });
  }

  dispose(): void {
    void this.#giveKeyboard();
    this.#watching?.dispose();
    this.#store.dispose();
  }

  /** A page that nobody sees is gone, and costs nothing. */
  #seen(): void {
    const { visible, active } = this.panel;
    this.mirrors.typing(active && this.#keyboard.isTaken);
    if (visible === (this.#watching !== undefined)) return;
    if (visible) {
      this.#watching = this.#feed.watch();
      return;
    }
    this.#ready = false;
    this.#watching?.dispose();
    this.#watching = undefined;
    void this.#giveKeyboard();
  }

  #changed(): void {
    this.#tellScreen();
    this.#tellStatus();
  }

  #tellScreen(): void {
    const { screen } = this.#feed;
    if (!screen || !this.#ready) return;
    const sent = this.#sender.next(screen);
    if (!sent) return;
    if ("picture" in sent) this.#page.tell("picture", sent.picture);
    else this.#page.tell("change", sent.change);
  }

  #tellAll(): void {
    this.#ready = true;
    this.#sender.forget();
    this.#status = "";
    this.#tellScreen();
    this.#tellStatus();
    if (this.#keyboard.isTaken) this.#page.tell("keyboard", { taken: true });
  }

  #tellStatus(): void {
    if (!this.#ready) return;
    const status = this.#statusNow();
    const text = JSON.stringify(status);
    if (text === this.#status) return;
    this.#status = text;
    this.#page.tell("status", status);
  }

  #tellLook(): void {
    if (this.#ready) this.#page.tell("look", readTerminalLook(workspace.getConfiguration()));
  }

  #statusNow(): MirrorStatus {
    const { records, feeds, world } = this.mirrors;
    const { session, project_id } = this.identity;
    const followed = feeds.followed(this.identity);
    const picture = followed && records.picture(followed);
    const row = picture?.sessions
      .flatMap((each) => (each.session_name === session ? sessionRows(picture, each.role, world.clock.now()) : []))
      .find((each) => each.name === session);
    const { condition } = this.#feed;
    const live = condition.kind === "live";
    const gone = condition.kind === "ended" || condition.kind === "gone";
    const seen = gone ? { end: { lost: condition.kind === "gone", exit_code: null } } : {};
    return {
      name: shortSession(session),
      project: followed?.project.name ?? project_id,
      look: gone || !row ? sessionLook(sessionState(seen).state) : row.look,
      banner: this.#banner(followed !== undefined),
      lost: gone || condition.kind === "away",
      noTyping: !workspace.isTrusted
        ? l10n.t("This workspace is not trusted, so nothing is typed here.")
        : live
          ? ""
          : l10n.t("There is nobody to type to."),
    };
  }

  #banner(recorded: boolean): MirrorStatus["banner"] {
    const { condition } = this.#feed;
    switch (condition.kind) {
      case "looking":
        return null;
      case "live":
        return recorded
          ? null
          : {
              text: l10n.t("The record of this session is gone from the workspace. What runs in it goes on."),
              acts: ["close"],
            };
      case "away":
        return { text: condition.sentence, acts: ["reattach", "close"] };
      case "ended":
      case "gone":
        return {
          text: this.#feed.screen
            ? l10n.t("{0} This is the last screen that was seen.", condition.sentence)
            : condition.sentence,
          acts: ["reattach", "close"],
        };
    }
  }

  #handlers(): MirrorRequestHandlers {
    const { world, feeds } = this.mirrors;
    const reach = (): ReturnType<SessionFeeds["reach"]> => feeds.reach(this.identity);
    return {
      ready: () => {
        // What follows comes after this answer.
        setImmediate(() => this.#tellAll());
        return { identity: this.identity, look: readTerminalLook(workspace.getConfiguration()), texts: mirrorTexts() };
      },
      resync: () => {
        this.#sender.forget();
        this.#tellScreen();
        return null;
      },
      history: async ({ lines }) => {
        const { chosen, wire } = await reach();
        return { rows: (await chosen.server.scrollback(wire, lines, "styled")).lines.map(visibleRow) };
      },
      takeKeyboard: async () => {
        world.requireTrust();
        await this.#keyboard.take(reach);
        this.mirrors.typing(true);
        return null;
      },
      giveKeyboard: async () => {
        await this.#giveKeyboard();
        return null;
      },
      keys: ({ text }) => this.#keys(text),
      paste: ({ text }) =>
        this.#type(pastedText(text, this.#feed.screen ? pictureOfScreen(this.#feed.screen, 0).modes : [])),
      copy: async ({ text }) => {
        await env.clipboard.writeText(text);
        return null;
      },
      openAsText: async () => {
        await commands.executeCommand(commandId("openSessionAsText"), this.identity.session);
        return null;
      },
      fit: async (size) => {
        world.requireTrust();
        const { chosen, wire } = await reach();
        if (!chosen.info.capabilities.resize)
          throw new OrchestratorError("request_invalid", l10n.t("This version of wsh cannot resize a terminal."), "");
        await chosen.server.resize(wire, size);
        return null;
      },
      reattach: () => {
        this.#feed.again();
        return null;
      },
      close: () => {
        this.panel.dispose();
        return null;
      },
    };
  }

  #type(text: string): null {
    this.mirrors.world.requireTrust();
    this.#keyboard.type(text);
    return null;
  }

  /** The page waits for no answer, so that it is told otherwise when nothing was typed. */
  #keys(text: string): null {
    // Keys that were on their way when the keyboard was given back, or lost, which was told then.
    if (!this.#keyboard.isTaken) {
      this.#page.tell("keyboard", { taken: false });
      return null;
    }
    try {
      return this.#type(text);
    } catch (error) {
      this.#keysLost(error);
      return null;
    }
  }

  async #giveKeyboard(): Promise<void> {
    this.mirrors.typing(false);
    await this.#keyboard.give();
  }

  #keysLost(error: unknown): void {
    this.mirrors.typing(false);
    this.mirrors.world.logger.warn(messageOf(error));
    this.#page.tell("keyboard", { taken: false });
    showError(error, this.mirrors.world.logger);
  }
}
