import { hash64 } from "../core/base/hash";
import { ageText } from "./ageText";
import type { Tile } from "./overview";
import { type ProjectPicture, type Row, sessionRows } from "./projectRows";

/** Icons of states, those that need somebody first. */
const order = ["question", "warning", "error", "pass-filled", "play-circle", "loading", "circle-outline"] as const;

export interface SessionTile extends Tile {
  /** The project's. */
  readonly key: string;
  /** The session's logical name. */
  readonly session: string;
}

/** Every session that lives, those that need somebody first, then by project and name. */
export function tilesOf(pictures: readonly ProjectPicture[], now: number): SessionTile[] {
  return pictures
    .flatMap((picture) => {
      const updated = new Map(picture.sessions.map((session) => [session.session_name, session.updated_at]));
      const roles = [...new Set(picture.sessions.map((session) => session.role))];
      const rows = roles
        .flatMap((role) => sessionRows(picture, role, now))
        .filter((row) => row.context === "session+living");
      return rows.map((row) => ({
        id: hash64(row.id),
        key: row.key,
        session: row.name,
        name: row.label,
        project: picture.project.name,
        look: row.look,
        age: ageText(updated.get(row.name) ?? "", now),
      }));
    })
    .sort(
      (one, other) =>
        rank(one) - rank(other) ||
        one.project.localeCompare(other.project) ||
        one.name.localeCompare(other.name, undefined, { numeric: true }),
    );
}

function rank({ look }: Pick<Row, "look">): number {
  const place = (order as readonly string[]).indexOf(look.icon);
  return place < 0 ? order.length : place;
}
