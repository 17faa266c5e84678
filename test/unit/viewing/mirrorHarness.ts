import { AgeTimer } from "../../../src/viewing/ageTimer";
import { EventEmitter } from "../../../src/core/base/event";
import type { EntryDraft } from "../../../src/core/model/entry";
import { OrchestratorError } from "../../../src/core/model/errors";
import type { Screen, ScreenListener, SessionServer } from "../../../src/core/ports/sessions";
import type { ShownLink } from "../../../src/protocol/links";
import type { MirrorRequests, MirrorTexts, TerminalLook } from "../../../src/protocol/mirror";
import { Mirror } from "../../../src/viewing/mirror";
import type { ReachedSession } from "../../../src/viewing/followedSessions";
import { SessionFeed } from "../../../src/viewing/sessionFeed";
import { FakeClock } from "../../support/fakeClock";
import { silentLogger } from "../../support/systemClock";
import { nothingToDo } from "../../../src/core/model/remedy";

interface Posted {
  readonly kind: string;
  readonly id?: number;
  readonly name?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly sentence?: string;
}

export const screenOf = (text: string): Screen => ({
  lines: [[{ text }]],
  rows: 1,
  cols: 20,
  cursor: { row: 0, col: 0, visible: true },
  total_lines: 1,
  alternate_active: false,
});

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A mirror whose page, session and server a test plays. */
export class MirrorWorld {
  readonly clock = new FakeClock();
  readonly posted: Posted[] = [];
  readonly record: EntryDraft[] = [];
  readonly typed: string[] = [];
  /** The same, as it is sent. */
  readonly bytes: Uint8Array[] = [];
  readonly failures: unknown[] = [];
  readonly warned: string[] = [];
  /** Set: the record cannot be written. */
  unwritable: Error | undefined;
  clipboard = "";
  readonly opened: ShownLink[] = [];
  /** What `typingChanged` was told in. */
  readonly typing: boolean[] = [];
  readonly trusted = { is: true };
  /** Set: reaching the session waits for it. */
  reaching: Promise<unknown> = Promise.resolve();
  sending: (keys: string) => Promise<void> = () => Promise.resolve();
  readonly mirror: Mirror;
  readonly #streams: ScreenListener[] = [];
  #receive: (message: unknown) => void = () => undefined;
  #asked = 0;

  constructor() {
    const { clock } = this;
    const server = {
      address: "unix:/s",
      info: () => Promise.resolve({ server_id: "1" }),
      watch: () => ({ dispose: () => undefined }),
      openScreen: (_wire: string, _format: string, listener: ScreenListener) => {
        this.#streams.push(listener);
        return { opened: Promise.resolve(), dispose: () => undefined };
      },
      sendInput: async (_wire: string, keys: Uint8Array) => {
        const text = new TextDecoder().decode(keys);
        this.bytes.push(keys);
        await this.sending(text);
        this.typed.push(text);
      },
      scrollback: () => Promise.reject(new OrchestratorError("session_not_found", "It is gone.", nothingToDo)),
    } as unknown as SessionServer;
    const reach = async (): Promise<ReachedSession> => {
      await this.reaching;
      return {
        followed: { ledger: { append: (draft: EntryDraft) => this.#append(draft) } } as never,
        context: { session_name: "proj-p::a::1" } as never,
        name: "proj-p::a::1",
        wire: "proj-p.a.1",
        chosen: { server, info: { server_id: "1", capabilities: { resize: true } } as never, builtin: true },
        info: {} as never,
      };
    };
    this.mirror = new Mirror(
      {
        postMessage: (message) => this.posted.push(message),
        onDidReceiveMessage: (listener) => {
          this.#receive = listener;
          return { dispose: () => (this.#receive = () => undefined) };
        },
      },
      {
        identity: { session: "proj-p::a::1", project_id: "p", folder: "f" },
        feed: new SessionFeed({ clock, logger: silentLogger, reach, endSentence: () => "It has ended." }),
        onRecord: new EventEmitter<undefined>().event,
        picture: () => undefined,
        reach,
      },
      {
        clock,
        ages: new AgeTimer(clock),
        logger: { ...silentLogger, warn: (message) => this.warned.push(message) },
        actor: "human:x",
        process: () => Promise.resolve({ host: "here", pid: 7, started_at: "1" }),
        mostKeyBytes: 1000,
        isTrusted: () => this.trusted.is,
        requireTrust: () => {
          if (!this.trusted.is) throw new OrchestratorError("needs_person", "Not trusted.", nothingToDo);
        },
        texts: () => ({}) as MirrorTexts,
        look: () => ({}) as TerminalLook,
        typingChanged: () => this.typing.push(this.mirror.isTyping),
        failed: (error) => this.failures.push(error),
        copy: () => Promise.resolve(),
        copied: () => Promise.resolve(this.clipboard),
        openAsText: () => Promise.resolve(),
        answer: () => Promise.resolve(),
        explain: () => Promise.resolve(),
        prompt: () => Promise.resolve(),
        links: {
          openable: (targets) => Promise.resolve(targets.map(() => true)),
          open: (link) => Promise.resolve(void this.opened.push(link)),
          choose: () => Promise.resolve(),
        },
        close: () => undefined,
      },
    );
  }

  #append(draft: EntryDraft): Promise<number> {
    return this.unwritable ? Promise.reject(this.unwritable) : Promise.resolve(this.record.push(draft));
  }

  /** The page asks; gives its answer, or undefined when there is none yet. */
  async ask<N extends keyof MirrorRequests>(name: N, params: MirrorRequests[N]["params"]): Promise<Posted | undefined> {
    const id = ++this.#asked;
    this.#receive({ kind: "request", id, name, params });
    await settle();
    return this.answerTo(id);
  }

  /** The page says, and waits for no answer. */
  async say<N extends keyof MirrorRequests>(name: N, params: MirrorRequests[N]["params"]): Promise<void> {
    this.#receive({ kind: "request", name, params });
    await settle();
  }

  /** As a person types. */
  types(text: string): Promise<void> {
    return this.say("keys", { text });
  }

  answerTo(id: number): Posted | undefined {
    return this.posted.find((message) => message.id === id);
  }

  /** Names of the events that the page was told since the last call; the newest `keyboard` says what it said. */
  told(): string[] {
    return this.posted
      .splice(0)
      .filter(({ kind }) => kind === "event")
      .map(({ name, params }) => (name === "keyboard" ? `keyboard ${JSON.stringify(params)}` : (name ?? "")));
  }

  /** Shows the page, which asks for what it needs, and the session's first screen. */
  async show(): Promise<void> {
    this.mirror.visible = true;
    await this.ask("ready", {});
    this.clock.advance(0);
    this.screen("$");
    await settle();
  }

  /** `modes`: that the program switched on; undefined where the server does not tell. */
  screen(text: string, modes?: readonly number[]): void {
    this.#streams.at(-1)?.screen({ ...screenOf(text), ...(modes && { private_modes: modes }) });
  }

  async settled(): Promise<void> {
    await settle();
  }
}
