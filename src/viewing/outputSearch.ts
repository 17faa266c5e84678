import { onAbort } from "../core/base/async";
import type { Clock } from "../core/ports/machine";
import { stripControlCharacters } from "../core/safety/controlCharacters";

/** Lines of a session's history that are searched: as many as *Open Session as Text* shows. */
export const searchedLines = 10_000;
/** What is shown of a line, from before the match on. */
const shownLength = 200;
const shownBefore = 60;
/** Lines that are looked at before others have their turn: less than 5 ms of a slow machine. */
const linesAtOnce = 4000;
/** Who has seen so many of one place narrows the search. */
export const mostOfOnePlace = 50;

/** Where something that was printed can be read. */
export interface SearchedPlace {
  /** The project's. */
  readonly key: string;
  /** The logical name of a session whose screen and history it is; undefined: the project's log. */
  readonly session_name?: string;
}

/** Text of one place, as it is when the search begins. */
export interface SearchedText {
  /** Oldest first. */
  readonly lines: readonly string[];
  /** The id of the log's entry to which the line belongs. */
  readonly entryOf?: (line: number) => string | undefined;
}

export interface SearchHit {
  readonly place: SearchedPlace;
  /** From 0, in the text of its place. */
  readonly line: number;
  /** The whole line, as it is in that text. */
  readonly whole: string;
  /** What is shown of it, with where the match begins there. */
  readonly text: string;
  readonly from: number;
  readonly length: number;
  readonly entry_id?: string;
}

/** What one place gave. */
export interface PlaceHits {
  readonly place: SearchedPlace;
  /** Newest first. */
  readonly hits: readonly SearchHit[];
  /** There are more. */
  readonly more: boolean;
}

/** A place whose text could not be read, with the sentence that says why. */
export interface UnreadPlace {
  readonly place: SearchedPlace;
  readonly problem: string;
}

/**
 * Searches what sessions and logs have, for as long as somebody types what they look for. Each place is read once, when
 * it is first needed.
 */
export class OutputSearch {
  readonly #texts = new Map<SearchedPlace, Promise<SearchedText>>();

  constructor(
    /** The most likely first. */
    private readonly places: readonly SearchedPlace[],
    private readonly read: (place: SearchedPlace) => Promise<SearchedText>,
    private readonly clock: Pick<Clock, "after">,
  ) {}

  /**
   * What has the text, capitals or not, place by place as each was read; nothing for an empty one. Ends when the signal
   * is aborted. A place that cannot be read comes with the reason, and one that is slow keeps only itself.
   */
  async *find(
    wanted: string,
    signal: AbortSignal,
    sentence: (error: unknown) => string,
  ): AsyncGenerator<PlaceHits | UnreadPlace> {
    if (wanted.trim() === "") return;
    const pattern = new RegExp(escaped(wanted), "iu");
    const result = async (place: SearchedPlace): Promise<PlaceHits | UnreadPlace> => {
      try {
        return await this.#findIn(place, await this.#textOf(place), pattern, signal);
      } catch (error) {
        return { place, problem: sentence(error) };
      }
    };
    const left = new Map(this.places.map((place) => [place, result(place)]));
    const aborted = new Promise<undefined>((resolve) => onAbort(signal, () => resolve(undefined)));
    while (left.size > 0) {
      const found = await Promise.race([aborted, ...left.values()]);
      if (!found || signal.aborted) return;
      left.delete(found.place);
      if ("problem" in found || found.hits.length > 0) yield found;
    }
  }

  #textOf(place: SearchedPlace): Promise<SearchedText> {
    let text = this.#texts.get(place);
    if (!text) this.#texts.set(place, (text = this.read(place)));
    return text;
  }

  #othersTurn(): Promise<void> {
    return new Promise((resolve) => {
      this.clock.after(0, resolve);
    });
  }

  async #findIn(place: SearchedPlace, text: SearchedText, pattern: RegExp, signal: AbortSignal): Promise<PlaceHits> {
    const hits: SearchHit[] = [];
    for (let line = text.lines.length - 1; line >= 0 && !signal.aborted; line--) {
      if ((text.lines.length - 1 - line) % linesAtOnce === linesAtOnce - 1) await this.#othersTurn();
      const whole = text.lines[line] ?? "";
      const match = pattern.exec(whole);
      if (!match) continue;
      if (hits.length === mostOfOnePlace) return { place, hits, more: true };
      const entry_id = text.entryOf?.(line);
      hits.push({
        place,
        line,
        whole,
        ...shownPart(whole, match.index, match[0]),
        ...(entry_id === undefined ? {} : { entry_id }),
      });
    }
    return { place, hits, more: false };
  }
}

/** The line from a little before the match, without what no text has. */
function shownPart(whole: string, at: number, match: string): Pick<SearchHit, "text" | "from" | "length"> {
  const before = stripControlCharacters(whole.slice(0, at));
  const clean = `${before}${stripControlCharacters(whole.slice(at))}`;
  const indent = clean.length - clean.trimStart().length;
  const first = Math.max(Math.min(indent, before.length), before.length - shownBefore);
  const cut = first > indent ? "…" : "";
  return {
    text: `${cut}${clean.slice(first, first + shownLength).trimEnd()}`,
    from: before.length - first + cut.length,
    length: stripControlCharacters(match).length,
  };
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/gu, "\\$&");
}

/**
 * The line with that text which is nearest to line `near` (from 0), of a text that may have grown or lost its oldest
 * lines since it was searched; -1: none has it any more.
 */
export function nearestLine(lines: readonly string[], text: string, near: number): number {
  return lines.reduce(
    (best, line, at) => (line.includes(text) && (best < 0 || Math.abs(at - near) <= Math.abs(best - near)) ? at : best),
    -1,
  );
}
