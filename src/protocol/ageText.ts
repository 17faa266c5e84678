import { agoText, roughDuration } from "../core/model/sentences";

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
  return ageText(ts, now).replace(/^(\d+) (\w+)/, (_, count: string, unit: string) => {
    const word = words[unit] ?? unit;
    return `${count} ${word}${count === "1" ? "" : "s"}`;
  });
}
