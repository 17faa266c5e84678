import { type ContextEntry, isAskedInTerminal } from "./entry";

const screenFollows = " Its screen shows:";
/** A line that asks, with what a program may say behind it of its keys or answers. */
const asking = /\?\s*(?:[[(›].*)?$/u;
const aWord = /\p{L}{2}/u;

/** What a program asks: why that is known, and its own lines. */
export function promptWords(why: string, lines: readonly string[]): string {
  if (lines.length === 0) return why;
  return lines.length === 1 ? `${why} "${lines[0] ?? ""}"` : `${why}${screenFollows}\n${lines.join("\n")}\n`;
}

/**
 * The same in one line, for where all of it is shown beside: of the screen only the line that asks. What lets something
 * happen, and what is no such question, stays whole.
 */
export function promptInBrief(entry: AskedEntry, text: string): string {
  const asked = screenLine(entry, text);
  return asked === undefined ? text : promptWords(asked.why, [asked.line]);
}

/** The program's own line that asks, without why that is known; undefined where what is asked is more than a line. */
export function promptLine(entry: AskedEntry, text: string): string | undefined {
  if (!isAskedInTerminal(entry) || entry.kind !== "blocked") return undefined;
  const asked = screenLine(entry, text);
  if (asked !== undefined) return asked.line;
  const quoted = /^[^"\n]* "(.+)"$/u.exec(text.trimEnd())?.[1];
  return quoted !== undefined && aWord.test(quoted) ? quoted : undefined;
}

type AskedEntry = Pick<ContextEntry, "kind" | "event" | "answer_form">;

function screenLine(entry: AskedEntry, text: string): { readonly why: string; readonly line: string } | undefined {
  const [head = "", ...lines] = text.trimEnd().split("\n");
  if (!isAskedInTerminal(entry) || entry.kind !== "blocked" || !head.endsWith(screenFollows)) return undefined;
  // More is said of the screen behind it.
  if (lines.at(-1)?.startsWith(screenFollows.slice(0, -1)) === true) return undefined;
  const line = entry.answer_form === "line" ? lines.at(-1) : lines.findLast((each) => asking.test(each));
  return line !== undefined && aWord.test(line)
    ? { why: head.slice(0, -screenFollows.length), line: line.trim() }
    : undefined;
}
