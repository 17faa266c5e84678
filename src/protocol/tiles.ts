import * as l10n from "@vscode/l10n";
import { stripControlCharacters } from "../core/safety/controlCharacters";
import { hash64 } from "../core/base/hash";
import type { SessionContext } from "../core/model/session";
import { brief } from "../core/model/sentences";
import { isLiving } from "../core/model/states";
import { withQuestions } from "../core/session/trueSessions";
import { agentWords } from "./agentWords";
import type { Tile } from "./overview";
import { joined, type ProjectPicture } from "./projectRows";
import { askedWords, pausedWords, sessionRow } from "./sessionRows";
import { sessionPlace } from "./stateLook";
import { stateWords } from "./stateWords";

/** More does not fit a tile; its tooltip has all. */
const longestAsked = 100;

export interface SessionTile extends Tile {
  /** The project's. */
  readonly key: string;
  /** The session's logical name. */
  readonly session: string;
}

/** Every session that lives, those that need a person first, then by project and name. */
export function tilesOf(pictures: readonly ProjectPicture[], now: number): SessionTile[] {
  return pictures
    .flatMap((picture) =>
      withQuestions(picture.sessions, picture.state)
        .filter((session) => isLiving(session))
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
  const line = (text: string): string => stripControlCharacters(text, { keepNewlines: false });
  return {
    id: hash64(row.id),
    key: row.key,
    session: row.name,
    name: line(row.label),
    project: line(picture.project.name),
    look: { ...row.look, word: joined([stateWords(session).text(now), pausedWords(picture, session)], " · ") },
    asks: line(brief(askedWords(picture, session) ?? "", longestAsked)),
    agent: line(agentWords(session)),
    tooltip: stripControlCharacters([...row.tooltip, l10n.t("Project: {0}", picture.project.name)].join("\n")),
    context: row.context,
  };
}
