import type { Clock } from "../ports/machine";
import { shownText, textKey, timesShown } from "../sense/composer";
import { type AgentLook, type AgentView, shellInFront } from "../session/agentView";
import type { ShownScreen } from "../session/commandEnds";
import { ProgramNotReady } from "./programNotReady";
import { aboveComposer } from "./promptDelivery";

/** Keys that were sent by a process that has ended are shown within this time. */
const settledMs = 1000;
/** …and what its server was still to do for it, while this process looks. */
const untypedMs = 300;
/** What stands whole in the composer lacks at most an Enter, and a second one finds nothing there to enter. */
const wholeMs = 400;
/** An agent that draws for ever is judged by what it shows after this. */
const mostMs = 15_000;

/** What became of a prompt whose process ended; `entered`: Enter was typed, and its agent has not taken it yet; `unknown`: nothing that is shown proves any of the others. */
export type PromptStanding =
  | { readonly is: "not_typed" | "typed" | "entered" | "taken" | "over" }
  | { readonly is: "unknown"; readonly why: string; readonly shown: ShownScreen };

export interface LeftText {
  /** As the record has it. */
  readonly text: string;
  /** `textKey` of the whole text. */
  readonly typed: string | undefined;
  /** A hash of the screen before it was typed. */
  readonly screen: string | undefined;
  /** So often the text stood there then. */
  readonly timesShown: number;
  /** So often Enter was typed there then; undefined where nobody counted. */
  readonly entered: number | undefined;
  /** When it was about to be typed, in milliseconds since 1970. */
  readonly intendedAt: number;
  readonly title: string;
  readonly signal?: AbortSignal;
}

/**
 * Says from the live terminal what became of a prompt. All of it stands in the composer: it was typed, and entered where
 * Enter was typed since. The agent works or asks, or the text stands in its transcript, or is gone after its Enter: it was taken. Nobody typed Enter
 * there since, or nothing came there at all: it was not typed. A screen that looks as before proves nothing: a turn may
 * leave the same one behind. Anything else is a person's to say.
 */
export async function standingPrompt(
  view: AgentView,
  left: LeftText,
  clock: Pick<Clock, "monotonic" | "now">,
): Promise<PromptStanding> {
  const begun = clock.monotonic();
  let before: string | undefined;
  let since = begun;
  for (;;) {
    const look = await view.ask(left.signal);
    if (!look) return { is: "over" };
    // No key that is still to be shown changes that.
    if (isAtWork(look) && entersSince(look, left) !== 0) return { is: "taken" };
    const now = clock.monotonic();
    const drawn = JSON.stringify([look.composer, look.sensed.state]);
    if (drawn !== before) since = now;
    before = drawn;
    const standing = standingOn(look, left, look.stillSince - now + clock.now());
    if (standing.is === "entered") return standing;
    const stands = now - Math.min(since, look.stillSince) >= (standing.is === "typed" ? wholeMs : settledMs);
    const settled = stands && (standing.is === "typed" || standing.is === "taken" || now - begun >= untypedMs);
    if (settled || now - begun >= mostMs) return standing;
    await view.step(left.signal);
  }
}

/** An agent that was at rest before works, or asks, only for what it has taken. */
function isAtWork(look: AgentLook): boolean {
  const { state } = look.sensed;
  const isEmpty = look.composer === undefined || look.composer.text === "";
  return isEmpty && (state === "working" || state === "waiting") && shellInFront(look) === undefined;
}

/** How often Enter was typed since then, a line end in a paste included; undefined where nobody counts. */
function entersSince({ mode }: AgentLook, { entered }: LeftText): number | undefined {
  return entered === undefined || mode?.entered === undefined ? undefined : mode.entered - entered;
}

/** `stillSince`: when something came to the terminal last, in milliseconds since 1970. */
function standingOn(look: AgentLook, left: LeftText, stillSince: number): PromptStanding {
  const { composer } = look;
  const { text, typed, screen, title } = left;
  const unknown = (why: string): PromptStanding => ({ is: "unknown", why, shown: ProgramNotReady.shown(look.screen) });
  if (shellInFront(look) !== undefined) return unknown(`${title} has ended meanwhile`);
  const enters = entersSince(look, left);
  // One for the text, where it has line ends, and the one that enters it.
  const isEntered = enters !== undefined && enters >= (text.includes("\n") ? 2 : 1);
  if (composer && composer.text !== "") {
    // It was empty before: what shows an end of the text, or a paste of its length, was typed for it.
    const isIt = shownText(composer, text) !== "no" || (typed !== undefined && textKey(composer.text) === typed);
    if (!isIt || !composer.takesText) return unknown("the composer holds something else, or a part of it");
    return { is: isEntered ? "entered" : "typed" };
  }
  if (composer && (enters === undefined ? stillSince < left.intendedAt : enters === 0)) return { is: "not_typed" };
  if (timesShown(aboveComposer(look), text) > left.timesShown) return { is: "taken" };
  if (composer && isEntered && ProgramNotReady.fingerprint(look.screen) !== screen) return { is: "taken" };
  return unknown("nothing that is shown tells whether it was taken");
}
