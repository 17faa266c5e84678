import { brief } from "../core/model/sentences";
import { stripControlCharacters } from "../core/safety/controlCharacters";

declare const cleaned: unique symbol;

/**
 * One line that VS Code shows as it is wherever it is put. What strangers wrote (names, goals, paths, errors, what a
 * program printed) cannot reorder or hide text in it, and is no link, command or icon.
 */
export type ShownText = string & { readonly [cleaned]: "line" };

/** Lines, for places that keep line breaks and take no markup: details of dialogs, tooltips, problems. */
export type ShownLines = string & { readonly [cleaned]: "line" | "lines" };

/** A message has room for this many characters; what it is about is in the log. */
const longestLine = 600;
const longestLines = 10_000;
/** Cleaning takes time for every character, and nobody reads so many. */
const mostRead = 50_000;

/**
 * U+2060: nobody sees or hears it, and no line is broken at it. It parts what VS Code would take for an icon, `$(name)`,
 * or for a link, `[text](address)`, so that both stay as they are written. A backslash would be read out.
 */
const joiner = "\u2060";

/** Of anything. */
export function shown(text: string): ShownText {
  const line = brief(stripControlCharacters(text.slice(0, mostRead)), longestLine);
  return line.replaceAll("$(", `$${joiner}(`).replaceAll("](", `]${joiner}(`) as ShownText;
}

/** What is not empty, with that between it. */
export function shownList(parts: readonly string[], between = " · "): ShownText {
  return shown(parts.filter((part) => part !== "").join(between));
}

/** Of anything; nothing is cut that a person could read. */
export function shownLines(text: string): ShownLines {
  const clean = stripControlCharacters(text.slice(0, mostRead));
  return (clean.length <= longestLines ? clean : `${clean.slice(0, longestLines)}…`) as ShownLines;
}

/** Behind an icon of VS Code's, for the status bar. */
export function withIcon(icon: "check" | "question" | "terminal" | "watch", text: ShownText): ShownText {
  return `$(${icon}) ${text}` as ShownText;
}

/** For a button: elsewhere than in a message, two ampersands would mark a key. */
export function buttonTitle(text: string): ShownText {
  return shown(text).replaceAll("&&", `&${joiner}&`) as ShownText;
}

/** The name of a document of ours, which its tab shows. */
export function documentName(text: string): string {
  return text.slice(0, 100).replace(/[^\w.:-]/g, "_");
}
