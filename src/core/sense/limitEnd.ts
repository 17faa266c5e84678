import { months } from "../model/limitEndText";

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** No program is waited for longer than that: longest are weekly limits. */
export const longestLimitMs = 7 * dayMs;
/**
 * A time of day that has passed by less is over: the screen may have stood there for a while. One that has passed by more
 * is that of the next day, as daily limits say it.
 */
const passedMs = hourMs;
/** A date without a year that has passed by more is one of the next year. */
const passedDays = 180;

/** Letters behind a time. Those that mean several zones are read as programs from the USA mean them. */
const zoneHours: Readonly<Record<string, number>> = {
  ...{ UTC: 0, GMT: 0, Z: 0, WET: 0, BST: 1, WEST: 1, CET: 1, CEST: 2, EET: 2, EEST: 3, JST: 9 },
  ...{ EDT: -4, EST: -5, CDT: -5, CST: -6, MDT: -6, MST: -7, PDT: -7, PST: -8 },
};

const unitsMs: Readonly<Record<string, number>> = {
  ...{ s: secondMs, m: minuteMs, h: hourMs, d: dayMs, w: 7 * dayMs },
};

const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const month = String.raw`(?<month>jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?`;
const dayOfMonth = String.raw`(?<day>\d{1,2})(?:st|nd|rd|th)?`;
const year = String.raw`(?:,?\s+(?<year>20\d\d))?`;

const isoDate = /\b(?<year>20\d\d)-(?<month>\d\d)-(?<day>\d\d)(?:T(?=\d)|\b)/u;
const monthFirst = new RegExp(String.raw`\b${month}\s+${dayOfMonth}(?![\d:])${year}`, "iu");
const dayFirst = new RegExp(String.raw`\b${dayOfMonth}\.?\s+${month}(?![a-z])${year}`, "iu");
const weekday = /\b(sun|mon|tue|wed|thu|fri|sat)(?:day|s|sday|nesday|rs|rsday|urday)?\b/iu;
const clockTime =
  /(?<![\d:])(?<hour>\d{1,2})(?::(?<minute>\d\d)(?::(?<second>\d\d)(?:\.\d+)?)?\s*(?<half>[ap]\.?m\b\.?)?|\s*(?<bareHalf>[ap]\.?m\b\.?))/iu;
const duration =
  /(?<![\d.:])(?<count>\d+(?:\.\d+)?|\ban?\b)\s*(?<unit>w(?:eeks?)?|d(?:ays?)?|h(?:(?:ou)?rs?)?|m(?:in(?:ute)?s?)?|s(?:ec(?:ond)?s?)?)(?![a-z])/giu;
/** `(Europe/Berlin)`, `UTC+2`, `+02:00`, `PST`; capitals directly behind the time. */
const zoneBehind =
  /^[\s(]*(?:(?<region>[A-Z][A-Za-z_]+(?:\/[A-Za-z_+\-0-9]+)+)|(?:UTC|GMT)?(?<sign>[+-])(?<hours>\d{1,2})(?::?(?<minutes>\d\d))?\b|(?<letters>Z|[A-Z]{2,5})\b)/u;

/** Offset from UTC in minutes, the name of a region, or undefined for where this process runs. */
type Zone = number | string | undefined;

interface WallDate {
  readonly year: number;
  /** From 0. */
  readonly month: number;
  readonly day: number;
}

/**
 * When a limit ends, by the words of the screen that say it (`14:20`, `3pm (Europe/Berlin)`, `Dec 5 at 9:00 AM`, `2h 10m`),
 * which were read at `now`; both in milliseconds since 1970. Without a zone the time is that of this machine. Never before
 * `now`, and at most a week later. Undefined where the words say no time.
 */
export function limitEnd(words: string, now: number): number | undefined {
  const end = momentIn(words, now) ?? afterDuration(words, now);
  return end === undefined || Number.isNaN(end) ? undefined : Math.min(Math.max(end, now), now + longestLimitMs);
}

function afterDuration(words: string, now: number): number | undefined {
  let ms: number | undefined;
  for (const { groups } of words.matchAll(duration)) {
    const { count = "", unit = "" } = groups ?? {};
    const many = /^\d/u.test(count) ? Number(count) : 1;
    ms = (ms ?? 0) + many * (unitsMs[unit.charAt(0).toLowerCase()] ?? 0);
  }
  return ms === undefined ? undefined : now + ms;
}

function momentIn(words: string, now: number): number | undefined {
  const dated = isoDate.exec(words) ?? monthFirst.exec(words) ?? dayFirst.exec(words);
  const rest = dated ? words.slice(0, dated.index) + " " + words.slice(dated.index + dated[0].length) : words;
  const time = clockTime.exec(rest);
  const ms = time ? ofDay(time.groups ?? {}) : 0;
  if (ms === undefined) return undefined;
  const behind = time ? rest.slice(time.index + time[0].length) : "";
  const zone = zoneOf(behind);
  if (zone === "unknown") return undefined;
  const today = wallDate(now, zone?.of);
  const at = (date: WallDate): number => moment(date, ms, zone?.of);
  if (dated?.groups) return at(givenDate(dated.groups, today));
  if (/\btomorrow\b/iu.test(rest)) return at({ ...today, day: today.day + 1 });
  const name = weekday.exec(rest)?.[1];
  if (name !== undefined) {
    const ahead = (days.indexOf(name.toLowerCase()) - weekdayOf(today) + 7) % 7;
    const next = at({ ...today, day: today.day + ahead });
    return next < now - passedMs ? at({ ...today, day: today.day + ahead + 7 }) : next;
  }
  if (!time) return undefined;
  const next = at(today);
  return next < now - passedMs ? at({ ...today, day: today.day + 1 }) : next;
}

/** Milliseconds since midnight; undefined for what is no time of day. */
function ofDay(groups: Readonly<Partial<Record<string, string>>>): number | undefined {
  const half = (groups.half ?? groups.bareHalf)?.charAt(0).toLowerCase();
  const given = Number(groups.hour);
  const minute = Number(groups.minute ?? 0);
  const second = Number(groups.second ?? 0);
  if (minute > 59 || second > 59 || (half === undefined ? given > 24 : given < 1 || given > 12)) return undefined;
  const hour = half === undefined ? given : (given % 12) + (half === "p" ? 12 : 0);
  return hour * hourMs + minute * minuteMs + second * secondMs;
}

function givenDate(groups: Readonly<Partial<Record<string, string>>>, today: WallDate): WallDate {
  const name = groups.month ?? "";
  const date = {
    month: /^\d/u.test(name) ? Number(name) - 1 : months.indexOf(name.slice(0, 3).toLowerCase()),
    day: Number(groups.day),
  };
  if (groups.year !== undefined) return { ...date, year: Number(groups.year) };
  const passed = (dateMs(today) - dateMs({ ...date, year: today.year })) / dayMs;
  return { ...date, year: passed > passedDays ? today.year + 1 : today.year };
}

/** Undefined: none is named. */
function zoneOf(behind: string): { readonly of: Exclude<Zone, undefined> } | "unknown" | undefined {
  const groups = zoneBehind.exec(behind)?.groups;
  if (!groups) return undefined;
  const { region, sign, hours, minutes, letters } = groups;
  if (region !== undefined) return isRegion(region) ? { of: region } : "unknown";
  if (sign !== undefined)
    return { of: (sign === "-" ? -1 : 1) * (Number(hours) * 60 + (minutes === undefined ? 0 : Number(minutes))) };
  const offset = letters === undefined ? undefined : zoneHours[letters];
  return offset === undefined ? "unknown" : { of: offset * 60 };
}

function isRegion(name: string): boolean {
  try {
    Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function wallDate(now: number, zone: Zone): WallDate {
  const wall = new Date(now + offsetAt(now, zone));
  return { year: wall.getUTCFullYear(), month: wall.getUTCMonth(), day: wall.getUTCDate() };
}

const dateMs = ({ year, month, day }: WallDate): number => Date.UTC(year, month, day);
const weekdayOf = (date: WallDate): number => new Date(dateMs(date)).getUTCDay();

/** The moment at which the clocks of the zone show that. */
function moment(date: WallDate, ofDayMs: number, zone: Zone): number {
  const wall = dateMs(date) + ofDayMs;
  // The offset of about then says when it is; the one of that moment counts, should clocks change in between.
  return wall - offsetAt(wall - offsetAt(wall, zone), zone);
}

/** What clocks of the zone are ahead of UTC then, in milliseconds. */
function offsetAt(at: number, zone: Zone): number {
  if (typeof zone === "number") return zone * minuteMs;
  if (zone === undefined) return -new Date(at).getTimezoneOffset() * minuteMs;
  const parts = new Intl.DateTimeFormat("en", {
    timeZone: zone,
    hourCycle: "h23",
    ...{ year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" },
  }).formatToParts(at);
  const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
  const shown = Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second"));
  return shown - Math.floor(at / secondMs) * secondMs;
}
