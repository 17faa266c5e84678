import type { Clock } from "../ports/machine";
import type { SessionServer, TerminalMode } from "../ports/sessions";
import { type AskedPrompt, isBeingAnswered, isSamePrompt, listedChoices } from "../sense/askedPrompt";
import type { RuleCatalog } from "../sense/senseTerminal";
import type { TerminalFacts } from "../sense/terminalFacts";
import { pause } from "../session/pause";
import { terminalFacts } from "../session/sensedTerminal";

/** A program that takes each key shows what it made of one within this time. */
const echoMs = 500;
const lookAgainMs = 25;

const enter = "\r";
const up = "\x1b[A";
const down = "\x1b[B";

/** A prompt in a session, as it stood when a person was asked. */
export interface StandingPrompt {
  /** The rule that found it, `program/rule`. */
  readonly rule: string;
  readonly fingerprint: string;
}

export interface PromptPlace {
  readonly server: Pick<SessionServer, "screen" | "terminalMode" | "sendInput">;
  readonly wire: string;
  readonly clock: Pick<Clock, "after">;
  readonly catalog: RuleCatalog;
}

/** `gone`: another prompt stands there, or none: nothing was typed. `in_part`: it changed under the first key. */
export type AnswerTyping = "typed" | "gone" | "in_part";

interface Look {
  readonly prompt: AskedPrompt | undefined;
  readonly facts: TerminalFacts;
  readonly mode: TerminalMode | undefined;
}

/** Whether the very same prompt stands there now. */
export async function standsStill(place: PromptPlace, standing: StandingPrompt): Promise<AskedPrompt | undefined> {
  const { prompt } = await lookAt(place, standing);
  return prompt && isSamePrompt(standing.fingerprint, prompt.fingerprint) ? prompt : undefined;
}

/**
 * Types a person's answer where the prompt still stands; looked at right before the first key. Where the terminal gives
 * whole lines, the answer and Enter go in one piece. A program that takes each key gets one, and the rest only once that
 * is seen to be a part of the answer: it may have been all of it. Throws what `sendInput` and `screen` throw.
 */
export async function typeAnswer(place: PromptPlace, standing: StandingPrompt, answer: string): Promise<AnswerTyping> {
  const { prompt, facts, mode } = await lookAt(place, standing);
  if (!prompt || !isSamePrompt(standing.fingerprint, prompt.fingerprint)) return "gone";
  const type = (keys: string): Promise<void> => place.server.sendInput(place.wire, keys);
  switch (prompt.form) {
    case undefined:
      return "gone";
    case "enter":
      await type(mode?.canonical === false && wantsSpace(prompt) ? " " : enter);
      return "typed";
    case "list":
      return chooseInList(place, standing, facts, answer, type);
    case "line": {
      if (mode?.canonical === true) {
        await type(`${answer}${enter}`);
        return "typed";
      }
      const [first = "", ...rest] = Array.from(answer);
      if (first !== "") {
        await type(first);
        if (!(await takesMore(place, standing, prompt))) return rest.length === 0 ? "typed" : "in_part";
      }
      await type(`${rest.join("")}${enter}`);
      return "typed";
    }
  }
}

function wantsSpace({ lines }: AskedPrompt): boolean {
  return lines.some((line) => /\bspace\b/iu.test(line)) && !lines.some((line) => /\b(?:enter|return)\b/iu.test(line));
}

/** Whether the first key is seen behind the prompt; where the answer is not shown, that the prompt still stands. */
async function takesMore(place: PromptPlace, standing: StandingPrompt, asked: AskedPrompt): Promise<boolean> {
  for (let waited = 0; ; waited += lookAgainMs) {
    const { prompt } = await lookAt(place, standing);
    if (!prompt) return false;
    if (isSamePrompt(asked.fingerprint, prompt.fingerprint)) {
      // Nothing is shown yet, or nothing ever is.
      if (waited >= echoMs) return asked.secret;
    } else return isBeingAnswered(asked, prompt);
    await pause(place.clock, lookAgainMs);
  }
}

async function chooseInList(
  place: PromptPlace,
  standing: StandingPrompt,
  facts: TerminalFacts,
  answer: string,
  type: (keys: string) => Promise<void>,
): Promise<AnswerTyping> {
  const choices = listedChoices(facts);
  const wanted = choices.findIndex(({ label }) => label === answer);
  const marked = choices.findIndex((each) => each.marked);
  if (wanted < 0 || marked < 0) return "gone";
  if (wanted !== marked) await type((wanted < marked ? up : down).repeat(Math.abs(wanted - marked)));
  for (let waited = 0; ; waited += lookAgainMs) {
    const look = await lookAt(place, standing);
    if (!look.prompt || !isSamePrompt(standing.fingerprint, look.prompt.fingerprint)) return "in_part";
    if (listedChoices(look.facts).some(({ label, marked: here }) => here && label === answer)) break;
    if (waited >= echoMs) return "in_part";
    await pause(place.clock, lookAgainMs);
  }
  await type(enter);
  return "typed";
}

async function lookAt({ server, wire, catalog }: PromptPlace, { rule }: StandingPrompt): Promise<Look> {
  const [screen, mode] = await Promise.all([server.screen(wire, "plain"), server.terminalMode(wire)]);
  const facts = terminalFacts(screen, { mode });
  return { prompt: catalog.askedBy(rule, facts), facts, mode };
}
