import * as l10n from "@vscode/l10n";
import { stripControlCharacters } from "../core/safety/controlCharacters";
import { hash64 } from "../core/base/hash";
import { type SessionContext, stateSince } from "../core/model/session";
import { brief } from "../core/model/sentences";
import { isLiving, type SessionState } from "../core/model/states";
import { withQuestions } from "../core/session/trueSessions";
import { agentWords } from "./agentWords";
import type { Tile, TileGroup } from "./overview";
import { joined, type ProjectPicture } from "./projectRows";
import { askedWords, endWords, pausedWords, sessionRow } from "./sessionRows";
import { sessionLook, sessionPlace, type StateLook } from "./stateLook";
import { stateWords } from "./stateWords";
import { taskOfSession } from "./taskRows";

/** More does not fit a tile; its tooltip has all. */
const longestAsked = 100;

export interface SessionTile extends Tile {
  /** The project's. */
  readonly key: string;
  /** The session's logical name. */
  readonly session: string;
}

const groups: Readonly<Record<SessionState, TileGroup>> = {
  starting: "working",
  working: "working",
  waiting: "waiting",
  idle: "idle",
  done_unseen: "done",
  limited: "limited",
  failed: "failed",
  exited: "ended",
  lost: "ended",
  unclear: "unclear",
};

/** How a group is shown beside its count. */
export function groupLook(group: TileGroup): StateLook {
  const states: Partial<Record<TileGroup, SessionState>> = { done: "done_unseen", ended: "exited" };
  return sessionLook({ state: states[group] ?? group });
}

/** How many sessions are over. */
export function endedCount(pictures: readonly ProjectPicture[]): number {
  return pictures.reduce((sum, { sessions }) => sum + sessions.filter((session) => !isLiving(session)).length, 0);
}

/** Every session that lives, or where `ended` is said every one, those that need a person first, then by project and name. */
export function tilesOf(pictures: readonly ProjectPicture[], now: number, ended = false): SessionTile[] {
  return pictures
    .flatMap((picture) =>
      withQuestions(picture.sessions, picture.state)
        .filter((session) => ended || isLiving(session))
        .map((session) => ({ place: sessionPlace(session), tile: tileOf(picture, session, now) })),
    )
    .sort(
      (one, other) =>
        one.place - other.place ||
        one.tile.project.localeCompare(other.tile.project) ||
        one.tile.name.localeCompare(other.tile.name, undefined, { numeric: true }),
    )
    .map(({ tile }) => tile);
}

function tileOf(picture: ProjectPicture, session: SessionContext, now: number): SessionTile {
  const row = sessionRow(picture, session, now);
  const isOver = !isLiving(session);
  const task = taskOfSession(picture, session);
  const line = (text: string): string => stripControlCharacters(text, { keepNewlines: false });
  return {
    id: hash64(row.id),
    key: row.key,
    session: row.name,
    name: line(row.label),
    project: line(picture.project.name),
    look: { ...row.look, word: joined([stateWords(session).text(now), pausedWords(picture, session)], " · ") },
    group: isOver ? "ended" : groupOf(session),
    since: Date.parse(stateSince(session)),
    task: line(task ? l10n.t("task {0}", task.id) : ""),
    asks: line(brief(isOver ? endWords(session) : (askedWords(picture, session) ?? ""), longestAsked)),
    agent: line(agentWords(session)),
    tooltip: stripControlCharacters([...row.tooltip, l10n.t("Project: {0}", picture.project.name)].join("\n")),
    context: row.context,
  };
}

/** One of a newer version is as little known as one that is unclear. */
function groupOf({ state }: SessionContext): TileGroup {
  return Object.hasOwn(groups, state) ? groups[state] : "unclear";
}
