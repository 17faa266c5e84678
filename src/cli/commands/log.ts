import type { ContextEntry } from "../../core/model/entry";
import { applyEntry, emptyProjectState, type ProjectState } from "../../core/model/projectState";
import type { StoredEntry } from "../../core/ports/ledger";
import type { Container } from "../container";
import { isLate, recordLines } from "../../protocol/diary";
import { type ExitCode, exitCode } from "../exitCodes";
import { openProject, readProject } from "../projects";
import { namedSession } from "../../core/people/namedSession";
import { sinceTime } from "../sinceTime";

export interface LogOptions {
  readonly follow?: boolean;
  readonly since?: string;
  readonly kind?: readonly string[];
  readonly session?: string;
  readonly tail?: number;
}

type Filter = (entry: ContextEntry) => boolean;

/** The record, readable, oldest first. */
export async function showLog(container: Container, name: string, options: LogOptions): Promise<ExitCode> {
  const ledger = await openProject(container, name);
  const { interrupts, output } = container;
  const over = AbortSignal.any([interrupts.signal, output.unread]);
  const matches = await filterOf(container, name, options);
  const print = printer(container);
  interrupts.busy = true;
  let last: StoredEntry | undefined;
  let held: ContextEntry[] = [];
  const state = emptyProjectState();
  for await (const stored of ledger.read()) {
    last = stored;
    if (over.aborted) break;
    applyEntry(state, stored.entry);
    if (!matches(stored.entry)) continue;
    if (options.tail === undefined) await print(stored.entry, state);
    else held = [...held.slice(-(options.tail - 1) || held.length), stored.entry].slice(-options.tail);
  }
  for (const entry of held) await print(entry, state);
  if (options.follow) {
    for await (const { entry } of ledger.follow(last?.next, over)) {
      applyEntry(state, entry);
      if (matches(entry)) await print(entry, state);
    }
  }
  await ledger.close();
  return interrupts.signal.aborted ? exitCode.interrupted : exitCode.done;
}

async function filterOf(container: Container, name: string, options: LogOptions): Promise<Filter> {
  const since = options.since === undefined ? undefined : sinceTime(options.since, container.clock.now());
  const kinds = options.kind?.flatMap((kind) => kind.split(","));
  const session =
    options.session === undefined
      ? undefined
      : namedSession([await readProject(container, name)], options.session).context.session_name;
  return (entry) =>
    (since === undefined || Date.parse(entry.ts) >= since) &&
    (kinds === undefined || kinds.includes(entry.kind)) &&
    (session === undefined || entry.session_name === session);
}

/** Prints entries; a new day has a line of its own. */
function printer({ output }: Container): (entry: ContextEntry, state: ProjectState) => Promise<void> {
  let day = "";
  return async (entry, state) => {
    if (output.json) output.entry(entry);
    else {
      const date = new Date(entry.ts);
      const today = Number.isNaN(date.getTime())
        ? ""
        : `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}-${String(date.getDate()).padStart(2, "0")}`;
      if (today !== day && output.stdoutIsTerminal) output.pieces([{ text: `── ${today}`, tone: "quiet" }]);
      day = today;
      for (const line of recordLines(entry, isLate(state, entry))) output.whole(line);
    }
    await output.drained();
  };
}
