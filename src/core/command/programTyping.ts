import { OrchestratorError } from "../model/errors";
import { shortSession } from "../model/names";
import { advice } from "../model/remedy";
import { brief, durationText, plural } from "../model/sentences";
import type { Clock } from "../ports/machine";
import type { SessionServer } from "../ports/sessions";
import { hasDrawn, linesSince, promptOf, saysWorking, showsTyped, startsWithPrompt } from "../sense/programScreen";
import type { SeenScreen } from "../sense/seenScreen";
import { pasteEnd, typedText } from "../sense/typedText";
import { canonicalLineBytes } from "../sense/typing";
import type { CommandEnd } from "../session/commandEnds";
import { pause } from "../session/pause";
import { ProgramView } from "../session/programView";
import type { SensedStates } from "../session/sensedStates";
import type { ShellSession } from "../session/shellSession";
import type { CommandStop } from "./commandStop";
import type { KeySending } from "./keySending";
import { ProgramNotReady } from "./programNotReady";
import { pasteStart, takesPaste } from "./pastedText";
import { endOfSession, holding, knownByRules, undecided } from "./turnEnd";
import { heldBy, type Intend, isOver, notSent, type Typed, type TypingRequest, type Until } from "./typingRequest";

/** A program that has drawn nothing in this time is asked about, and so is one that never comes to rest. */
const drawMs = 30_000;
const restMs = 90_000;
/** A program shows what is typed within this time, or does not show it. */
const echoMs = 5000;
/** Enter right behind a paste is taken for a part of it by some programs (measured with Cursor). */
const beforeEnterMs = 300;
/** A person's keys are shown, or not, within this time; they are entered either way. */
const ownEchoMs = 1000;
/** A screen that shows neither the text nor its prompt with something behind it must rest so long to count as drawn. */
const drawnMs = 700;
/** A program whose prompt is back for so long waits for the next text… */
const backMs = 1500;
/** …one without a prompt may as well be at work: nothing but its silence tells. */
const silentMs = 5000;
/** Enter that changes nothing in this time changes nothing any more. */
const answerMs = 5000;

/**
 * Types texts into a program that is no shell. Nothing is typed blindly: each text goes to a screen that has settled, that
 * asks for nothing else, and that is as the last text left it; Enter follows once the text is seen there. What became of
 * a text such a program does not tell: the end is that its prompt is back, that it asks for something, or that it ended.
 */
export class ProgramTyping {
  readonly #views = new WeakMap<ShellSession, ProgramView>();

  constructor(
    private readonly server: SessionServer,
    private readonly keys: KeySending,
    private readonly stop: CommandStop,
    private readonly clock: Clock,
  ) {}

  /** Throws `ProgramNotReady` and `request_invalid` before anything is typed, and what `intend` throws. */
  async type(request: TypingRequest, intend: Intend): Promise<Typed> {
    const { session } = request;
    const view = this.#viewOf(session);
    const text = typedText(request.text);
    const screen = await this.#ready(view, request);
    refuseBrokenLines(session, text, takesPaste(session, screen));
    const command_id = await intend({ typed_as: "keys" });
    const begun = this.clock.monotonic();
    const typed = (end: CommandEnd, usable = true): Typed => ({
      command_id,
      end,
      usable: usable && !session.over,
      duration_ms: this.clock.monotonic() - begun,
    });
    const keys = screen && takesPaste(session, screen) ? `${pasteStart}${text}${pasteEnd}` : text;
    if (isOver(request) || (await this.keys.send(session, keys)) === "no") return typed(notSent);
    const prompt = screen ? promptOf(screen) : "";
    view.prompt = prompt;
    const follow = new Following(this.server, view, session, this.keys, this.clock, {
      text,
      screen,
      prompt,
      until: request.until,
      states: request.states,
      byHand: request.byHand === true,
    });
    const { end, usable } = await this.stop.ended(request, (ms, signal) => follow.end(ms, signal));
    return typed(end, usable);
  }

  #viewOf(session: ShellSession): ProgramView {
    const known = this.#views.get(session);
    if (known) return known;
    const view = new ProgramView(this.server, this.clock, session);
    this.#views.set(session, view);
    return view;
  }

  /** The screen that may be typed at; undefined when the session is over, which sending finds out. */
  async #ready(view: ProgramView, request: TypingRequest): Promise<SeenScreen | undefined> {
    const { session, signal, timeoutMs = Infinity } = request;
    // Who types by hand has looked.
    if (request.byHand === true) return view.look(signal);
    if (request.passed !== undefined) {
      // Nothing is drawn that could come to rest.
      const blank = await view.look(signal);
      if (blank && !hasDrawn(blank) && ProgramNotReady.fingerprint(blank) === request.passed) {
        view.pass(blank);
        return blank;
      }
    }
    const ms = Math.min(restMs, timeoutMs);
    const limits = { drawMs: Math.min(drawMs, ms), ms, learns: view.prompt === undefined };
    const screen = await view.settled(limits, signal);
    if (screen === "over") return undefined;
    if (screen === "blank")
      throw this.#notReady(
        view,
        session,
        await view.look(signal),
        `has shown nothing for ${durationText(limits.drawMs)}`,
      );
    if (screen === "time")
      throw this.#notReady(view, session, await view.look(signal), `has not come to rest within ${durationText(ms)}`);
    if (request.passed !== undefined && ProgramNotReady.fingerprint(screen) === request.passed) {
      view.pass(screen);
      return screen;
    }
    const asks = view.asks(screen);
    if (asks !== undefined) throw this.#notReady(view, session, screen, `asks something: ${brief(asks, 120)}`);
    const { prompt } = view;
    if (prompt !== undefined && promptOf(screen) !== prompt)
      throw this.#notReady(view, session, screen, "does not show its prompt");
    const news = view.news(screen);
    if (news.length > 0) {
      const what = brief(news.map((row) => row.trim()).join(" / "), 120);
      throw this.#notReady(view, session, screen, `shows something new since the last text: ${what}`);
    }
    return screen;
  }

  /** A person sees this screen: what it shows is no news any more. */
  #notReady(view: ProgramView, { identity }: ShellSession, screen: SeenScreen | undefined, why: string): Error {
    view.left = undefined;
    return new ProgramNotReady(identity.name, why, screen);
  }
}

interface Sent {
  readonly text: string;
  /** As it was before; undefined where nobody saw it. */
  readonly screen: SeenScreen | undefined;
  readonly prompt: string;
  readonly until: Until | undefined;
  readonly states: SensedStates | undefined;
  readonly byHand: boolean;
}

/** What becomes of a text that was typed: it is seen there, entered, and taken. */
class Following {
  #entered = false;
  #stopped = false;

  constructor(
    private readonly server: SessionServer,
    private readonly view: ProgramView,
    private readonly session: ShellSession,
    private readonly keys: KeySending,
    private readonly clock: Clock,
    private readonly sent: Sent,
  ) {}

  /** Called again to stop it, it enters nothing. */
  async end(ms: number | undefined, signal: AbortSignal | undefined): Promise<CommandEnd | undefined> {
    const deadline = ms === undefined ? Infinity : this.clock.monotonic() + ms;
    const left = (): number | undefined => (deadline === Infinity ? undefined : deadline - this.clock.monotonic());
    if (!this.#entered && !this.#stopped) {
      this.#stopped = true;
      const { byHand } = this.sent;
      const hidden = await this.#echoed(Math.min(left() ?? echoMs, byHand ? ownEchoMs : echoMs), signal);
      if (hidden !== undefined && (!byHand || this.session.over))
        return this.session.over ? endOfSession(this.session) : undecided(hidden);
      if ((await this.keys.send(this.session, "\r", () => signal?.aborted !== true)) === "no" && !this.session.over)
        return undecided("its text was sent, and not entered");
      this.#entered = true;
    }
    return this.#taken(left(), signal);
  }

  /** Why Enter is not to follow; undefined once the text stands where it was typed. */
  async #echoed(ms: number, signal: AbortSignal | undefined): Promise<string | undefined> {
    const { text, prompt, screen: before } = this.sent;
    const known = this.view.asks.bind(this.view);
    const asked = before && known(before);
    const result = await this.view.until(
      (screen, rested) => {
        const asks = known(screen);
        if (
          asks !== undefined &&
          asks !== asked &&
          rested >= beforeEnterMs &&
          !showsTyped({ ...screen, lines: [asks] }, text)
        )
          return { asks };
        if (showsTyped(screen, text) && rested >= beforeEnterMs) return {};
        return startsWithPrompt(screen, prompt) && rested >= drawnMs ? {} : undefined;
      },
      ms,
      signal,
    );
    if (result === "over") return "its session ended";
    if (result === "time") return "its text was sent and is not shown, so it was not entered";
    const { asks } = result.found;
    return asks === undefined
      ? undefined
      : `its text was sent and not entered, because the program asks something: ${brief(asks, 120)}`;
  }

  /** What is waited for holds, the prompt is back, or the program asks for something. */
  async #taken(ms: number | undefined, signal: AbortSignal | undefined): Promise<CommandEnd | undefined> {
    const over = new AbortController();
    const stop = signal ? AbortSignal.any([signal, over.signal]) : over.signal;
    try {
      const { until, text } = this.sent;
      const holds = await holding(this.server, { session: this.session, text }, until, this.clock, stop);
      return await this.#takenUntil(holds, ms, signal);
    } finally {
      over.abort();
    }
  }

  async #takenUntil(
    holds: () => boolean,
    ms: number | undefined,
    signal: AbortSignal | undefined,
  ): Promise<CommandEnd | undefined> {
    const { view, sent } = this;
    const { until, text } = sent;
    const entered = this.clock.monotonic();
    let first: SeenScreen | undefined;
    let answered = false;
    let worked = false;
    const result = await view.until<"back" | "rest" | "held" | { readonly asks: string }>(
      async (screen, rested) => {
        first ??= screen;
        answered ||= view.changes(first, screen).length > 0 || screen.cursor.row !== first.cursor.row;
        if (holds()) return "held";
        if (until?.by === "screen")
          for (const lines of linesSince(sent.screen, screen, text))
            if (await until.pattern.isIn(lines, () => pause(this.clock, 0))) return "held";
        const known = knownByRules(sent.states, this.session, entered);
        worked ||= known === "busy";
        if (!answered && this.clock.monotonic() - entered < answerMs) return undefined;
        if (rested < backMs || known === "busy") return undefined;
        if (known === undefined && saysWorking(screen)) return undefined;
        const asks = known === undefined ? view.asks(screen) : undefined;
        if (asks !== undefined) return { asks };
        if (until) return undefined;
        const isBack = promptOf(screen) === sent.prompt && rested >= (sent.prompt === "" ? silentMs : backMs);
        if (known === "rest") return worked || isBack ? "rest" : undefined;
        return isBack ? "back" : undefined;
      },
      ms,
      signal,
    );
    if (result === "over") return endOfSession(this.session);
    if (result === "time") return undefined;
    view.left = result.screen;
    if (result.found === "held")
      return {
        outcome: "exited",
        exit_code: null,
        output: undefined,
        ...(until ? heldBy(until) : { known_by: "none" }),
      };
    if (result.found === "rest" || result.found === "back") {
      const known_by = result.found === "rest" ? "rest" : "quiet";
      return { outcome: "exited", exit_code: null, known_by, output: undefined };
    }
    return undecided(`the program asks something: ${brief(result.found.asks, 120)}`);
  }
}

/**
 * Lines that a program would enter one by one, and long ones that its terminal would cut off, without a word. Throws
 * `request_invalid`.
 */
function refuseBrokenLines(session: ShellSession, text: string, pastes: boolean): void {
  const name = shortSession(session.identity.name);
  const lines = text.split("\n");
  if (lines.length > 1 && !pastes)
    throw new OrchestratorError(
      "request_invalid",
      `A text of ${plural(lines.length, "line")} cannot be sent to ${name}: its program takes no pasted text, so that each line would be entered by itself.`,
      advice("Give each line as a command of its own, or save the text in a file and send the file's name."),
    );
  const encoder = new TextEncoder();
  const longest = Math.max(...lines.map((line) => encoder.encode(line).length));
  if (longest <= canonicalLineBytes || session.editsLines || pastes) return;
  throw new OrchestratorError(
    "request_invalid",
    `A line of ${longest} bytes is too long for ${name}: its terminal may cut it off after ${canonicalLineBytes} bytes.`,
    advice("Break the text into shorter lines, or save it in a file and send the file's name."),
  );
}
