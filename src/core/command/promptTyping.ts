import { hasCode } from "../model/errors";
import type { Clock } from "../ports/machine";
import type { Screen, ScreenFormat, SessionServer, TerminalMode } from "../ports/sessions";
import { type AskedPrompt, isBeingAnswered, isSamePrompt } from "../sense/askedPrompt";
import { choicesInRow, keyOfChoice, type ListedChoice, listedChoices } from "../sense/listedChoices";
import type { RuleCatalog } from "../sense/senseTerminal";
import { interruptKey } from "../sense/typing";
import type { TerminalFacts } from "../sense/terminalFacts";
import { pause } from "../session/pause";
import { terminalFacts } from "../session/sensedTerminal";
import { type EarlierAnswer, unsentAnswer } from "./unsentAnswer";

/** A program that takes each key shows what it made of one within this time. */
const echoMs = 500;
const lookAgainMs = 25;

/** So often a prompt is looked at anew because something came between the look and the key. */
const mostTries = 20;

const enter = "\r";
const [up, down, right, left] = ["\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D"];

/** A prompt in a session, as it stood when a person was asked. */
export interface StandingPrompt {
  /** The rule that found it, `program/rule`. */
  readonly rule: string;
  readonly fingerprint: string;
  /** What was answered in its session before: the beginning of one may stand there, and is not typed once more. */
  readonly earlier?: readonly EarlierAnswer[];
}

export interface PromptPlace {
  readonly server: Pick<SessionServer, "screen" | "terminalMode" | "sendInput">;
  readonly wire: string;
  readonly clock: Pick<Clock, "after" | "now">;
  readonly catalog: RuleCatalog;
}

/** `gone`: another prompt stands there, or none: nothing was typed. `in_part`: it changed under the first key. */
export type AnswerTyping = "typed" | "gone" | "in_part";

interface Look {
  readonly prompt: AskedPrompt | undefined;
  readonly facts: TerminalFacts;
  readonly lines: Screen["lines"];
  readonly mode: TerminalMode | undefined;
}

/** How a choice is taken: where they are read, and the keys to the one before and to the one behind. */
interface Choosing {
  readonly format: ScreenFormat;
  readonly choices: (look: Look) => readonly ListedChoice[];
  readonly keys: readonly [before: string, behind: string];
}

const inList: Choosing = { format: "plain", choices: ({ facts }) => listedChoices(facts), keys: [up, down] };
/** Only colours tell which one is chosen. */
const inRow: Choosing = {
  format: "styled",
  choices: ({ lines, prompt }) => choicesInRow(lines, prompt?.choices ?? [])?.choices ?? [],
  keys: [left, right],
};

/** What of an earlier answer stands behind the prompt (`unsentAnswer`); undefined: another prompt stands there, or none. */
export async function standsStill(place: PromptPlace, standing: StandingPrompt): Promise<string | undefined> {
  const look = await lookAt(place, standing);
  return standsIn(standing)(look) ? unsentThere(place, standing, look) : undefined;
}

function unsentThere({ catalog }: PromptPlace, { rule, earlier = [] }: StandingPrompt, look: Look): string {
  return look.prompt?.form === "line" && !look.prompt.secret ? unsentAnswer(catalog, rule, look.facts, earlier) : "";
}

/**
 * Types a person's answer where the prompt still stands; looked at right before each key. Where the terminal gives whole
 * lines, or a secret is wanted, the answer and Enter go in one piece: nobody sees how much of a secret was typed. A
 * program that takes each key gets one, and the rest only once that is seen to be a part of the answer: it may have been
 * all of it. What stands there of an earlier answer is the beginning of this one, or nothing is typed. Throws what
 * `sendInput` and `screen` throw.
 */
export async function typeAnswer(place: PromptPlace, standing: StandingPrompt, answer: string): Promise<AnswerTyping> {
  const stands = standsIn(standing);
  const first = await lookAt(place, standing);
  const { prompt, mode } = first;
  if (!prompt || !stands(first)) return "gone";
  switch (prompt.form) {
    case undefined:
      return "gone";
    case "enter": {
      const key = mode?.canonical === false && wantsSpace(prompt) ? " " : enter;
      return (await typeAt(place, standing, stands, key)) ? "typed" : "gone";
    }
    case "key": {
      const key = prompt.choices.includes(answer) ? keyOfChoice(answer) : undefined;
      return key !== undefined && (await typeAt(place, standing, stands, key)) ? "typed" : "gone";
    }
    case "list":
      return choose(place, standing, inList, answer, stands);
    case "row":
      return choose(place, standing, inRow, answer, stands);
    case "line": {
      const unsent = unsentThere(place, standing, first);
      if (!answer.startsWith(unsent)) return "gone";
      if (mode?.canonical === true || prompt.secret || unsent !== "")
        return (await typeAt(place, standing, stands, `${answer.slice(unsent.length)}${enter}`)) ? "typed" : "gone";
      const [key = "", ...rest] = Array.from(answer);
      // Who edits a line shows it itself; where the terminal does and each key is given, one key is all that is read.
      if (mode?.canonical === false && mode.echo && key !== "")
        return (await typeAt(place, standing, stands, key)) ? (rest.length === 0 ? "typed" : "in_part") : "gone";
      let isTaken = stands;
      if (key !== "") {
        if (!(await typeAt(place, standing, stands, key))) return "gone";
        isTaken = ({ prompt: now }) => now !== undefined && isBeingAnswered(prompt, now) && !stillAsks(now, prompt);
        if (!(await until(place, standing, isTaken))) return rest.length === 0 ? "typed" : "in_part";
      }
      if (await typeAt(place, standing, isTaken, `${rest.join("")}${enter}`)) return "typed";
      // One that is seen for a moment may have been read alone.
      return key === "" ? "gone" : rest.length === 0 ? "typed" : "in_part";
    }
  }
}

/** Types Ctrl-C where the prompt still stands, whatever is asked there. Throws what `sendInput` and `screen` throw. */
export async function typeInterrupt(place: PromptPlace, standing: StandingPrompt): Promise<AnswerTyping> {
  return (await typeAt(place, standing, standsIn(standing), interruptKey)) ? "typed" : "gone";
}

function stillAsks(now: AskedPrompt | undefined, before: AskedPrompt | undefined): boolean {
  return now && before ? isSamePrompt(before.fingerprint, now.fingerprint) : now === before;
}

function standsIn({ fingerprint }: StandingPrompt): (look: Look) => boolean {
  return ({ prompt }) => prompt !== undefined && isSamePrompt(fingerprint, prompt.fingerprint);
}

/** Types the keys where what is seen at this moment is what was asked about; false: it is not, and nothing was typed. */
async function typeAt(
  place: PromptPlace,
  standing: StandingPrompt,
  isIt: (look: Look) => boolean,
  keys: string,
  format: ScreenFormat = "plain",
): Promise<boolean> {
  for (let tries = 1; ; tries++) {
    const look = await lookAt(place, standing, format);
    if (!isIt(look)) return false;
    // Beside a prompt a spinner may turn for ever.
    const generation = tries < mostTries ? look.mode?.generation : undefined;
    try {
      await place.server.sendInput(place.wire, keys, undefined, generation);
      return true;
    } catch (error) {
      if (generation === undefined || !hasCode(error, "input_not_sent")) throw error;
    }
  }
}

function wantsSpace({ lines }: AskedPrompt): boolean {
  return lines.some((line) => /\bspace\b/iu.test(line)) && !lines.some((line) => /\b(?:enter|return)\b/iu.test(line));
}

/** Waits until something is seen, or for as long as a program takes to show what it made of a key. */
async function until(
  place: PromptPlace,
  standing: StandingPrompt,
  isIt: (look: Look) => boolean,
  format: ScreenFormat = "plain",
): Promise<boolean> {
  const before = await lookAt(place, standing, format);
  for (let waited = 0; ; waited += lookAgainMs) {
    const look = waited === 0 ? before : await lookAt(place, standing, format);
    if (isIt(look)) return true;
    if (look.prompt === undefined || !stillAsks(look.prompt, before.prompt)) return false;
    if (waited >= echoMs) return false;
    await pause(place.clock, lookAgainMs);
  }
}

async function choose(
  place: PromptPlace,
  standing: StandingPrompt,
  { format, choices: choicesOf, keys: [before, behind] }: Choosing,
  answer: string,
  stands: (look: Look) => boolean,
): Promise<AnswerTyping> {
  const first = await lookAt(place, standing, format);
  const choices = stands(first) ? choicesOf(first) : [];
  const wanted = choices.findIndex(({ label }) => label === answer);
  const marked = choices.findIndex((each) => each.marked);
  if (wanted < 0 || marked < 0) return "gone";
  const isMarked =
    (item: number) =>
    (look: Look): boolean =>
      stands(look) && choicesOf(look).findIndex((each) => each.marked) === item;
  // Some programs read several keys that come at once as one that they do not know.
  const step = wanted < marked ? -1 : 1;
  for (let item = marked; item !== wanted; item += step) {
    if (!(await typeAt(place, standing, isMarked(item), step < 0 ? before : behind, format)))
      return item === marked ? "gone" : "in_part";
    if (!(await until(place, standing, isMarked(item + step), format))) return "in_part";
  }
  const isChosen = (look: Look): boolean => isMarked(wanted)(look) && choicesOf(look)[wanted]?.label === answer;
  return (await typeAt(place, standing, isChosen, enter, format)) ? "typed" : wanted === marked ? "gone" : "in_part";
}

async function lookAt(
  { server, wire, clock, catalog }: PromptPlace,
  { rule }: StandingPrompt,
  format: ScreenFormat = "plain",
): Promise<Look> {
  // What comes while the screen is asked for makes its generation an old one.
  const mode = await server.terminalMode(wire);
  const screen = await server.screen(wire, format);
  const facts = terminalFacts(screen, { at: clock.now(), mode });
  return { prompt: catalog.askedBy(rule, facts), facts, lines: screen.lines, mode };
}
