import { shells } from "../model/shellNames";
import type { Clock } from "../ports/machine";
import type { SessionServer, TerminalMode } from "../ports/sessions";
import { type Composer, composerOn } from "../sense/composer";
import { stoppedTurn } from "../sense/ruleMatch";
import { ScreenRegions } from "../sense/screenRegions";
import type { SeenScreen } from "../sense/seenScreen";
import { type RuleCatalog, senseTerminal } from "../sense/senseTerminal";
import { withoutPanel } from "../sense/sidePanel";
import type { Sensed } from "../sense/terminalFacts";
import { LastLook, lookStepMs } from "./lastLook";
import { seenScreen } from "./seenScreen";
import { terminalFacts } from "./sensedTerminal";
import type { ShellSession } from "./shellSession";

/** What a terminal shows in which a coding agent was started. */
export interface AgentLook {
  /** Without a panel beside its transcript, in which something changes by itself. */
  readonly screen: SeenScreen;
  /** By this look alone, and by the rules of that very agent. */
  readonly sensed: Sensed;
  /** Undefined where none is drawn, or nobody knows how to read it. */
  readonly composer: Composer | undefined;
  /** What says that a person has ended its last turn; undefined where nothing does. */
  readonly stopped: string | undefined;
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
  readonly #last: LastLook<AgentLook>;

  constructor(
    private readonly server: Pick<SessionServer, "screen" | "terminalMode">,
    private readonly clock: Clock,
    private readonly session: ShellSession,
    private readonly agent: { readonly name: string; readonly catalog: RuleCatalog },
  ) {
    this.#last = new LastLook(clock, session);
  }

  /**
   * The terminal as it is now, with how it takes what is typed; that costs its server a process. Undefined once the
   * session is over. Throws what the server throws.
   */
  ask(signal?: AbortSignal): Promise<AgentLook | undefined> {
    const { wire } = this.session.identity;
    // What comes while the screen is asked for makes its generation an old one.
    return this.#last.anew(async () => this.#look(await this.server.terminalMode(wire, signal), signal));
  }

  /** The same without that, at once where nothing was printed since the last look. */
  look(signal?: AbortSignal): Promise<AgentLook | undefined> {
    return this.#last.current(() => this.#look(undefined, signal));
  }

  /** Waits for the next look; resolves early when the session ends. */
  async step(signal?: AbortSignal): Promise<void> {
    await this.session.until(() => this.session.over, lookStepMs, signal);
  }

  async #look(mode: TerminalMode | undefined, signal: AbortSignal | undefined): Promise<AgentLook> {
    const { session, agent } = this;
    const shown = await this.server.screen(session.identity.wire, "styled", signal);
    // As late as the answer may have come.
    const stillSince = this.clock.monotonic() - (shown.last_activity_ms ?? 0);
    const beside = { told: session.told.facts, started: agent.name, running: true, mode };
    const facts = terminalFacts(shown, beside);
    const sensed = senseTerminal(facts, agent.catalog);
    const rules = agent.catalog.named(agent.name);
    const screen = withoutPanel(shown, rules?.panelEdge);
    const own = screen === shown ? facts : terminalFacts(screen, beside);
    const composer = rules?.composer && composerOn(screen, new ScreenRegions(own, rules.regions), rules.composer);
    this.wasThere ||= composer !== undefined;
    const stopped = rules && stoppedTurn(rules, facts);
    return { screen: seenScreen(screen, facts.title), sensed, composer, stopped, mode, stillSince };
  }
}

/** The shell that is in front of a terminal instead of the agent that was started there; undefined where none is known to be. */
export function shellInFront({ mode }: Pick<AgentLook, "mode">): string | undefined {
  const name = mode?.foreground?.split("/").at(-1)?.replace(/^-/u, "");
  return name !== undefined && shells.has(name) ? name : undefined;
}
