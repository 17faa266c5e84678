const shownLength = 120;
const secondMs = 1000;
const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** One line of at most 120 characters, cut on a character. */
export function brief(text: string, length = shownLength): string {
  const line = text.replace(/\s+/g, " ").trim();
  const characters = Array.from(line);
  return characters.length <= length ? line : `${characters.slice(0, length - 1).join("")}…`;
}

/**
 * How long something took, in milliseconds: `340 ms`, `3.2 s`, `4 min 10 s`, `2 h 5 min`, `3 d 1 h`. Rounded before it
 * is split, so that no part is ever 60.
 */
export function durationText(ms: number): string {
  const whole = Math.max(0, Math.round(ms));
  if (whole < secondMs) return `${whole} ms`;
  const tenths = Math.round(whole / 100);
  return tenths < minute * 10 ? `${tenths / 10} s` : twoUnits(Math.round(whole / secondMs));
}

/** The same of something that still goes on: whole seconds, rounded down (`0 s`, `12 s`, `4 min 10 s`). */
export function runningTime(ms: number): string {
  return twoUnits(Math.max(0, Math.floor(ms / secondMs)));
}

/** Its largest unit, rounded down: `12 s`, `5 min`, `3 h`, `2 d`. For a list, where the rest is noise. */
export function roughDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / secondMs));
  if (seconds < minute) return `${seconds} s`;
  if (seconds < hour) return `${Math.floor(seconds / minute)} min`;
  return seconds < day ? `${Math.floor(seconds / hour)} h` : `${Math.floor(seconds / day)} d`;
}

/** How long ago that was: `just now`, `12 s ago`, `5 min ago`. A clock that runs ahead makes no future. */
export function agoText(ms: number): string {
  return ms < 5 * secondMs ? "just now" : `${roughDuration(ms)} ago`;
}

/** `14:03:59`, in the reader's time zone. */
export function clockTime(ts: string): string {
  const date = new Date(ts);
  if (Number.isNaN(date.getTime())) return "--:--:--";
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, "0")).join(":");
}

/** `2026-01-31`, in the reader's time zone; empty for what is no time. */
export function calendarDay(ts: string): string {
  const date = new Date(ts);
  if (Number.isNaN(date.getTime())) return "";
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()]
    .map((part) => String(part).padStart(2, "0"))
    .join("-");
}

/** `2026-01-31 14:03:59`, in the reader's time zone. */
export function dateAndTime(ts: string): string {
  return `${calendarDay(ts)} ${clockTime(ts)}`.trimStart();
}

/** How large something is: `340 bytes`, `1.2 kB`, `35 MB`. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return plural(bytes, "byte");
  const units = ["kB", "MB", "GB", "TB"];
  let size = bytes / 1000;
  let unit = 0;
  for (; size >= 999.5 && unit + 1 < units.length; unit++) size /= 1000;
  return `${size < 9.95 ? Math.round(size * 10) / 10 : Math.round(size)} ${units[unit] ?? ""}`;
}

/** The text without its full stop, where the sentence around it brings one. */
export function withoutStop(text: string): string {
  return text.trimEnd().replace(/(?<!\.)\.$/, "");
}

/** `7`, `1,000`. The formats of a language, which `toLocaleString` has, take each process 12 ms to load. */
export function countText(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/** `1 entry`, `2 entries`, `0 sessions`, `3 open questions`. */
export function plural(count: number, noun: string): string {
  return `${count} ${count === 1 ? noun : pluralOf(noun)}`;
}

/** Of several words the last one changes. */
function pluralOf(noun: string): string {
  if (/(?:^|\s)person$/.test(noun)) return noun.replace(/person$/, "people");
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`;
  return /(?:s|x|z|ch|sh)$/.test(noun) ? `${noun}es` : `${noun}s`;
}

function twoUnits(seconds: number): string {
  if (seconds < minute) return `${seconds} s`;
  if (seconds < hour) return units(seconds, minute, "min", "s");
  if (seconds < day) return units(Math.floor(seconds / minute), minute, "h", "min");
  return units(Math.floor(seconds / hour), day / hour, "d", "h");
}

function units(count: number, inLarge: number, large: string, small: string): string {
  const rest = count % inLarge;
  return `${Math.floor(count / inLarge)} ${large}${rest === 0 ? "" : ` ${rest} ${small}`}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1) ?? ""}`;
}
