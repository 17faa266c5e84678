import { stateSince } from "../core/model/session";
import { hash64 } from "../core/base/hash";
import { sinceText } from "./ageText";
import type { Tile } from "./overview";
import { type ProjectPicture, sessionRows } from "./projectRows";
import { sessionPlace } from "./stateLook";

export interface SessionTile extends Tile {
  /** The project's. */
  readonly key: string;
  /** The session's logical name. */
  readonly session: string;
  readonly state: string;
}

/** Every session that lives, those that need somebody first, then by project and name. */
export function tilesOf(pictures: readonly ProjectPicture[], now: number): SessionTile[] {
  return pictures
    .flatMap((picture) => {
      const since = new Map(picture.sessions.map((session) => [session.session_name, stateSince(session)]));
      const roles = [...new Set(picture.sessions.map((session) => session.role))];
      const rows = roles
        .flatMap((role) => sessionRows(picture, role, now))
        .filter((row) => row.context === "session+living");
      return rows.map((row) => ({
        id: hash64(row.id),
        key: row.key,
        session: row.name,
        state: row.state,
        name: row.label,
        project: picture.project.name,
        look: row.look,
        age: sinceText(since.get(row.name) ?? "", now),
      }));
    })
    .sort(
      (one, other) =>
        sessionPlace(one.state) - sessionPlace(other.state) ||
        one.project.localeCompare(other.project) ||
        one.name.localeCompare(other.name, undefined, { numeric: true }),
    );
}
