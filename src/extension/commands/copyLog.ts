import { setImmediate as immediate } from "node:timers/promises";
import { env, l10n } from "vscode";
import type { ContextEntry } from "../../core/model/entry";
import { calendarDay, dateAndTime } from "../../core/model/sentences";
import { stripControlCharacters } from "../../core/safety/controlCharacters";
import { entryLine } from "../../protocol/activityRows";
import { isForPeople, isLate } from "../../protocol/logLines";
import { dayMarkdown, entryMarkdown } from "../../protocol/logMarkdown";
import { recordedEntry, RecordedEntries } from "../../viewing/recordedEntries";
import type { FollowedProject, WorkspaceRecords } from "../../viewing/workspaceRecords";
import type { HostWorld } from "../hostWorld";
import { shown } from "../shownText";
import { window } from "../shownWindow";
import { type EntryPlace, isEntryPlace } from "./openEntry";
import { projectTarget } from "./targets";

const toldMs = 5000;
/** To look for secrets takes its time: after so long others get their turn. */
const turnMs = 5;

export interface CopyLogParts {
  readonly world: Pick<HostWorld, "redactor" | "clock">;
  readonly records: WorkspaceRecords;
}

/** What an entry says, with its time and project, as one line. */
export async function copyLine({ world, records }: CopyLogParts, place: EntryPlace | undefined): Promise<void> {
  const followed = place && records.get(place.key);
  const entry = followed && (await recordedEntry(followed, place.entry.id));
  if (!entry) {
    window.setStatusBarMessage(shown(l10n.t("This entry is no longer in the log.")), toldMs);
    return;
  }
  const { name } = followed.project;
  const line = entryLine(entry, name);
  const said = line.startsWith(`${name}: `) ? line : `${name}: ${line}`;
  const text = (await world.redactor).redact(`${dateAndTime(entry.ts)} ${said}`);
  await env.clipboard.writeText(stripControlCharacters(text));
  window.setStatusBarMessage(shown(l10n.t("Copied 1 line")), toldMs);
}

/** The log of a project's day as Markdown: of an entry's row, else the project and day that the person chooses. */
export async function copyDay({ world, records }: CopyLogParts, argument: unknown): Promise<void> {
  const followed = await projectTarget(records, argument);
  if (!followed) return;
  const entries = await entriesForPeople(followed);
  const entry = isEntryPlace(argument) ? entries.find(({ id }) => id === argument.entry.id) : undefined;
  const day = entry ? calendarDay(entry.ts) : await chosenDay(entries);
  if (day === undefined) return;
  const redactor = await world.redactor;
  const lines = [dayMarkdown(followed.project.name, day), ""];
  const ofDay = entries.filter(({ ts }) => calendarDay(ts) === day);
  let begun = world.clock.monotonic();
  for (const each of ofDay) {
    const late = isLate(followed.record.state, each);
    lines.push(...entryMarkdown(each, { late, redact: (text) => redactor.redact(text) }));
    if (world.clock.monotonic() - begun < turnMs) continue;
    await immediate();
    begun = world.clock.monotonic();
  }
  await env.clipboard.writeText(`${lines.join("\n")}\n`);
  window.setStatusBarMessage(shown(copiedSentence(ofDay.length, followed.project.name, day)), toldMs);
}

async function entriesForPeople(followed: FollowedProject): Promise<readonly ContextEntry[]> {
  const reading = new RecordedEntries(
    followed,
    isForPeople,
    () => undefined,
    () => false,
  );
  try {
    return await reading.all();
  } finally {
    reading.dispose();
  }
}

/** Newest first; where there is only one, nobody is asked. */
async function chosenDay(entries: readonly ContextEntry[]): Promise<string | undefined> {
  const days = [...new Set(entries.map(({ ts }) => calendarDay(ts)))].filter((day) => day !== "").reverse();
  if (days.length < 2) return days[0];
  const items = days.map((day) => ({ label: shown(day), day }));
  return (await window.showQuickPick(items, { placeHolder: shown(l10n.t("Choose a day")) }))?.day;
}

function copiedSentence(count: number, project: string, day: string): string {
  return count === 1
    ? l10n.t("Copied 1 entry of {0} of {1}", project, day)
    : l10n.t("Copied {0} entries of {1} of {2}", count, project, day);
}
