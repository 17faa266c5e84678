import { marker } from "./listedChoices";

/** Text of a screen without what moves by itself there while a prompt stands. */
export interface LastingText {
  /** Without blanks, and with `timeMark` where a time stands. */
  readonly text: string;
  /** The times, in their order, as `ranOn` takes them. */
  readonly times: readonly string[];
}

/** No screen has it. */
const timeMark = "\0";

/** Frames of spinners, as programs draw them beside their words. */
const spinner =
  /[\u2800-\u28ff◐◓◑◒◴◷◶◵✶✸✹✺✻✽✢]|\[[|/\\-]\]|(?<=^\s*)[|/\\-](?=\s+\p{L})|(?<=(?:\.{3}|…) ?)[|/\\-](?=\s|$)/gu;
const unmarked = /^(\s*(?:[│|┃]\s*)?)([○◯◌-])(?=\s)/u;

const clock = String.raw`\d{1,3}(?::[0-5]\d){1,2}(?:\.\d+)?`;
const seconds = String.raw`(?:\d+ ?h(?:ours?)? ?)?(?:\d+ ?m(?:in(?:utes?)?)? ?)?\d+(?:\.\d+)? ?s(?:ec(?:onds?)?)?`;
const minutes = String.raw`\d+(?:\.\d+)? ?m(?:in(?:utes?)?)?`;
/** In brackets, as they stand beside what is asked. */
const bracketed = String.raw`\((?:${clock}|${seconds}|${minutes})\)|\[(?:${clock}|${seconds})\]`;
const inBrackets = new RegExp(bracketed, "gu");
/** …and without, where only what stands beside is looked at. */
const anywhere = new RegExp(String.raw`${bracketed}|(?<![\w.:-])(?:${clock}|${seconds})(?![\w:-])`, "gu");

/**
 * The lines as they stand while nobody answers, and wherever their terminal wraps them. `beside`: they are none that a
 * program asks, and a time in them may run without brackets.
 */
export function lastingText(lines: readonly string[], { beside }: { readonly beside: boolean }): LastingText {
  const times: string[] = [];
  const text = lines
    .map((line) =>
      line
        .replace(marker, "$1")
        .replace(unmarked, "$1")
        .replace(spinner, "")
        .replace(beside ? anywhere : inBrackets, (time) => {
          times.push(readingsOf(time));
          return timeMark;
        }),
    )
    .join("")
    .replace(/\s+/gu, "");
  return { text, times };
}

/** The end of it. */
export function endOf({ text, times }: LastingText, length: number): LastingText {
  const end = text.slice(-length);
  const count = end.split(timeMark).length - 1;
  return { text: end, times: count === 0 ? [] : times.slice(-count) };
}

/** What a time may mean, in seconds, and how fine it is: `725/1|43500/60` for 12:05. */
function readingsOf(time: string): string {
  const numbers = (time.match(/\d+(?:\.\d+)?/gu) ?? []).map(Number);
  const [first = 0, second = 0, third = 0] = numbers;
  if (time.includes(":"))
    return numbers.length > 2
      ? `${3600 * first + 60 * second + third}/1`
      : `${60 * first + second}/1|${3600 * first + 60 * second}/60`;
  if (!/\ds| s/u.test(time)) return `${60 * first}/60`;
  return `${numbers.reduce((sum, each) => 60 * sum + each, 0)}/1`;
}

const dayS = 86_400;
/** A time is drawn a little after its moment, and a program that counts its own pauses is slow. */
const lateS = 2;
const slowness = 0.1;

/**
 * Whether times that stood there, and those that stand in their places `seconds` later, are those of clocks that run, up
 * or down. A time that has moved otherwise is a part of what is asked. They are compared from the end.
 */
export function ranOn(before: readonly string[], now: readonly string[], seconds: number): boolean {
  const common = Math.min(before.length, now.length);
  return before.slice(before.length - common).every((time, index) => {
    const later = now[now.length - common + index] ?? "";
    const readings = later.split("|");
    return time === later || time.split("|").some((each, at) => hasRun(each, readings[at] ?? "", seconds));
  });
}

function hasRun(before: string, now: string, seconds: number): boolean {
  const [value = NaN, grain = NaN] = before.split("/").map(Number);
  const [later = NaN, laterGrain] = now.split("/").map(Number);
  const moved = later - value;
  const off = Math.min(...[seconds, -seconds, seconds - dayS].map((wanted) => Math.abs(moved - wanted)));
  return grain === laterGrain && off <= grain + lateS + slowness * Math.abs(seconds);
}
