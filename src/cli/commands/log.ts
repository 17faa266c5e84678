import type { ContextEntry } from "../../core/model/entry";
import { entryKinds } from "../../core/model/entryKinds";
import { OrchestratorError } from "../../core/model/errors";
import { advice } from "../../core/model/remedy";
import { calendarDay } from "../../core/model/sentences";
import { didYouMean } from "../../core/model/suggestion";
import { applyEntry, emptyProjectState, type ProjectState } from "../../core/model/projectState";
import type { Ledger, RecordPlace } from "../../core/ports/ledger";
import { type EntrySort, NewestEntries, replayWithNewest } from "../../core/record/newestEntries";
import type { Container } from "../container";
import { isForPeople, isLate, recordLines } from "../../protocol/logLines";
import { dayMarkdown, entryMarkdown } from "../../protocol/logMarkdown";
import { type ExitCode, exitCode } from "../../protocol/exitCodes";
import { openProject, readProject } from "../projects";
import { namedSession } from "../../core/people/namedSession";
import { sinceTime } from "../sinceTime";

export interface LogOptions {
  readonly follow?: boolean;
  readonly since?: string;
  readonly kind?: readonly string[];
  readonly session?: string;
  readonly tail?: number;
  /** `2026-11-23`, in the reader's time zone. */
  readonly day?: string;
  readonly markdown?: boolean;
  /** Also what processes tell each other: leases, deliveries, signs of life. */
  readonly all?: boolean;
}

type Filter = (entry: ContextEntry) => boolean;
type Print = (entry: ContextEntry, state: ProjectState) => Promise<void>;

/** The log, readable, oldest first. */
export async function showLog(container: Container, name: string, options: LogOptions): Promise<ExitCode> {
  if (options.markdown === true && container.output.json)
    throw new OrchestratorError(
      "usage",
      "Markdown is for people, JSON for programs: a log is printed as one of them.",
      advice("Leave out --markdown or --json."),
    );
  const ledger = await openProject(container, name);
  const { interrupts, output } = container;
  const over = AbortSignal.any([interrupts.signal, output.unread]);
  const matches = await filterOf(container, name, options);
  const sort = quickSort(container, options);
  warnOfKinds(container, options);
  const printed = options.markdown === true ? markdownPrinter(container, ledger) : printer(container);
  let isEmpty = true;
  const print: Print = (entry, state) => {
    isEmpty = false;
    return printed(entry, state);
  };
  interrupts.busy = true;
  const { tail } = options;
  // The newest entries are found without reading the others, unless they are rare.
  const quick = tail && sort ? await replayWithNewest(ledger, "checkpoint", tail, sort) : undefined;
  const { state, upTo, newest } = quick?.newest.isFull ? quick : await readAll(ledger, over, tail, matches, print);
  for (const entry of newest.entries) if (matches(entry)) await print(entry, state);
  if (options.follow) {
    for await (const { entry } of ledger.follow(upTo, over)) {
      applyEntry(state, entry);
      if (matches(entry) && newest.add(entry)) await print(entry, state);
    }
  }
  await ledger.close();
  if (isEmpty && options.follow !== true)
    output.progress([{ text: `Nothing in the log of ${ledger.project_id} matches.`, tone: "quiet" }]);
  return interrupts.signal.aborted ? exitCode.interrupted : exitCode.done;
}

interface ReadRecord {
  readonly state: ProjectState;
  readonly upTo: RecordPlace;
  /** Those that match and were not printed yet. */
  readonly newest: NewestEntries;
}

/** Prints what matches as it comes, or keeps the last `tail` of it. */
async function readAll(
  ledger: Ledger,
  over: AbortSignal,
  tail: number | undefined,
  matches: Filter,
  print: Print,
): Promise<ReadRecord> {
  const state = emptyProjectState();
  const newest = new NewestEntries(tail ?? 0);
  let upTo = ledger.beginning;
  for await (const { entry, next } of ledger.read()) {
    if (over.aborted) break;
    upTo = next;
    applyEntry(state, entry);
    if (!matches(entry)) continue;
    if (tail === undefined) await print(entry, state);
    else newest.add(entry);
  }
  return { state, upTo, newest };
}

/** Entries of all kinds: asked for, or as JSON, where programs choose for themselves. */
function hasAllKinds({ output }: Container, { all }: LogOptions): boolean {
  return all === true || output.json;
}

/** What is wanted, where that is told by an entry's kind alone and `NewestEntries` can keep it apart. */
function quickSort(container: Container, { since, day, kind, session, all }: LogOptions): EntrySort | undefined {
  if (since !== undefined || day !== undefined || kind !== undefined || session !== undefined) return undefined;
  return hasAllKinds(container, { all }) ? () => true : isForPeople;
}

async function filterOf(container: Container, name: string, options: LogOptions): Promise<Filter> {
  const since = options.since === undefined ? undefined : sinceTime(options.since, container.clock.now());
  const kinds = kindsOf(options);
  const session =
    options.session === undefined
      ? undefined
      : namedSession([await readProject(container, name)], options.session).context.session_name;
  const every = hasAllKinds(container, options);
  return (entry) =>
    (since === undefined || Date.parse(entry.ts) >= since) &&
    (options.day === undefined || calendarDay(entry.ts) === options.day) &&
    (kinds === undefined ? every || isForPeople(entry) : kinds.includes(entry.kind)) &&
    (session === undefined || entry.session_name === session);
}

function kindsOf({ kind }: LogOptions): string[] | undefined {
  return kind?.flatMap((each) => each.split(","));
}

/** A newer version may write kinds that this one does not know, so an unknown one is looked for all the same. */
function warnOfKinds({ output }: Container, options: LogOptions): void {
  const known: readonly string[] = entryKinds;
  for (const kind of kindsOf(options) ?? []) {
    if (known.includes(kind)) continue;
    const meant = didYouMean(kind, entryKinds);
    const text = `"${kind}" is not a known kind of log entry${meant === "" ? "." : meant} Kinds: ${entryKinds.join(", ")}.`;
    output.progress([{ text, tone: "attention" }]);
  }
}

/** Prints entries; a new day has a line of its own. */
function printer({ output }: Container): Print {
  let day = "";
  return async (entry, state) => {
    if (output.json) output.entry(entry);
    else {
      const today = calendarDay(entry.ts);
      if (today !== day && output.stdoutIsTerminal) output.pieces([{ text: `── ${today}`, tone: "quiet" }]);
      day = today;
      for (const line of recordLines(entry, isLate(state, entry))) output.whole(line);
    }
    await output.drained();
  };
}

/** Each day has a heading, each entry is an item below it. */
function markdownPrinter({ output, redactor }: Container, { project_id }: Pick<Ledger, "project_id">): Print {
  let day: string | undefined;
  const redact = (text: string): string => redactor.redact(text);
  return async (entry, state) => {
    const today = calendarDay(entry.ts);
    if (today !== day)
      for (const line of [...(day === undefined ? [] : [""]), dayMarkdown(project_id, today), ""]) output.line(line);
    day = today;
    for (const line of entryMarkdown(entry, { late: isLate(state, entry), redact })) output.line(line);
    await output.drained();
  };
}
