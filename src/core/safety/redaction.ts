import { hash64 } from "../base/hash";
import type { RedactionSettings } from "../ports/plans";
import { knownForms } from "./knownValues";
import { contextRules, tokenRules, type RedactionRule } from "./redactionRules";

export interface RedactorOptions {
  /** Makes the four hex digits of one installation mean nothing elsewhere. */
  readonly key: string;
  /** Secrets that are known exactly, such as values given to a session's environment. */
  readonly knownValues?: readonly string[];
}

export interface Redactor {
  /** As it is now. */
  readonly settings: RedactionSettings;
  /**
   * Replaces every secret by `‹redacted:<rule>:<4 hex>›`; equal secrets get equal digits, so a person can match two
   * sightings. Idempotent. Text without secrets comes back as it is.
   */
  redact(text: string): string;
  /**
   * Masks this value from now on, also in base64, URL-encoded and JSON form. Values under 6 characters are ignored:
   * they would hide half the text.
   */
  addKnownValue(name: string, value: string): void;
}

/** Longest text that one scan of the rules sees; longer text is scanned in windows. */
const windowLength = 64 * 1024;
/** Windows share this much, more than any secret with a bounded form has. */
const overlap = 20 * 1024;
/**
 * Replacing changes surroundings, so the rules run until nothing changes; each pass removes text, and ordinary text
 * needs two.
 */
const maxPasses = 16;

/** The bound that the patterns of values have. */
const longestValue = 4096;

const marker = /‹redacted:[a-z0-9-]{1,40}:[0-9a-f]{4}›/g;

interface Range {
  start: number;
  end: number;
  name: string;
  /** Smaller wins when ranges overlap. */
  rank: number;
}

const rules: readonly RedactionRule[] = [...tokenRules, ...contextRules];

export function createRedactor(options: RedactorOptions): Redactor {
  const redactor = new RuleRedactor(options.key);
  for (const value of options.knownValues ?? []) redactor.addKnownValue("known-value", value);
  return redactor;
}

/** One that redacts as the one whose settings these are. */
export function redactorWith({ key, known }: RedactionSettings): Redactor {
  return new RuleRedactor(key, known);
}

class RuleRedactor implements Redactor {
  readonly #key: string;
  /** By their form. */
  readonly #known: Map<string, { readonly name: string; readonly value: string }>;

  constructor(key: string, known: RedactionSettings["known"] = new Map()) {
    this.#key = key;
    this.#known = new Map(known);
  }

  get settings(): RedactionSettings {
    return { key: this.#key, known: new Map(this.#known) };
  }

  addKnownValue(name: string, value: string): void {
    const label = name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 40)
      .replace(/-+$/, "");
    for (const form of knownForms(value)) {
      this.#known.set(form, { name: label === "" ? "known-value" : label, value });
    }
  }

  redact(text: string): string {
    let current = text;
    for (let pass = 0; pass < maxPasses; pass++) {
      const next = this.#once(current);
      if (next === current) break;
      current = next;
    }
    return current;
  }

  #once(text: string): string {
    const ranges = this.#knownRanges(text);
    for (const [start, end] of windows(text)) collect(text, start, end, ranges);
    if (ranges.length === 0) return text;
    const kept = merge(withoutMarkers(text, ranges));
    let out = "";
    let from = 0;
    for (const range of kept) {
      out += text.slice(from, range.start) + this.#replacement(range.name, text.slice(range.start, range.end));
      from = range.end;
    }
    return out + text.slice(from);
  }

  #knownRanges(text: string): Range[] {
    const ranges: Range[] = [];
    for (const [form, { name }] of this.#known) {
      for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + form.length)) {
        ranges.push({ start: at, end: at + form.length, name, rank: -1 });
      }
    }
    return ranges;
  }

  #replacement(name: string, secret: string): string {
    const value = this.#known.get(secret)?.value ?? secret;
    return `‹redacted:${name}:${hash64(`${this.#key}\u0000${value}\u0000${this.#key}`).slice(0, 4)}›`;
  }
}

/** Start and end of overlapping windows; they begin and end at lines where there are lines. */
function* windows(text: string): Generator<[number, number]> {
  let start = 0;
  while (text.length - start > windowLength) {
    const end = lineStartBefore(text, start + windowLength, start + windowLength / 2);
    yield [start, end];
    start = lineStartBefore(text, end - overlap, end - 2 * overlap > start ? end - 2 * overlap : start + 1);
  }
  yield [start, text.length];
}

/** The beginning of the line that holds `at`, or `at` itself when the line begins before `floor`. */
function lineStartBefore(text: string, at: number, floor: number): number {
  const newline = text.lastIndexOf("\n", at - 1);
  return newline + 1 > floor ? newline + 1 : at;
}

function collect(text: string, start: number, end: number, into: Range[]): void {
  const part = start === 0 && end === text.length ? text : text.slice(start, end);
  const lower = part.toLowerCase();
  for (let rank = 0; rank < rules.length; rank++) {
    const rule = rules[rank];
    if (!rule?.keywords.some((keyword) => lower.includes(keyword))) continue;
    rule.pattern.lastIndex = 0;
    for (let match = rule.pattern.exec(part); match; match = rule.pattern.exec(part)) {
      const before = match.groups?.["before"] ?? "";
      const secret = match.groups?.["secret"] ?? match[0];
      const from = match.index + before.length;
      const to = from + secret.length;
      if (secret === "") rule.pattern.lastIndex++;
      else if (rule.accept?.(secret, before, part.slice(to, to + 48)) ?? true) {
        const [first, last] = withinQuotes(secret);
        const whole =
          secret.length >= longestValue || (start + to === end && end < text.length)
            ? endOfLongValue(text, start + from, start + to)
            : start + to - last;
        into.push({ start: start + from + first, end: whole, name: rule.name, rank });
      } else if (rule.accept) {
        // A rejected value may hold the next name: `password: token=abc`.
        rule.pattern.lastIndex = Math.max(match.index + before.length, match.index + 1);
      }
    }
  }
}

/** Quotes around a secret stay, so that what is left still reads as what it was. */
function withinQuotes(secret: string): [number, number] {
  const open = /^\\?["'`]/.exec(secret)?.[0] ?? "";
  if (open === "" || secret.length <= open.length) return [0, 0];
  return [open.length, secret.endsWith(open) && secret.length > 2 * open.length ? open.length : 0];
}

/**
 * A value that reaches the bound of its pattern or the end of its window goes on; nobody else would see the rest
 * together with its beginning.
 */
function endOfLongValue(text: string, start: number, end: number): number {
  const quote = /^\\?(["'`])/.exec(text.slice(start, start + 2))?.[1];
  const stop = quote === undefined ? blankOrQuote : quoteOrLineEnd;
  stop.lastIndex = end - 1;
  return Math.max(stop.exec(text)?.index ?? text.length, end - 1);
}

const blankOrQuote = /[\s"'`]/g;
const quoteOrLineEnd = /[\n"'`]/g;

/** What is replaced already is never looked into; a range that also covers other text takes the whole. */
function withoutMarkers(text: string, ranges: Range[]): Range[] {
  if (!text.includes("‹redacted:")) return ranges;
  const markers = [...text.matchAll(marker)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));
  ranges.sort((one, other) => one.start - other.start);
  let next = 0;
  return ranges.filter((range) => {
    while ((markers[next]?.end ?? Infinity) <= range.start) next++;
    const first = markers[next];
    if (first && first.start < range.start) return false;
    for (let index = next; (markers[index]?.start ?? Infinity) < range.end; index++)
      range.end = Math.max(range.end, markers[index]?.end ?? 0);
    return /[\p{L}\p{N}]/u.test(text.slice(range.start, range.end).replace(marker, ""));
  });
}

function merge(ranges: Range[]): Range[] {
  ranges.sort((one, other) => one.start - other.start || one.rank - other.rank);
  const merged: Range[] = [];
  for (const range of ranges) {
    const last = merged.at(-1);
    if (!last || range.start >= last.end) {
      merged.push({ ...range });
      continue;
    }
    if (range.rank < last.rank) {
      last.name = range.name;
      last.rank = range.rank;
    }
    last.end = Math.max(last.end, range.end);
  }
  return merged;
}
