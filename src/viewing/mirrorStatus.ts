import * as l10n from "@vscode/l10n";
import { questionsBySession } from "../core/model/questionSession";
import { promptInBrief } from "../core/model/promptWords";
import type { SessionContext } from "../core/model/session";
import { isLiving } from "../core/model/states";
import { sessionState } from "../core/session/sessionState";
import { withQuestions } from "../core/session/trueSessions";
import { shortSession } from "../core/model/names";
import { stripControlCharacters } from "../core/safety/controlCharacters";
import { agentWords } from "../protocol/agentWords";
import type { MirrorIdentity, MirrorStatus } from "../protocol/mirror";
import { joined, type ProjectPicture } from "../protocol/projectRows";
import { questionParts } from "../protocol/question";
import { isUnseen, pausedWords } from "../protocol/sessionRows";
import { sessionLook, shownState } from "../protocol/stateLook";
import { stateWords } from "../protocol/stateWords";

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
  const own = picture?.sessions.filter((each) => each.session_name === identity.session) ?? [];
  const [found] = picture ? withQuestions(own, picture.state) : [];
  const gone = condition.kind === "ended" || condition.kind === "gone";
  const seen = gone ? { end: { lost: condition.kind === "gone", exit_code: null } } : {};
  const known = found && (!gone || !isLiving(found)) ? found : undefined;
  return {
    name: stripControlCharacters(shortSession(identity.session), { keepNewlines: false }),
    project: stripControlCharacters(picture?.project.name ?? identity.project_id, { keepNewlines: false }),
    agent: stripControlCharacters(found ? agentWords(found) : "", { keepNewlines: false }),
    look: known
      ? { ...sessionLook(shownState(known)), word: knownWord(picture, known, now) }
      : sessionLook(sessionState(seen)),
    banner: banner(session),
    over: gone,
    unseen: !gone && picture !== undefined && isUnseen(picture.state, identity.session),
    lost: gone || condition.kind === "away",
    noTyping: !trusted
      ? l10n.t("This workspace is not trusted, so nothing can be typed here.")
      : condition.kind === "live"
        ? ""
        : l10n.t("The session is not connected."),
  };
}

function knownWord(picture: ProjectPicture | undefined, session: SessionContext, now: number): string {
  return joined([stateWords(session).text(now), picture ? pausedWords(picture, session) : ""], " · ");
}

/** What is asked there; it can also be answered from here. */
function question({ state }: ProjectPicture, session: string): MirrorStatus["banner"] {
  const asked = questionsBySession(state).get(session);
  if (!asked) return null;
  // The screen is right below.
  return { text: stripControlCharacters(promptInBrief(asked, questionParts(asked).reason)), acts: ["answer"] };
}

function banner({ identity, condition, picture, wasSeen }: MirroredSession): MirrorStatus["banner"] {
  switch (condition.kind) {
    case "looking":
      return null;
    case "live":
      return picture
        ? question(picture, identity.session)
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
