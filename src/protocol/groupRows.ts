import * as l10n from "@vscode/l10n";
import { questionsBySession } from "../core/model/questionSession";
import type { SessionContext } from "../core/model/session";
import { isLiving } from "../core/model/states";
import { countedTasks } from "../core/model/taskCount";
import { agentsWords } from "./agentWords";
import { countWords, joined, type ProjectPicture, projectRow, type Row, row } from "./projectRows";
import { sessionRows } from "./sessionRows";
import { placeOfRest, sessionPlace } from "./stateLook";
import { taskRows } from "./taskRows";

/**
 * The rows below a project: its tasks in one group, then a group for each role that has sessions, those with a session
 * that needs a person first. The only session of a role stands there itself.
 */
export function groupRows(picture: ProjectPicture, now: number): Row[] {
  const count = countedTasks(picture.state);
  const words = countWords(count);
  const label = l10n.t("Tasks");
  const group = row("tasks", picture, "", {
    label,
    description: words,
    state: "",
    look: { word: "", icon: "checklist" },
    spoken: `${label}, ${words}`,
    context: "tasks",
    children: true,
  });
  const asked = questionsBySession(picture.state);
  const place = (sessions: readonly SessionContext[]): number =>
    Math.min(...sessions.map((session) => (asked.has(session.session_name) ? 0 : sessionPlace(session))));
  const roles = [...sessionsByRole(picture)].sort(
    ([, one], [, other]) => Math.min(placeOfRest, place(one)) - Math.min(placeOfRest, place(other)),
  );
  return [
    ...(count.total > 0 ? [group] : []),
    ...roles.flatMap(([role, sessions]) =>
      sessions.length === 1 ? sessionRows(picture, role, now) : [roleRow(picture, role, sessions)],
    ),
  ];
}

function sessionsByRole({ sessions }: ProjectPicture): Map<string, SessionContext[]> {
  const roles = new Map<string, SessionContext[]>();
  for (const session of sessions) {
    const known = roles.get(session.role);
    if (known) known.push(session);
    else roles.set(session.role, [session]);
  }
  return roles;
}

function roleRow(picture: ProjectPicture, role: string, sessions: readonly SessionContext[]): Row {
  const living = sessions.filter((session) => isLiving(session)).length;
  const words = joined([agentsWords(sessions), sessionCount(sessions.length, living)], " · ");
  return row("role", picture, role, {
    label: role,
    description: words,
    state: "",
    look: { word: "", icon: "person" },
    spoken: [role, l10n.t("role"), words.replaceAll(" · ", ", ")].join(", "),
    context: "role",
    children: true,
    expanded: living > 0,
  });
}

/** Of several; `living` of them can be looked at or typed to. */
function sessionCount(all: number, living: number): string {
  if (living === 0) return l10n.t("{0} sessions, all ended", all);
  return living < all ? l10n.t("{0} sessions, {1} ended", all, all - living) : l10n.t("{0} sessions", all);
}

/** The rows below a row of a project. */
export function rowsBelow(picture: ProjectPicture, parent: Row, now: number): Row[] {
  if (parent.kind === "project") return groupRows(picture, now);
  if (parent.kind === "tasks") return taskRows(picture, now);
  return parent.kind === "role" ? sessionRows(picture, parent.name, now) : [];
}

/** The row that a row of a project stands below; undefined for the project's own, and for one that is gone. */
export function rowAbove(picture: ProjectPicture, below: Row, now: number): Row | undefined {
  if (below.kind === "project") return undefined;
  const project = projectRow(picture, now);
  const groups = groupRows(picture, now);
  if (groups.some(({ id }) => id === below.id)) return project;
  if (below.kind === "task") return groups.find(({ kind }) => kind === "tasks");
  const role = picture.sessions.find(({ session_name }) => session_name === below.name)?.role;
  return groups.find(({ kind, name }) => kind === "role" && name === role);
}

/** All rows of sessions, open or not. */
export function allSessionRows(picture: ProjectPicture, now: number): Row[] {
  return [...sessionsByRole(picture).keys()].flatMap((role) => sessionRows(picture, role, now));
}
