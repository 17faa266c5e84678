import { hash64 } from "../base/hash";
import { idPart, idPartLimit, messageLimit, type ProgramStatus, titleLimit } from "./programStatus";

const begin = "\x1b]7501;";
const end = "\x1b\\";
/** What else is no text: whatever changes the direction of others, and separators of lines. */
const noText = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu;
const hashLength = 8;

/** Asks a terminal whether it knows the protocol (OSC 7501, rev. 0.4); one that does answers with the same bytes. */
export const statusQuestion = `${begin}?${end}`;

/**
 * A record as it goes to a terminal. A terminal drops a report as a whole that breaks a limit or holds control
 * characters: texts are cut and cleaned here, kind and progress left out where they mean nothing. Secrets are the
 * caller's to take out.
 */
export function statusReport({ state, app, kind, id, progress, title, message }: ProgramStatus): string {
  const isOpen = state === "working" || state === "blocked";
  const fields = [
    `state=${state}`,
    ...(app === undefined ? [] : [`app=${app}`]),
    ...(kind === undefined || state !== "blocked" ? [] : [`kind=${kind}`]),
    ...(id === "" ? [] : [`id=${id}`]),
    ...(progress === undefined || !isOpen ? [] : [`progress=${progress}`]),
    ...(title === undefined ? [] : [`title=${encoded(title, titleLimit)}`]),
    ...(message === undefined ? [] : [`msg=${encoded(message, messageLimit)}`]),
  ];
  return `${begin}${fields.join(":")}${end}`;
}

/** Takes a record and those below it back; without an id all of them. */
export function statusClear(id = ""): string {
  return `${begin}state=clear${id === "" ? "" : `:id=${id}`}${end}`;
}

/** A name as one part of an id; another name never gives the same part. */
export function statusIdPart(name: string): string {
  if (idPart.test(name) && name.length <= idPartLimit) return name;
  const kept = name.replace(/[^A-Za-z0-9._+-]+/g, "-").slice(0, idPartLimit - hashLength - 1);
  return `${kept}-${hash64(name).slice(0, hashLength)}`;
}

/** Base64 of UTF-8, of as many whole characters as fit in `limit` bytes. */
function encoded(text: string, limit: number): string {
  const encoder = new TextEncoder();
  const bytes: number[] = [];
  for (const character of text.replace(noText, " ").trim()) {
    const next = encoder.encode(character);
    if (bytes.length + next.length > limit) break;
    bytes.push(...next);
  }
  return btoa(String.fromCharCode(...bytes));
}
