import * as l10n from "@vscode/l10n";
import type { ContextEntry } from "../core/model/entry";
import { shortSession } from "../core/model/names";
import { clockTime } from "../core/model/sentences";
import {
  type ActivityFilter,
  type ActivityRow,
  activityRow,
  type ActivitySource,
  entryLabel,
  passes,
} from "./activityRows";
import { type EntryGroup, groupName, groupOf } from "./entryGroup";
import { type ProjectPicture, statusLook } from "./projectRows";
import { sessionLook, shownState, type StateLook } from "./stateLook";
import { neededTaskLook } from "./taskRows";

/** The entries of a task, of what has none those of a session, and of what has neither those of the project. */
export interface ActivityGroup {
  /** As rows of projects have it, so that commands know what it is. */
  readonly kind: EntryGroup["kind"];
  readonly key: string;
  /** Of the task, the session (logical) or the project. */
  readonly name: string;
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly icon: string;
  readonly color: string | undefined;
  readonly tooltip: string;
  readonly spoken: string;
}

interface FoundGroup {
  readonly picture: ProjectPicture;
  readonly group: EntryGroup;
  readonly newest: ContextEntry;
  /** Of the newest one in time. */
  readonly place: string;
}

/** Those with the newest entries first, `most` at most. */
export function activityGroups(
  sources: readonly ActivitySource[],
  filter: ActivityFilter,
  most: number,
): ActivityGroup[] {
  const wanted = sources.filter(({ picture }) => filter.key === undefined || filter.key === picture.key);
  const found = wanted.flatMap((source) => groupsOf(source, filter));
  // Compared by characters: times are ISO 8601 in UTC.
  found.sort((one, other) => (one.place < other.place ? 1 : -1));
  return found.slice(0, most).map(groupRow);
}

function groupsOf({ picture, recent }: ActivitySource, filter: ActivityFilter): FoundGroup[] {
  const groups = new Map<string, FoundGroup>();
  for (const entry of recent.toReversed()) {
    if (!passes(entry, filter)) continue;
    const group = groupOf(entry);
    const name = groupName(group);
    if (groups.has(name)) continue;
    groups.set(name, { picture, group, newest: entry, place: `${entry.ts} ${entry.id}` });
  }
  return [...groups.values()];
}

/** The entries of a group, newest first. */
export function groupedRows(
  { picture, recent }: ActivitySource,
  filter: ActivityFilter,
  { kind, name }: Pick<ActivityGroup, "kind" | "name">,
): ActivityRow[] {
  return recent
    .filter((entry) => {
      const group = groupOf(entry);
      return group.kind === kind && nameOf(group, picture) === name && passes(entry, filter);
    })
    .reverse()
    .map((entry): ActivityRow => {
      const row = activityRow(picture, entry);
      return { ...row, label: withoutName(row.label, name), description: clockTime(entry.ts) };
    });
}

/** The group says already what they are about; a screen reader says it with each. */
function withoutName(label: string, name: string): string {
  const before = [name, shortSession(name)].flatMap((each) => [`${each}: `, `${each} `]);
  const lead = before.find((each) => label.startsWith(each) && label.length > each.length);
  return lead === undefined ? label : label.slice(lead.length);
}

function groupRow({ picture, group, newest }: FoundGroup): ActivityGroup {
  const { key, project } = picture;
  const name = nameOf(group, picture);
  const label = group.kind === "session" ? shortSession(name) : name;
  const look = lookOf(group, picture);
  const time = clockTime(newest.ts);
  const words = look === undefined ? [] : [look.word];
  return {
    kind: group.kind,
    key,
    name,
    id: `${key}/activity/${groupName(group)}`,
    label,
    description: [...words, time, ...(group.kind === "project" ? [] : [project.name])].join(" · "),
    icon: look?.icon ?? "history",
    color: look?.color,
    tooltip: `${[label, ...words].join(": ")}\n${time}  ${entryLabel(newest, project.name)}`,
    spoken: [
      label,
      kindWord(group),
      ...words,
      ...(group.kind === "project" ? [] : [l10n.t("project {0}", project.name)]),
      l10n.t("last entry {0}", time),
    ].join(", "),
  };
}

function nameOf(group: EntryGroup, { project }: ProjectPicture): string {
  switch (group.kind) {
    case "task":
      return group.task;
    case "session":
      return group.session;
    case "project":
      return project.name;
  }
}

function kindWord({ kind }: EntryGroup): string {
  switch (kind) {
    case "task":
      return l10n.t("task");
    case "session":
      return l10n.t("session");
    case "project":
      return l10n.t("project");
  }
}

/** Undefined for a task or session that the state does not know. */
function lookOf(group: EntryGroup, picture: ProjectPicture): StateLook | undefined {
  switch (group.kind) {
    case "task": {
      const task = picture.state.tasks.get(group.task);
      return task && neededTaskLook(picture, task);
    }
    case "session": {
      const session = picture.sessions.find(({ session_name }) => session_name === group.session);
      return session && sessionLook(shownState(session));
    }
    case "project":
      return statusLook(picture);
  }
}
