import type { Clock } from "../ports/machine";
import { shownText, textKey, timesShown } from "../sense/composer";
import { type AgentLook, type AgentView, shellInFront } from "../session/agentView";
import type { ShownScreen } from "../session/commandEnds";
import { ProgramNotReady } from "./programNotReady";
import { aboveComposer } from "./promptDelivery";

/** Keys that were sent by a process that has ended are shown within this time. */
const settledMs = 1000;
/** What stands whole in the composer lacks at most an Enter, and a second one finds nothing there to enter. */
const wholeMs = 400;
/** An agent that draws for ever is judged by what it shows after this. */
const mostMs = 15_000;

/** What became of a prompt whose process ended; `unknown`: nothing that is shown proves any of the others. */
export type PromptStanding =
  | { readonly is: "not_typed" | "typed" | "taken" | "over" }
  | { readonly is: "unknown"; readonly why: string; readonly shown: ShownScreen };

export interface LeftText {
  /** As the record has it. */
  readonly text: string;
  /** `textKey` of the whole text. */
  readonly typed: string | undefined;
  /** A hash of the screen before it was typed. */
  readonly screen: string | undefined;
  readonly title: string;
  readonly signal?: AbortSignal;
}

/**
 * Says from the live screen what became of a prompt. All of it stands in the composer: it was typed, and not entered. The
 * agent works or asks, or the text stands in its transcript: it was taken. The screen is as it was before: it was not
 * typed. Anything else is a person's to say.
 */
export async function standingPrompt(
  view: AgentView,
  left: LeftText,
  clock: Pick<Clock, "monotonic">,
): Promise<PromptStanding> {
  const begun = clock.monotonic();
  let before: string | undefined;
  let since = begun;
  for (;;) {
    const look = await view.ask(left.signal);
    if (!look) return { is: "over" };
    // No key that is still to be shown changes that.
    if (isAtWork(look)) return { is: "taken" };
    const now = clock.monotonic();
    const drawn = JSON.stringify([look.composer, look.sensed.state]);
    if (drawn !== before) since = now;
    before = drawn;
    const standing = standingOn(look, left);
    const settled = now - since >= (standing.is === "typed" ? wholeMs : settledMs);
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

function standingOn(look: AgentLook, { text, typed, screen, title }: LeftText): PromptStanding {
  const { composer } = look;
  const unknown = (why: string): PromptStanding => ({ is: "unknown", why, shown: ProgramNotReady.shown(look.screen) });
  if (shellInFront(look) !== undefined) return unknown(`${title} has ended meanwhile`);
  if (composer && composer.text !== "") {
    const isIt = shownText(composer, text) === "whole" || (typed !== undefined && textKey(composer.text) === typed);
    return isIt && composer.takesText ? { is: "typed" } : unknown("the composer holds something else, or a part of it");
  }
  if (timesShown(aboveComposer(look), text) > 0 && ProgramNotReady.fingerprint(look.screen) !== screen)
    return { is: "taken" };
  if (composer && screen !== undefined && ProgramNotReady.fingerprint(look.screen) === screen)
    return { is: "not_typed" };
  return unknown("nothing that is shown tells whether it was taken");
}
