import { agoText, plural, roughDuration } from "../core/model/sentences";

const words: Readonly<Record<string, string>> = { s: "second", min: "minute", h: "hour", d: "day" };

/** How long ago a time (ISO 8601) is: `just now`, `12 s ago`, `5 min ago`; empty for what is no time. */
export function ageText(ts: string, now: number): string {
  const age = now - Date.parse(ts);
  return Number.isNaN(age) ? "" : agoText(age);
}

/** How long something has gone on since then: `12 s`, `5 min`; empty for what is no time. */
export function sinceText(ts: string, now: number): string {
  const age = now - Date.parse(ts);
  return Number.isNaN(age) ? "" : roughDuration(age);
}

/** The age in whole words, for a screen reader: `5 minutes ago`. */
export function spokenAge(ts: string, now: number): string {
  return inWholeWords(ageText(ts, now));
}

/** The same of what still goes on: `for 5 minutes`; empty for what is no time. */
export function spokenSince(ts: string, now: number): string {
  const since = sinceText(ts, now);
  return since === "" ? "" : `for ${inWholeWords(since)}`;
}

function inWholeWords(text: string): string {
  return text.replace(/^(\d+) (\w+)/, (_, count: string, unit: string) => plural(Number(count), words[unit] ?? unit));
}
