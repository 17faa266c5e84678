import * as l10n from "@vscode/l10n";
import type { Event } from "../core/base/event";
import { type Disposable, DisposableStore } from "../core/base/lifecycle";
import { messageOf, OrchestratorError } from "../core/model/errors";
import type { Clock, Logger, ProcessIdentity } from "../core/ports/machine";
import {
  type MirrorAct,
  type MirrorEvents,
  type MirrorIdentity,
  type MirrorRequestHandlers,
  type MirrorRequests,
  type MirrorTexts,
  mostPaste,
  type TerminalLook,
} from "../protocol/mirror";
import type { LinkTarget, ShownLink } from "../protocol/links";
import { type MouseAct, mouseBytes } from "../protocol/mouseReport";
import { mirrorChecks } from "../protocol/pageChecks";
import { pastedText } from "../protocol/pastedText";
import type { ProjectPicture } from "../protocol/projectRows";
import { pictureOfScreen, visibleRow } from "../protocol/screenPictures";
import { mirrorStatus } from "./mirrorStatus";
import type { AgeTimer } from "./ageTimer";
import { type PageChannel, PageHost } from "./pageHost";
import { PersonsKeyboard } from "./personsKeyboard";
import { PictureSender } from "./pictureSender";
import type { ReachedSession } from "./followedSessions";
import type { SessionFeed } from "./sessionFeed";
import { advice } from "../core/model/remedy";

/** The session that a mirror shows. */
export interface MirrorSource {
  readonly identity: MirrorIdentity;
  readonly feed: SessionFeed;
  /** What the record says may be something else. */
  readonly onRecord: Event<unknown>;
  /** Undefined while the record is not there. */
  picture(): ProjectPicture | undefined;
  /** Throws `session_not_found`, and what reaching the server throws. */
  reach(): Promise<ReachedSession>;
}

/** What a mirror needs of the shell around its page. */
export interface MirrorShell {
  readonly clock: Clock;
  readonly ages: AgeTimer;
  readonly logger: Logger;
  readonly actor: string;
  /** This process. */
  process(): Promise<ProcessIdentity>;
  /** Bytes that a server takes in one request. */
  readonly mostKeyBytes: number;
  isTrusted(): boolean;
  /** Throws `needs_person` where nothing is typed. */
  requireTrust(): void;
  texts(): MirrorTexts;
  look(): TerminalLook;
  /** Whether keys of the page go to the session is something else. */
  typingChanged(): void;
  /** Tells the person what went wrong besides the page. */
  failed(error: unknown): void;
  copy(text: string): PromiseLike<void>;
  /** What the clipboard has. */
  copied(): PromiseLike<string>;
  openAsText(): Promise<void>;
  explain(): Promise<void>;
  /** Asks the person for a prompt, and gives it to the agent there. */
  prompt(): Promise<void>;
  /** Asks the person for the answer to the question that is open there. */
  answer(): Promise<void>;
  readonly links: LinkOpener;
  close(): void;
}

/** Opens the links of a session's screen. What it is given comes from a page, and is checked. */
export interface LinkOpener {
  openable(targets: readonly LinkTarget[]): Promise<boolean[]>;
  /** Throws `usage` for what cannot be opened from here. */
  open(link: ShownLink): Promise<void>;
  /** Throws `usage` where none of them can be opened. */
  choose(links: readonly ShownLink[]): Promise<void>;
}

/** The host's side of one page with the mirror of one session. */
export class Mirror implements Disposable {
  readonly #store = new DisposableStore();
  readonly #page: PageHost<MirrorRequests, MirrorEvents>;
  readonly #sender = new PictureSender();
  readonly #keyboard: PersonsKeyboard;
  /** As long as the page is visible. */
  #watching: DisposableStore | undefined;
  #ready = false;
  #status = "";
  readonly #acts: MirrorAct[] = [];

  constructor(
    channel: PageChannel,
    private readonly source: MirrorSource,
    private readonly shell: MirrorShell,
  ) {
    const { actor, mostKeyBytes, logger, clock } = shell;
    this.#keyboard = new PersonsKeyboard({
      actor,
      clock,
      process: () => shell.process(),
      mostKeyBytes,
      failed: (error) => this.#keysLost(error),
      unrecorded: (error) => logger.warn(messageOf(error)),
    });
    this.#page = this.#store.add(new PageHost(channel, mirrorChecks, this.#handlers(), logger));
    this.#store.add(source.feed.onChange(() => this.#changed()));
    this.#store.add(source.onRecord(() => this.tellStatus()));
  }

  /** Whether keys of this page go to the session. */
  get isTyping(): boolean {
    return this.#keyboard.isTaken;
  }

  /** A page that is being made does it once it is there. */
  act(act: MirrorAct): void {
    if (this.#ready) this.#page.tell("act", { act });
    else this.#acts.push(act);
  }

  /** A hidden page costs nothing; one that is shown again starts from the beginning. */
  set visible(visible: boolean) {
    if (visible === (this.#watching !== undefined)) return;
    if (visible) {
      this.#watching = new DisposableStore();
      this.#watching.add(this.source.feed.watch());
      this.#watching.add(this.shell.ages.watch(() => this.tellStatus()));
      return;
    }
    this.#ready = false;
    this.#acts.length = 0;
    this.#watching?.dispose();
    this.#watching = undefined;
    void this.#giveKeyboard();
  }

  tellLook(): void {
    if (this.#ready) this.#page.tell("look", this.shell.look());
  }

  tellStatus(): void {
    if (!this.#ready) return;
    const { identity, feed } = this.source;
    const status = mirrorStatus(
      {
        identity,
        picture: this.source.picture(),
        condition: feed.condition,
        wasSeen: feed.screen !== undefined,
        trusted: this.shell.isTrusted(),
      },
      this.shell.clock.now(),
    );
    const text = JSON.stringify(status);
    if (text === this.#status) return;
    this.#status = text;
    this.#page.tell("status", status);
  }

  dispose(): void {
    this.visible = false;
    this.#store.dispose();
  }

  #changed(): void {
    this.#tellScreen();
    this.tellStatus();
  }

  #tellScreen(): void {
    const { screen } = this.source.feed;
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
    this.#changed();
    if (this.#keyboard.isTaken) this.#page.tell("keyboard", { taken: true });
    for (const act of this.#acts.splice(0)) this.act(act);
  }

  #handlers(): MirrorRequestHandlers {
    const { source, shell } = this;
    return {
      ready: () => {
        // What follows comes after this answer, to the page that asked.
        const asked = this.#watching;
        shell.clock.after(0, () => asked && asked === this.#watching && this.#tellAll());
        return { identity: source.identity, look: shell.look(), texts: shell.texts() };
      },
      resync: () => {
        this.#sender.forget();
        this.#tellScreen();
        return null;
      },
      history: async ({ lines }) => {
        const { chosen, wire } = await source.reach();
        return { rows: (await chosen.server.scrollback(wire, lines, "styled")).lines.map(visibleRow) };
      },
      takeKeyboard: async () => {
        shell.requireTrust();
        this.#requireVisible();
        await this.#keyboard.take(() => source.reach());
        shell.typingChanged();
        return null;
      },
      giveKeyboard: async () => {
        await this.#giveKeyboard();
        return null;
      },
      keys: ({ text }) => this.#keys(text),
      paste: ({ text }) => this.#paste(text),
      pasteClipboard: async () => this.#paste((await shell.copied()).slice(0, mostPaste)),
      openable: async ({ targets }) => ({ openable: await shell.links.openable(targets) }),
      openLink: async (link) => {
        await shell.links.open(link);
        return null;
      },
      chooseLink: async ({ links }) => {
        await shell.links.choose(links);
        return null;
      },
      mouse: (act) => this.#mouse(act),
      copy: async ({ text }) => {
        await shell.copy(text);
        return null;
      },
      openAsText: async () => {
        await shell.openAsText();
        return null;
      },
      explain: async () => {
        await shell.explain();
        return null;
      },
      prompt: async () => {
        await shell.prompt();
        return null;
      },
      fit: async (size) => {
        shell.requireTrust();
        const { chosen, wire } = await source.reach();
        if (!chosen.info.capabilities.resize)
          throw new OrchestratorError("request_invalid", l10n.t("This version of wsh cannot resize a terminal."), {
            kind: "update_server",
          });
        await chosen.server.resize(wire, size);
        return null;
      },
      answer: async () => {
        await shell.answer();
        return null;
      },
      reattach: () => {
        source.feed.again();
        return null;
      },
      close: () => {
        shell.close();
        return null;
      },
    };
  }

  /** A request that was on its way when the page was hidden is refused. */
  #requireVisible(): void {
    if (!this.#watching)
      throw new OrchestratorError(
        "cancelled",
        l10n.t("The mirror is hidden."),
        advice(l10n.t("Show the mirror, then take the keyboard again.")),
      );
  }

  #type(text: string | Uint8Array): null {
    this.shell.requireTrust();
    this.#keyboard.type(text);
    return null;
  }

  #paste(text: string): null {
    const { screen } = this.source.feed;
    return this.#type(pastedText(text, screen ? pictureOfScreen(screen, 0).modes : []));
  }

  /**
   * By the modes of this moment: what a page has in mind may have been switched off meanwhile, and a program that did
   * not ask for the mouse would take its reports for keys.
   */
  #mouse(act: MouseAct): null {
    const { screen } = this.source.feed;
    if (!screen || !this.#keyboard.isTaken) return null;
    const bytes = mouseBytes(act, screen.private_modes ?? [], screen.alternate_active);
    return bytes.length === 0 ? null : this.#keys(bytes);
  }

  /** The page waits for no answer, so it hears in another way when nothing was typed. */
  #keys(text: string | Uint8Array): null {
    // Keys that were on their way when the keyboard was given back, or lost, which was shown then.
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
    const given = this.#keyboard.give();
    this.shell.typingChanged();
    await given;
  }

  #keysLost(error: unknown): void {
    const { shell } = this;
    shell.typingChanged();
    shell.logger.warn(messageOf(error));
    this.#page.tell("keyboard", { taken: false });
    shell.failed(error);
  }
}
