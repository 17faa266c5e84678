import * as l10n from "@vscode/l10n";
import { actorName } from "../core/model/actorName";
import { outputLines } from "../core/model/commandOutput";
import { brief, clockTime, durationText } from "../core/model/sentences";
import type { ContextEntry } from "../core/model/entry";
import { shortSession } from "../core/model/names";
import { kindName, kindsName } from "./entryKindNames";
import { entryPieces, hasSucceeded, isForPeople } from "./logLines";
import type { ProjectPicture } from "./projectRows";
import type { Tone } from "./piece";

/** More than this nobody reads in a row or a tooltip; the entry itself has all of it. */
const longestLabel = 200;
const longestTooltip = 2000;

/** Which entries are shown; what is undefined lets all through that are for people. */
export interface ActivityFilter {
  /** The project's. */
  readonly key?: string;
  /** Logical name. */
  readonly session?: string;
  /** Also of those that are not for people. */
  readonly kind?: string;
  /** Entries that are not for people are shown, too. */
  readonly internal?: boolean;
}

export interface ActivityRow {
  readonly key: string;
  readonly id: string;
  readonly entry: ContextEntry;
  readonly label: string;
  readonly description: string;
  readonly icon: string;
  readonly color: string | undefined;
  readonly tooltip: string;
  readonly spoken: string;
}

const icons: Readonly<Record<string, string>> = {
  project: "project",
  session: "terminal",
  task: "checklist",
  command: "chevron-right",
  result: "output",
  note: "note",
  handoff: "arrow-right",
  heartbeat: "pulse",
  state: "info",
  policy: "shield",
  lease: "key",
  approval_needed: "question",
  blocked: "question",
  error: "error",
  delivery: "mail-read",
  answer: "reply",
};

const colors: Partial<Record<Tone, string>> = {
  bad: "list.errorForeground",
  attention: "list.warningForeground",
  good: "charts.green",
};

function cut(text: string): string {
  return text.length <= longestTooltip ? text : `${text.slice(0, longestTooltip)}…`;
}

/** A project with its newest entries, oldest first. */
export interface ActivitySource {
  readonly picture: ProjectPicture;
  readonly recent: readonly ContextEntry[];
}

/** Newest first, `most` at most. */
export function activityRows(sources: readonly ActivitySource[], filter: ActivityFilter, most: number): ActivityRow[] {
  const wanted = sources.filter(({ picture }) => filter.key === undefined || filter.key === picture.key);
  // Each record is in its order already, so only the newest of each that can be shown are compared, by characters:
  // times are ISO 8601 in UTC.
  const entries = wanted.flatMap(({ picture, recent }) =>
    newest(recent, filter, most).map((entry) => ({ picture, entry, place: `${entry.ts} ${entry.id}` })),
  );
  entries.sort((one, other) => (one.place < other.place ? 1 : one.place > other.place ? -1 : 0));
  return entries.slice(0, most).map(({ picture, entry }) => activityRow(picture, entry));
}

/** The last `most` that pass. */
function newest(recent: readonly ContextEntry[], filter: ActivityFilter, most: number): ContextEntry[] {
  const found: ContextEntry[] = [];
  for (let index = recent.length - 1; index >= 0 && found.length < most; index--) {
    const entry = recent[index];
    if (entry && passes(entry, filter)) found.push(entry);
  }
  return found;
}

export function passes(entry: ContextEntry, { session, kind, internal }: ActivityFilter): boolean {
  if (session !== undefined && entry.session_name !== session) return false;
  return kind === undefined ? internal === true || isForPeople(entry) : entry.kind === kind;
}

/** `builder::1 (alpha) · results`; empty where everything for people is shown. `project`: the name of the filter's. */
export function filterWords({ key, session, kind, internal }: ActivityFilter, project: string): string {
  const place = session === undefined ? project : `${shortSession(session)} (${project})`;
  return [
    key === undefined ? "" : place,
    kind === undefined ? "" : kindsName(kind),
    internal === true ? l10n.t("with internal entries") : "",
  ]
    .filter((part) => part !== "")
    .join(" · ");
}

export function activityRow({ key, project }: ProjectPicture, entry: ContextEntry): ActivityRow {
  const pieces = entryPieces(entry);
  const who = entry.session_name === null ? project.name : shortSession(entry.session_name);
  const label = entryLabel(entry, project.name);
  const tone = pieces.find((piece) => piece.tone !== undefined && colors[piece.tone] !== undefined)?.tone;
  const kind = kindName(entry.kind);
  const time = clockTime(entry.ts);
  return {
    key,
    id: `${key}/entry/${entry.id}`,
    entry,
    label,
    description: `${project.name} · ${time}`,
    icon: icons[entry.kind] ?? "circle-small",
    color: tone === undefined ? undefined : colors[tone],
    tooltip: cut(
      `${kind} · ${who} · ${actorName(entry.actor)}\n${entry.text}${entry.output === undefined || entry.output === "" ? "" : `\n\n${entry.output}`}`,
    ),
    spoken: `${label}, ${l10n.t("project {0}", project.name)}, ${kind}, ${time}`,
  };
}

/** What happened, in a line that begins with who or what it is about. `project`: its name. */
export function entryLabel(entry: ContextEntry, project: string): string {
  const who = entry.session_name === null ? project : shortSession(entry.session_name);
  return brief(labelOf(entry, who).split("\n")[0] ?? "", longestLabel);
}

/** All that an entry says, in one line. */
export function entryLine(entry: ContextEntry, project: string): string {
  const who = entry.session_name === null ? project : shortSession(entry.session_name);
  return brief(labelOf(entry, who), Infinity);
}

function labelOf(entry: ContextEntry, who: string): string {
  const said = (): string =>
    entryPieces(entry)
      .map((piece) => piece.text)
      .join("");
  switch (entry.kind) {
    case "command":
      return entry.task_id === undefined ? `${who} ${said()}` : said();
    case "result":
      return resultLabel(entry, who);
    case "handoff":
      return `${who} ${said()}`;
    case "note":
      return `${who}: ${entry.text}`;
    default:
      return withShortName(entry);
  }
}

/** `build: ok, 13 ms · 12 tests passed`, `build: exit code 1, 13 ms` */
function resultLabel(entry: ContextEntry, who: string): string {
  const { outcome, exit_code, duration_ms, output, text, task_id } = entry;
  const subject = task_id ?? who;
  const succeeded = hasSucceeded(entry);
  if (!succeeded && (outcome !== "exited" || typeof exit_code !== "number")) return `${subject}: ${text}`;
  const ended = succeeded ? l10n.t("ok") : l10n.t("exit code {0}", exit_code ?? "");
  const took = duration_ms === undefined ? "" : `, ${durationText(duration_ms)}`;
  const last = succeeded ? outputLines(output ?? "").at(-1) : undefined;
  return `${subject}: ${ended}${took}${last === undefined ? "" : ` · ${brief(last)}`}`;
}

/** Older entries have a session's whole name. */
function withShortName({ session_name, text }: ContextEntry): string {
  return session_name !== null && text.startsWith(`${session_name} `)
    ? `${shortSession(session_name)}${text.slice(session_name.length)}`
    : text;
}
