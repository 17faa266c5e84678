import type { AgentProfile } from "../model/agentProfile";
import type { TurnEnd } from "../model/agentTurn";
import { brief } from "../model/sentences";
import type { Clock } from "../ports/machine";
import type { SessionServer } from "../ports/sessions";
import { shownText, timesShown } from "../sense/composer";
import { isAnswered } from "../sense/agentAnswer";
import { linesSince } from "../sense/programScreen";
import { type AgentLook, type AgentView, shellInFront } from "../session/agentView";
import type { CommandEnd } from "../session/commandEnds";
import { pause } from "../session/pause";
import type { SensedStates } from "../session/sensedStates";
import type { ShellSession } from "../session/shellSession";
import { asksSomething } from "./agentReady";
import type { KeySending } from "./keySending";
import { ProgramNotReady } from "./programNotReady";
import { turnFailure } from "./turnFailure";
import { endOfSession, holding, knownByRules, undecided } from "./turnEnd";
import { heldBy, type Until } from "./typingRequest";

/** An agent shows a paste of 20 kB within this time, on a machine with other work, or does not show it. */
const echoMs = 20_000;
/** A dialog that stands there for so long is none that something draws over. */
const dialogMs = 300;
/** An Enter that was taken is seen within this time. */
const takenMs = 15_000;
/** One that changed nothing in this time was lost; what stands in the composer proves it. */
const enterAgainMs = 4000;
/** So often Enter is put off because something came between the look and the key. */
const mostTries = 20;
/** A turn of which no work was seen is over when it is at rest for so long; some begin after a second. */
const unseenWorkMs = 4000;
/** One that was seen at work is over when it has shown so for so long. */
const restedMs = 700;
/** Whoever has ended a turn in its terminal types what it is to do instead within this time. */
const insteadMs = 5000;
/** Without anybody who follows the session, a look may be half of a frame. */
const aloneMs = 2500;
/** What no rule knows, and does not change, is nobody's to wait for. */
const unclearMs = 60_000;
/** Which program is in front is asked as often, where no composer is seen. */
const frontMs = 5000;

/** A prompt that is under way. */
export interface SentPrompt {
  /** As it was typed. */
  readonly text: string;
  /** What was there before; undefined where nobody saw it. */
  readonly before: AgentLook | undefined;
  /** So often its text stood above the composer then. */
  readonly shownBefore: number;
  readonly until: Until | undefined;
  readonly states: SensedStates | undefined;
  /** See `TypingRequest.onlyTaken`. */
  readonly onlyTaken?: boolean | undefined;
  /** Its agent was seen to work at it before. */
  readonly worked?: boolean | undefined;
}

/** `typed`: it stands in the composer, or will soon. `entered`: whether it was taken is not known. */
export type DeliveryStage = "typed" | "entered" | "taken";

export interface DeliveryPlace {
  readonly server: SessionServer;
  readonly keys: KeySending;
  readonly clock: Clock;
  readonly session: ShellSession;
  readonly profile: AgentProfile;
  readonly view: AgentView;
}

/**
 * What becomes of a prompt that was typed: it is seen in the composer, entered there, seen to be taken, and its turn ends.
 * Nothing of it is ever typed again: where one of these is not seen, the end says so, with the screen.
 */
export class PromptDelivery {
  #stage: DeliveryStage;
  #cancelled = false;
  /** We end the turn ourselves. */
  #stops = false;
  #enteredAt: number;
  /** Another process has entered it, at some time before. */
  readonly #isLeft: boolean;
  /** What rules have found since says something of its turn. */
  #turnSince: number;

  constructor(
    private readonly place: DeliveryPlace,
    private readonly sent: SentPrompt,
    stage: DeliveryStage = "typed",
  ) {
    this.#stage = stage;
    this.#isLeft = stage !== "typed";
    this.#enteredAt = place.clock.monotonic();
    // What another process has entered was entered before this one saw anything; an agent at rest may draw nothing more.
    this.#turnSince = this.#isLeft ? -Infinity : this.#enteredAt;
  }

  get stage(): DeliveryStage {
    return this.#stage;
  }

  /** Called again, to stop it, it enters nothing. Undefined: time is over. */
  async end(ms: number | undefined, signal: AbortSignal | undefined): Promise<CommandEnd | undefined> {
    const { clock } = this.place;
    const deadline = ms === undefined ? Infinity : clock.monotonic() + ms;
    const left = (): number => deadline - clock.monotonic();
    if (this.#stage === "typed") {
      if (this.#cancelled) return this.#cleared(left(), signal);
      this.#cancelled = true;
      const end = (await this.#seen(Math.min(left(), echoMs), signal)) ?? (await this.#enter(signal));
      if (end) return end;
    }
    if (this.#stage === "entered") {
      const end = await this.#taken(Math.min(left(), takenMs), signal);
      if (end) return end;
    }
    if (this.sent.onlyTaken === true) return takenEnd;
    return this.#turnOver(left(), signal);
  }

  /** The keys that stop it now; undefined where there is nothing to stop. */
  async stopKeys(): Promise<string | undefined> {
    const { profile, view } = this.place;
    this.#stops = true;
    const look = await view.look();
    if (!look) return undefined;
    // Its key takes out a line, or the end of one.
    if (look.composer && shownText(look.composer, this.sent.text) !== "no")
      return profile.clear.repeat(2 * this.sent.text.split("\n").length - 1);
    const { state } = look.sensed;
    return state === "working" || state === "waiting" ? profile.interrupt : undefined;
  }

  /** Undefined: the text stands in the composer, and has for as long as the agent needs. */
  async #seen(ms: number, signal: AbortSignal | undefined): Promise<CommandEnd | undefined> {
    const { clock, session, profile, view } = this.place;
    const deadline = clock.monotonic() + ms;
    let shown: string | undefined;
    let shownSince = 0;
    let askedSince: number | undefined;
    for (;;) {
      const look = await view.look(signal);
      if (!look) return endOfSession(session);
      const now = clock.monotonic();
      const stands =
        look.composer && shownText(look.composer, this.sent.text) !== "no" ? look.composer.text : undefined;
      if (stands !== shown) shownSince = now;
      shown = stands;
      if (shown !== undefined && now - Math.min(shownSince, look.stillSince) >= profile.submit.pause_ms)
        return undefined;
      askedSince = look.sensed.state === "waiting" ? (askedSince ?? now) : undefined;
      if (askedSince !== undefined && now - askedSince >= dialogMs)
        return stalled(look, `its text was sent and not entered, because ${profile.title} ${asksSomething(look)}`);
      if (now >= deadline)
        return stalled(look, "its text was sent and is not seen in the composer, so it was not entered");
      await view.step(signal);
    }
  }

  /** Enter, where the text still stands at this moment. */
  async #enter(signal: AbortSignal | undefined): Promise<CommandEnd | undefined> {
    const { clock, session, keys, profile, view } = this.place;
    for (let tries = 1; ; tries++) {
      const look = await view.ask(signal);
      if (!look) return endOfSession(session);
      const { composer, sensed } = look;
      const stands = composer !== undefined && shownText(composer, this.sent.text) !== "no";
      if (sensed.state === "waiting" || shellInFront(look) !== undefined)
        return stalled(look, "its text was sent and not entered, because something else is shown now");
      // Somebody else has entered it, or a process that has ended: its agent was slow to take it.
      if (!stands) {
        this.#stage = "entered";
        return undefined;
      }
      // Beside a composer something may move for ever.
      const generation = tries < mostTries ? look.mode?.generation : undefined;
      const may = (): boolean => signal?.aborted !== true;
      const sent = await keys.send(session, profile.submit.keys, may, generation);
      if (sent !== "no") {
        this.#stage = "entered";
        this.#enteredAt = clock.monotonic();
        this.#turnSince = this.#enteredAt;
        return undefined;
      }
      if (session.over) return endOfSession(session);
      if (!may() || generation === undefined) return stalled(look, "its text was sent and not entered");
    }
  }

  /** Undefined: it was taken. */
  async #taken(ms: number, signal: AbortSignal | undefined): Promise<CommandEnd | undefined> {
    const { clock, session, view } = this.place;
    const deadline = clock.monotonic() + ms;
    let again = false;
    let standing: string | undefined;
    for (;;) {
      const look = await view.look(signal);
      if (!look) return endOfSession(session);
      const { composer, sensed } = look;
      const stands = composer !== undefined && shownText(composer, this.sent.text) !== "no";
      if (!stands && this.#isProof(look)) {
        this.#stage = "taken";
        return undefined;
      }
      standing ??= composer?.text;
      const now = clock.monotonic();
      if (now >= deadline)
        return stalled(
          look,
          stands
            ? "its text stands in the composer and is not taken"
            : "its text is not in the composer any more, and nothing shows whether it was taken",
        );
      // What stands there unchanged, at rest, was not entered: Enter cannot submit it twice.
      const isLost = stands && composer.text === standing && sensed.state !== "working";
      if (isLost && !again && this.#sinceEnter(look, now) >= enterAgainMs) {
        again = true;
        const end = await this.#enter(signal);
        if (end) return end;
      }
      await view.step(signal);
    }
  }

  /** For how long at least it has been entered. */
  #sinceEnter({ stillSince }: AgentLook, now: number): number {
    return now - (this.#isLeft ? Math.min(this.#enteredAt, stillSince) : this.#enteredAt);
  }

  /** What an agent shows only when it has a prompt: it works or asks, or the text stands in its transcript. */
  #isProof(look: AgentLook): boolean {
    const { before } = this.sent;
    const { state } = look.sensed;
    const acts = state === "working" || state === "waiting" || state === "limited" || state === "failed";
    return (acts && before?.sensed.state !== state) || this.#isShown(look);
  }

  #isShown(look: AgentLook): boolean {
    return timesShown(aboveComposer(look), this.sent.text) > this.sent.shownBefore;
  }

  /** Something stands below it: its agent worked at it while nobody looked. */
  #isAnswered(look: AgentLook): boolean {
    return this.#isShown(look) && isAnswered(aboveComposer(look), this.sent.text);
  }

  async #turnOver(ms: number, signal: AbortSignal | undefined): Promise<CommandEnd | undefined> {
    const over = new AbortController();
    const stop = signal ? AbortSignal.any([signal, over.signal]) : over.signal;
    const { server, session, clock } = this.place;
    const { until, text } = this.sent;
    try {
      const holds = await holding(server, { session, text }, until, clock, stop);
      return await this.#turnOverOr(holds, ms, signal);
    } finally {
      over.abort();
    }
  }

  async #turnOverOr(
    holds: () => boolean,
    ms: number,
    signal: AbortSignal | undefined,
  ): Promise<CommandEnd | undefined> {
    const { clock, session, view } = this.place;
    const { until } = this.sent;
    const deadline = clock.monotonic() + ms;
    let worked = this.sent.worked === true;
    let state: string | undefined;
    let draft: string | undefined;
    let since = clock.monotonic();
    let draftSince = since;
    let askedFront = since;
    for (;;) {
      let look = await view.look(signal);
      const isLost = look !== undefined && !look.composer && look.sensed.state !== "waiting";
      if (isLost && clock.monotonic() - askedFront >= frontMs) {
        askedFront = clock.monotonic();
        look = await view.ask(signal);
      }
      if (!look) return endOfSession(session);
      if (shellInFront(look) !== undefined)
        return { outcome: "session_ended", exit_code: null, known_by: "none", output: undefined };
      if (holds() || (await this.#isOnScreen(look)))
        return {
          outcome: "exited",
          exit_code: null,
          output: undefined,
          ...(until ? heldBy(until) : { known_by: "none" }),
        };
      const now = clock.monotonic();
      if (look.sensed.state !== state) since = now;
      if (look.sensed.state !== state || look.composer?.text !== draft) draftSince = now;
      state = look.sensed.state;
      draft = look.composer?.text;
      worked ||= state === "working" || state === "waiting" || this.#isAnswered(look);
      // It may have shown so for longer than it was looked at; what was typed before is older than what stands still.
      const lasts = now - Math.min(since, Math.max(look.stillSince, this.#isLeft ? -Infinity : this.#enteredAt));
      const end = this.#endBy(look, worked, lasts, this.#sinceEnter(look, now), now - draftSince);
      if (end) return end;
      if (now >= deadline) return undefined;
      await view.step(signal);
    }
  }

  /** What it shows by now: its turn is over, it failed, or nobody knows. */
  #endBy(
    look: AgentLook,
    worked: boolean,
    lasts: number,
    sinceEnter: number,
    draftLasts: number,
  ): CommandEnd | undefined {
    const { until, states } = this.sent;
    const { session, profile } = this.place;
    const { state } = look.sensed;
    const failure =
      lasts >= aloneMs
        ? turnFailure(look.sensed, profile.title, states?.of(session), this.place.clock.now())
        : undefined;
    if (failure) return failure;
    const known = knownByRules(states, session, this.#turnSince);
    if (known === "busy") return undefined;
    const isAtRest = (state === "idle" || state === "done_unseen") && look.composer?.takesText === true;
    const mayRest = lasts >= (states ? restedMs : aloneMs) && (worked || sinceEnter >= unseenWorkMs);
    if (isAtRest && mayRest && (known === "rest" || !states) && !until) {
      const stopped = this.#stopped(look);
      if (stopped !== undefined && !this.#stops && draftLasts < insteadMs) return undefined;
      return { ...restEnd, ...(stopped === undefined ? {} : { turn: stoppedEnd(profile.title, stopped) }) };
    }
    if ((state === "unclear" || state === "exited") && lasts >= unclearMs)
      return stalled(look, `the screen of ${profile.title} is not one that is known`);
    return undefined;
  }

  /** What shows that a person has ended its turn: the agent's own word, or the prompt, which stands in its composer again. */
  #stopped({ composer, stopped }: AgentLook): string | undefined {
    return stopped ?? (composer && shownText(composer, this.sent.text) !== "no" ? "" : undefined);
  }

  async #isOnScreen({ screen }: AgentLook): Promise<boolean> {
    const { until, before, text } = this.sent;
    if (until?.by !== "screen") return false;
    for (const lines of linesSince(before?.screen, screen, text))
      if (await until.pattern.isIn(lines, () => pause(this.place.clock, 0))) return true;
    return false;
  }

  /** The composer is empty again: nothing of it was ever entered. */
  async #cleared(ms: number, signal: AbortSignal | undefined): Promise<CommandEnd | undefined> {
    const { clock, session, view } = this.place;
    const deadline = clock.monotonic() + ms;
    for (;;) {
      const look = await view.look(signal);
      if (!look) return endOfSession(session);
      if (look.composer?.text === "") return undecided("its text was taken back before it was entered");
      if (clock.monotonic() >= deadline) return undefined;
      await view.step(signal);
    }
  }
}

const restEnd: CommandEnd = { outcome: "exited", exit_code: null, known_by: "rest", output: undefined };

function stoppedEnd(title: string, row: string): TurnEnd {
  const shown = row === "" ? "its prompt stands in the composer again" : `"${brief(row, 160)}"`;
  return {
    state: row === "" ? "withdrawn" : "stopped",
    kind: undefined,
    why: `The turn of ${title} was ended before it was finished (${shown}).`,
    limitEnd: undefined,
  };
}

/** Nobody waits for what the agent does about it. */
const takenEnd: CommandEnd = { outcome: "unknown", exit_code: null, known_by: "taken", output: undefined };

/** The rows in which what was sent is shown. */
export function aboveComposer({ screen, composer }: AgentLook): readonly string[] {
  return composer ? screen.lines.slice(0, composer.rows.first) : screen.lines;
}

/** Nobody knows what becomes of it: a person is asked, with what is shown. */
export function stalled({ screen }: AgentLook, why: string): CommandEnd {
  return { ...undecided(why), shown: ProgramNotReady.shown(screen) };
}
