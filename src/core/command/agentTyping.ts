import type { Clock } from "../ports/machine";
import type { SessionServer } from "../ports/sessions";
import { shownText, textKey, timesShown } from "../sense/composer";
import { type AgentLook, AgentView } from "../session/agentView";
import { type AgentAnswer, agentAnswer } from "../sense/agentAnswer";
import type { ProgramRules } from "../sense/programRules";
import { withoutPanel } from "../sense/sidePanel";
import { terminalFacts } from "../session/sensedTerminal";
import type { CommandEnd } from "../session/commandEnds";
import type { ShellSession } from "../session/shellSession";
import { agentReady, obstacleOf } from "./agentReady";
import { agentKeys, agentText } from "./agentText";
import type { CommandStop, Ended, StopRequest } from "./commandStop";
import type { KeySending } from "./keySending";
import { takesPaste } from "./pastedText";
import { ProgramNotReady } from "./programNotReady";
import { aboveComposer, type DeliveryStage, PromptDelivery } from "./promptDelivery";
import { type PromptStanding, standingPrompt } from "./promptStanding";
import type { TypedAgent } from "./typedAgent";
import { type Intend, isOver, notSent, type Typed, type TypingRequest, type Until } from "./typingRequest";

/** Keys go to a screen as it was seen; so often it is looked at anew because something came in between. */
const mostTries = 5;

/** Of what has scrolled away so many lines are read. */
const saidLines = 1000;

/** A prompt that another process has typed, or was about to. */
export interface LeftPrompt extends StopRequest {
  readonly agent: TypedAgent;
  /** As the record has it: what is secret in it is not there. */
  readonly text: string;
  /** `ContextEntry.typed`. */
  readonly typed: string | undefined;
  /** `ContextEntry.screen`: what its terminal showed before. */
  readonly screen: string | undefined;
  /** `ContextEntry.times_shown`: so often it stood there before. */
  readonly timesShown: number;
  /** `ContextEntry.entered`: so often Enter was typed there before. */
  readonly entered: number | undefined;
  /** When it was written down that it is typed, in milliseconds since 1970. */
  readonly intendedAt: number;
  readonly until?: Until | undefined;
  /** The record says that its agent worked at it. */
  readonly worked?: boolean;
}

/**
 * Types prompts to a coding agent, with proof: only where it takes one, each once, and each is entered where it is seen in
 * the composer and followed until it is seen to be taken and done.
 */
export class AgentTyping {
  readonly #views = new WeakMap<ShellSession, AgentView>();

  constructor(
    private readonly server: SessionServer,
    private readonly keys: KeySending,
    private readonly stop: CommandStop,
    private readonly clock: Clock,
  ) {}

  /** Throws `ProgramNotReady`, `AgentLeft` and `request_invalid` before anything is typed, and what `intend` throws. */
  async type(request: TypingRequest, agent: TypedAgent, intend: Intend): Promise<Typed> {
    const { session, until, states, onlyTaken } = request;
    const { profile } = agent;
    const view = this.#viewOf(session, agent);
    if (request.taken === true) return this.#taken(request, agent, intend);
    const text = agentText(request.text, profile);
    const before = await agentReady(view, request, profile.title, text, this.clock);
    const pastes = takesPaste(session, before?.screen);
    const keys = agentKeys(text, profile, pastes, session.identity.name);
    const shownBefore = before ? timesShown(aboveComposer(before), text) : 0;
    const command_id = await intend({
      typed_as: "prompt",
      typed: textKey(request.text),
      ...(shownBefore === 0 ? {} : { times_shown: shownBefore }),
      ...(before?.mode?.entered === undefined ? {} : { entered: before.mode.entered }),
      ...(before === undefined ? {} : { screen: ProgramNotReady.fingerprint(before.screen) }),
    });
    const begun = this.clock.monotonic();
    const typed = (end: CommandEnd, usable = true): Typed => ({
      command_id,
      end,
      usable: usable && !session.over,
      duration_ms: this.clock.monotonic() - begun,
    });
    if (!(await this.#send(view, request, profile.title, text, keys))) return typed(notSent);
    const { end, usable } = await this.#follow(
      request,
      agent,
      { text, before, shownBefore, until, states, onlyTaken },
      "typed",
    );
    return typed(end, usable);
  }

  async #taken(request: TypingRequest, agent: TypedAgent, intend: Intend): Promise<Typed> {
    const { until, states } = request;
    const command_id = await intend({ typed_as: "prompt", typed: textKey(request.text) });
    const begun = this.clock.monotonic();
    const sent = { text: asTyped(request.text, agent), before: undefined, shownBefore: 0, until, states };
    const { end, usable } = await this.#follow(request, agent, sent, "taken");
    return { command_id, end, usable, duration_ms: this.clock.monotonic() - begun };
  }

  /** What a prompt of another process has come to, from what its terminal shows now. Nothing is typed. */
  async standing({ session, agent, ...left }: LeftPrompt): Promise<PromptStanding> {
    const { title } = agent.profile;
    const text = asTyped(left.text, agent);
    return standingPrompt(this.#viewOf(session, agent), { ...left, text, title }, this.clock);
  }

  /** Brings such a prompt to its end: one that only stands in the composer is entered. Throws CommandLeft. */
  async resume(left: LeftPrompt, stage: DeliveryStage): Promise<Ended> {
    const { session, agent, until, states, signal, worked, timesShown: shownBefore } = left;
    const text = asTyped(left.text, agent);
    // What was sent before says nothing of what stands in the composer now.
    const before = stage === "typed" ? await this.#viewOf(session, agent).look(signal) : undefined;
    return this.#follow(left, agent, { text, before, shownBefore, until, states, worked }, stage);
  }

  /**
   * What the agent has said and done since a prompt, as far as its terminal still has it. Throws what the server throws.
   */
  async said(session: ShellSession, { profile, catalog }: TypedAgent, prompt: string): Promise<AgentAnswer> {
    const { wire } = session.identity;
    const shown = await this.server.screen(wire, "styled");
    // A full screen has nothing above it: what the other one has is of before.
    const { lines } = shown.alternate_active ? shown : await this.server.scrollback(wire, saidLines, "styled");
    const rules: Pick<ProgramRules, "regions" | "panelEdge"> = catalog.named(profile.rules) ?? { regions: {} };
    const screen = withoutPanel({ ...shown, lines }, rules.panelEdge);
    const facts = terminalFacts(screen, { told: session.told.facts, started: profile.rules, running: true });
    return agentAnswer(screen, facts, rules, prompt);
  }

  #follow(
    request: StopRequest,
    { profile, catalog }: TypedAgent,
    sent: ConstructorParameters<typeof PromptDelivery>[1],
    stage: DeliveryStage,
  ): Promise<Ended> {
    const { session } = request;
    const { server, keys, clock } = this;
    const view = this.#viewOf(session, { profile, catalog });
    const delivery = new PromptDelivery({ server, keys, clock, session, profile, view }, sent, stage);
    return this.stop.ended({ ...request, stopKeys: () => delivery.stopKeys() }, (ms, signal) =>
      delivery.end(ms, signal),
    );
  }

  /** False: nothing was sent. What stands there already is the very text. */
  async #send(view: AgentView, request: TypingRequest, title: string, text: string, keys: string): Promise<boolean> {
    for (let tries = 1; ; tries++) {
      if (isOver(request)) return false;
      const look = await view.ask(request.signal);
      if (!look) return false;
      if (request.passed === undefined && obstacleOf(look, title, text, 0)) return false;
      if (standsThere(look, text)) return true;
      const generation = tries < mostTries ? look.mode?.generation : undefined;
      const sent = await this.keys.send(request.session, keys, () => !isOver(request), generation);
      if (sent !== "no") return true;
      if (generation === undefined || request.session.over) return false;
    }
  }

  #viewOf(session: ShellSession, { profile, catalog }: TypedAgent): AgentView {
    const known = this.#views.get(session);
    if (known) return known;
    const view = new AgentView(this.server, this.clock, session, { name: profile.rules, catalog });
    this.#views.set(session, view);
    return view;
  }
}

/** A text that was typed once is no error now. */
function asTyped(text: string, { profile }: TypedAgent): string {
  try {
    return agentText(text, profile);
  } catch {
    return text;
  }
}

function standsThere({ composer }: AgentLook, text: string): boolean {
  return composer !== undefined && shownText(composer, text) === "whole";
}
