import { hasCode } from "../model/errors";
import { shells } from "../model/shellNames";
import type { Clock } from "../ports/machine";
import type { SessionServer, TerminalMode } from "../ports/sessions";
import { type Composer, composerOn } from "../sense/composer";
import { ScreenRegions } from "../sense/screenRegions";
import type { SeenScreen } from "../sense/seenScreen";
import { type RuleCatalog, senseTerminal } from "../sense/senseTerminal";
import type { Sensed } from "../sense/terminalFacts";
import { seenScreen } from "./seenScreen";
import { terminalFacts } from "./sensedTerminal";
import type { ShellSession } from "./shellSession";

/** The screen is looked at this often while somebody waits for what it shows. */
const stepMs = 150;
/** Without output it is looked at this often, since a connection that broke may have lost some. */
const freshMs = 2000;
/** A session that is gone is told to be so within this time. */
const overMs = 1000;

/** What a terminal shows in which a coding agent was started. */
export interface AgentLook {
  readonly screen: SeenScreen;
  /** By this look alone, and by the rules of that very agent. */
  readonly sensed: Sensed;
  /** Undefined where none is drawn, or nobody knows how to read it. */
  readonly composer: Composer | undefined;
  /** Undefined where it was not asked for, or nobody can tell. */
  readonly mode: TerminalMode | undefined;
  /**
   * Since when it has stood like this, with nothing typed or drawn, as far as its server tells; by the monotonic clock of
   * this process, which may have begun to look later.
   */
  readonly stillSince: number;
}

/** The terminal of one coding agent, looked at while something is typed to it. */
export class AgentView {
  /** The agent itself was seen there: a shell in front is one that it has left behind. */
  wasThere = false;
  #seen: AgentLook | undefined;
  #seenAt = -Infinity;

  constructor(
    private readonly server: Pick<SessionServer, "screen" | "terminalMode">,
    private readonly clock: Clock,
    private readonly session: ShellSession,
    private readonly agent: { readonly name: string; readonly catalog: RuleCatalog },
  ) {}

  /**
   * The terminal as it is now, with how it takes what is typed; that costs its server a process. Undefined once the
   * session is over. Throws what the server throws.
   */
  async ask(signal?: AbortSignal): Promise<AgentLook | undefined> {
    const { session, server } = this;
    const { wire } = session.identity;
    if (session.over) return undefined;
    try {
      // What comes while the screen is asked for makes its generation an old one.
      const mode = await server.terminalMode(wire, signal);
      return await this.#look(mode, signal);
    } catch (error) {
      return this.#gone(error, signal);
    }
  }

  /** The same without that, at once where nothing was printed since the last look. */
  async look(signal?: AbortSignal): Promise<AgentLook | undefined> {
    const { session, clock } = this;
    if (session.over) return undefined;
    const at = clock.monotonic();
    const { quietMs } = session;
    const isNew = this.#seen === undefined || (quietMs !== null && at - quietMs >= this.#seenAt);
    if (!isNew && at - this.#seenAt < freshMs) return this.#seen;
    try {
      return await this.#look(undefined, signal);
    } catch (error) {
      return this.#gone(error, signal);
    }
  }

  /** Waits for the next look; resolves early when the session ends. */
  async step(signal?: AbortSignal): Promise<void> {
    await this.session.until(() => this.session.over, stepMs, signal);
  }

  async #look(mode: TerminalMode | undefined, signal: AbortSignal | undefined): Promise<AgentLook> {
    const { session, agent } = this;
    const at = this.clock.monotonic();
    const screen = await this.server.screen(session.identity.wire, "styled", signal);
    // As late as the answer may have come.
    const stillSince = this.clock.monotonic() - (screen.last_activity_ms ?? 0);
    const facts = terminalFacts(screen, { told: session.told.facts, started: agent.name, running: true, mode });
    const sensed = senseTerminal(facts, agent.catalog);
    const rules = agent.catalog.named(agent.name);
    const composer = rules?.composer && composerOn(screen, new ScreenRegions(facts, rules.regions), rules.composer);
    this.wasThere ||= composer !== undefined;
    const look = { screen: seenScreen(screen, facts.title), sensed, composer, mode, stillSince };
    this.#seen = look;
    this.#seenAt = at;
    return look;
  }

  async #gone(error: unknown, signal: AbortSignal | undefined): Promise<undefined> {
    if (!hasCode(error, "session_not_found")) throw error;
    await this.session.until(() => this.session.over, overMs, signal);
  }
}

/** The shell that is in front of a terminal instead of the agent that was started there; undefined where none is known to be. */
export function shellInFront({ mode }: Pick<AgentLook, "mode">): string | undefined {
  const name = mode?.foreground?.split("/").at(-1)?.replace(/^-/u, "");
  return name !== undefined && shells.has(name) ? name : undefined;
}
