import * as l10n from "@vscode/l10n";
import { sessionState } from "../core/session/sessionState";
import { shortSession } from "../core/model/names";
import { stripControlCharacters } from "../core/safety/controlCharacters";
import type { MirrorIdentity, MirrorStatus } from "../protocol/mirror";
import { type ProjectPicture, type Row } from "../protocol/projectRows";
import { sessionRows, sessionTime } from "../protocol/sessionRows";
import { sessionLook } from "../protocol/stateLook";
import type { FeedCondition } from "./sessionFeed";

export interface MirroredSession {
  readonly identity: MirrorIdentity;
  /** Of its project; undefined when the workspace does not have it. */
  readonly picture: ProjectPicture | undefined;
  readonly condition: FeedCondition;
  /** Some screen of it was seen. */
  readonly wasSeen: boolean;
  readonly trusted: boolean;
}

/** What stands above and below a mirror's screen. */
export function mirrorStatus(session: MirroredSession, now: number): MirrorStatus {
  const { identity, picture, condition, trusted } = session;
  const row = picture?.sessions
    .flatMap((each) => (each.session_name === identity.session ? sessionRows(picture, each.role, now) : []))
    .find((each) => each.name === identity.session);
  const gone = condition.kind === "ended" || condition.kind === "gone";
  const seen = gone ? { end: { lost: condition.kind === "gone", exit_code: null } } : {};
  const known = row && (!gone || row.context === "session+over") ? row : undefined;
  return {
    name: stripControlCharacters(shortSession(identity.session), { keepNewlines: false }),
    project: stripControlCharacters(picture?.project.name ?? identity.project_id, { keepNewlines: false }),
    look: known ? { ...known.look, word: stateWords(known, session, now) } : sessionLook(sessionState(seen)),
    banner: banner(session),
    over: gone,
    lost: gone || condition.kind === "away",
    noTyping: !trusted
      ? l10n.t("This workspace is not trusted, so nothing can be typed here.")
      : condition.kind === "live"
        ? ""
        : l10n.t("The session is not connected."),
  };
}

/** `working`, or `working · quiet for 12 min` of one that has printed nothing for long. */
function stateWords({ look, state }: Row, { identity, picture }: MirroredSession, now: number): string {
  const session = picture?.sessions.find((each) => each.session_name === identity.session);
  const isQuiet = session?.quiet_since !== undefined && state === session.state;
  return isQuiet ? `${look.word} · ${sessionTime(session).text(now)}` : look.word;
}

function banner({ condition, picture, wasSeen }: MirroredSession): MirrorStatus["banner"] {
  switch (condition.kind) {
    case "looking":
      return null;
    case "live":
      return picture
        ? null
        : {
            text: l10n.t(
              "The project of this session is no longer in the workspace. The session still runs. Open the project's folder to see the project again.",
            ),
            acts: ["close"],
          };
    case "away":
      return { text: condition.sentence, acts: ["reattach", "close"] };
    case "ended":
    case "gone":
      return {
        text: wasSeen ? l10n.t("{0} This is its last screen.", condition.sentence) : condition.sentence,
        acts: ["close"],
      };
  }
}
