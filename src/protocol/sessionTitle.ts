import { parseLogicalName, shortSession } from "../core/model/names";
import { withQuestions } from "../core/session/trueSessions";
import type { ProjectPicture } from "./projectRows";
import { sessionLook, shownState, type StateLook } from "./stateLook";

/** What a tab says of the session that is shown in it. */
export interface SessionTitle {
  /** `worker::1 · needs your answer`; with its project where another one has a session of that name. */
  readonly text: string;
  /** Undefined while nothing is known of it. */
  readonly look: StateLook | undefined;
}

/** `key`: of the session's project. `session`: its logical name. */
export function sessionTitle(pictures: readonly ProjectPicture[], key: string, session: string): SessionTitle {
  const name = shortSession(session);
  const own = pictures.find((picture) => picture.key === key);
  const others = pictures.filter(
    (picture) => picture !== own && picture.sessions.some(({ session_name }) => shortSession(session_name) === name),
  );
  const found = own?.sessions.find(({ session_name }) => session_name === session);
  const [shown] = own && found ? withQuestions([found], own.state) : [];
  const look = shown && sessionLook(shownState(shown));
  const parts = [name, own && others.length > 0 ? toldApart(own, others) : undefined, look?.word];
  return { text: parts.filter((part) => part !== undefined).join(" · "), look };
}

/** Two folders may have projects of one name. */
function toldApart({ project, folder }: ProjectPicture, others: readonly ProjectPicture[]): string {
  const isSame = others.some((other) => other.project.name === project.name);
  return isSame && folder !== undefined ? `${project.name}, ${folder}` : project.name;
}

/** The path of a page about a session: its name, in a folder of its project, which tells two of one name apart. */
export function sessionPath(session: string): readonly [project: string, name: string] {
  return [parseLogicalName(session)?.project_id ?? "session", shortSession(session)];
}
