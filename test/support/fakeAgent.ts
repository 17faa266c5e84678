// Loaded before time stands still.
import "../../src/core/command/agentTyping";
import type { LeftPrompt } from "../../src/core/command/agentTyping";
import { CommandTyping } from "../../src/core/command/commandTyping";
import type { DeliveryStage } from "../../src/core/command/promptDelivery";
import type { PromptStanding } from "../../src/core/command/promptStanding";
import type { Ended } from "../../src/core/command/commandStop";
import type { Typed, TypedPrompt, TypingRequest } from "../../src/core/command/typingRequest";
import { OrchestratorError } from "../../src/core/model/errors";
import type { Screen, SessionServer, Span, TerminalMode } from "../../src/core/ports/sessions";
import { shippedCatalog } from "../../src/core/sense/programs/catalog";
import { codex } from "../../src/core/session/agents/codex";
import { ShellSession } from "../../src/core/session/shellSession";
import { FakeClock } from "./fakeClock";

const wire = "proj-alpha.agent.1";
const agent = { profile: codex, catalog: shippedCatalog };
export const pasted = /^\x1b\[200~([^]*)\x1b\[201~$/u;

/** What is drawn like Codex, for the mechanics of typing alone: a transcript, a composer, a line of model and folder. */
export class FakeAgent {
  readonly typed: string[] = [];
  readonly taken: string[] = [];
  transcript: string[] = [];
  draft = "";
  proposal = "Ask Codex to do anything";
  dialog: string[] | undefined;
  working = false;
  foreground = "codex";
  drawn = true;
  /** What becomes of Enter; true: it takes the text. */
  onEnter: () => boolean = () => true;
  /** Called once, when it is asked next how its terminal takes what is typed. */
  onAsked: (() => void) | undefined;
  /** How long a turn takes, in milliseconds; undefined: it is ended by hand. */
  turnMs: number | undefined = 3000;
  generation = 0;
  /** Its server says for how long nothing came. */
  tellsActivity = false;
  /** How often Enter was typed; undefined: its server does not count. */
  entered: number | undefined;
  #activeAt = 0;
  readonly #listeners = new Set<(bytes: Uint8Array) => void>();
  readonly #enders = new Set<(code: number | null) => void>();

  constructor(private readonly clock: FakeClock) {
    this.#activeAt = clock.monotonic();
  }

  changed(): void {
    this.generation++;
    this.#activeAt = this.clock.monotonic();
    for (const listener of this.#listeners) listener(new TextEncoder().encode("~"));
  }

  end(): void {
    for (const ender of this.#enders) ender(0);
  }

  type(keys: string): void {
    this.typed.push(keys);
    if (this.entered !== undefined && /[\r\n]/u.test(keys)) this.entered++;
    if (this.dialog) return;
    const paste = pasted.exec(keys)?.[1];
    if (paste !== undefined) this.draft += paste;
    else if (keys === "\r" && this.onEnter()) this.#take();
    else if (keys.startsWith("\x15")) this.draft = "";
    else if (keys === "\x1b") this.finish();
    this.changed();
  }

  #take(): void {
    this.taken.push(this.draft);
    this.transcript.push("", ...this.draft.split("\n").map((line, index) => `${index === 0 ? "›" : " "} ${line}`));
    this.draft = "";
    this.working = true;
    if (this.turnMs !== undefined) this.clock.after(this.turnMs, () => this.finish());
  }

  /** As Esc in its terminal does; `again`: its prompt stands in the composer once more. */
  stop(again?: string): void {
    if (again === undefined) this.transcript.push("", "■ Conversation interrupted - use /feedback", "");
    else this.draft = again;
    this.working = false;
    this.changed();
  }

  finish(): void {
    if (this.working) this.transcript.push("", "• Done.", "");
    this.working = false;
    this.changed();
  }

  get screen(): Screen {
    const plain = (text: string): Span[] => [{ text }];
    const lines = this.draft.split("\n");
    const composer: Span[][] =
      this.draft === ""
        ? [
            [
              { text: "› ", bold: true },
              { text: this.proposal, faint: true },
            ],
          ]
        : lines.map((line, index) => plain(`${index === 0 ? "›" : " "} ${line}`));
    const rows: Span[][] = [
      plain(">_ OpenAI Codex (v0.169.0)"),
      ...this.transcript.map(plain),
      ...(this.working ? [[], plain("• Working (1s • esc to interrupt)"), []] : []),
      ...(this.dialog
        ? this.dialog.map(plain)
        : this.drawn
          ? [[], ...composer, [], plain("  gpt-5 default · /work")]
          : []),
    ];
    const shown = rows.slice(-24);
    const missing = Array.from({ length: 24 - shown.length }, (): Span[] => []);
    const cursor = { row: 20, col: 2, visible: true };
    const about = { rows: 24, cols: 80, total_lines: 24, alternate_active: true, private_modes: [2004] };
    const activity = this.tellsActivity ? { last_activity_ms: this.clock.monotonic() - this.#activeAt } : {};
    return { lines: [...shown, ...missing], cursor, ...about, ...activity };
  }

  get #count(): Pick<TerminalMode, "entered"> {
    return this.entered === undefined ? {} : { entered: this.entered };
  }

  get mode(): TerminalMode {
    return { echo: false, canonical: false, foreground: this.foreground, generation: this.generation, ...this.#count };
  }

  server(): SessionServer {
    const server: Partial<SessionServer> = {
      screen: () => Promise.resolve(this.screen),
      terminalMode: () => {
        this.onAsked?.();
        this.onAsked = undefined;
        return Promise.resolve(this.mode);
      },
      sendInput: (_name, data, _signal, generation) => {
        if (generation !== undefined && generation !== this.generation)
          return Promise.reject(new OrchestratorError("input_not_sent", "Something came.", { kind: "nothing" }));
        this.type(String(data));
        return Promise.resolve();
      },
      openRaw: (_name, listener) => {
        this.#listeners.add((bytes) => listener.data(bytes));
        this.#enders.add((exit_code) => listener.ended({ exit_code }));
        return { opened: Promise.resolve(), dispose: () => undefined };
      },
    };
    return server as SessionServer;
  }
}

export interface AgentWorld {
  readonly clock: FakeClock;
  readonly fake: FakeAgent;
  /** How each prompt was written down before it was typed. */
  readonly intents: readonly TypedPrompt[];
  readonly type: (text: string, more?: Partial<TypingRequest>) => Promise<Typed>;
  /** What the newest prompt has come to, for a process that has not typed it. */
  readonly standing: (text: string) => Promise<PromptStanding>;
  readonly resume: (text: string, stage: DeliveryStage, more?: Partial<LeftPrompt>) => Promise<Ended>;
}

export async function agentWorld(): Promise<AgentWorld> {
  const clock = new FakeClock();
  const fake = new FakeAgent(clock);
  const server = fake.server();
  const session = new ShellSession(server, clock, { name: "proj-alpha::agent::1", wire, key: "k", rows: 24, cols: 80 });
  await session.open();
  const intents: TypedPrompt[] = [];
  let intendedAt = 0;
  const typing = new CommandTyping(server, clock, { next: () => "c", secret: () => "s" }, () => Promise.resolve());
  const type = (text: string, more: Partial<TypingRequest> = {}): Promise<Typed> => {
    const request: TypingRequest = { text, session, mode: "program", agent, draftMs: 1000, ...more };
    const typed = typing.type(request, "line", (intent) => {
      intents.push(intent);
      intendedAt = clock.now();
      return Promise.resolve("c1");
    });
    typed.catch(() => undefined);
    return typed;
  };
  const left = (text: string): LeftPrompt => {
    const { typed, times_shown: timesShown = 0, entered, screen } = intents.at(-1) ?? {};
    return { session, mode: "program", agent, text, typed, timesShown, entered, screen, intendedAt };
  };
  const standing = (text: string): Promise<PromptStanding> => passes(clock, typing.standing(left(text)));
  const resume = (text: string, stage: DeliveryStage, more?: Partial<LeftPrompt>): Promise<Ended> =>
    passes(clock, typing.resume({ ...left(text), ...more }, stage));
  return { clock, fake, intents, type, standing, resume };
}

/** Moves time until the promise is settled, at most for so long. */
export async function passes<T>(clock: FakeClock, promise: Promise<T>, most = 300_000): Promise<T> {
  let settled = false;
  const done = promise.finally(() => (settled = true));
  done.catch(() => undefined);
  for (let ms = 0; ms < most && !settled; ms += 50) {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    clock.advance(50);
  }
  if (!settled) throw new Error("It does not end");
  return done;
}

export async function pass(clock: FakeClock, ms: number): Promise<void> {
  for (let past = 0; past < ms; past += 50) {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    clock.advance(50);
  }
}

export const dialog = [
  "  Would you like to run the following command?",
  "",
  "  $ touch made.txt",
  "",
  "› 1. Yes, proceed (y)",
  "  2. No, and tell Codex what to do differently (esc)",
  "",
  "  Press enter to confirm or esc to cancel",
];
