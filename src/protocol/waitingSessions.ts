import { byCodeUnits } from "../core/base/textOrder";
import * as l10n from "@vscode/l10n";
import { questionsBySession } from "../core/model/questionSession";
import { shortSession } from "../core/model/names";
import { brief } from "../core/model/sentences";
import { type SessionContext, stateSince } from "../core/model/session";
import { type ProjectPicture } from "./projectRows";
import { askedLine } from "./stateReasons";
import { stateWords } from "./stateWords";

const longestLine = 200;

interface WaitingSession {
  readonly picture: ProjectPicture;
  readonly session: SessionContext;
}

/** Sessions whose program asks for something on its screen, the one that asked first of all first. */
export function waitingSessions(pictures: readonly ProjectPicture[]): WaitingSession[] {
  return pictures
    .flatMap((picture) => {
      const asked = questionsBySession(picture.state);
      // What is asked as a question is listed as one.
      return picture.sessions
        .filter(({ state, session_name }) => state === "waiting" && !asked.has(session_name))
        .map((session) => ({ picture, session }));
    })
    .sort((one, other) => byCodeUnits(stateSince(one.session), stateSince(other.session)));
}

/** `worker::1 (api): needs confirmation for 5 min. Apply 3 migrations? [y/N]` */
export function waitingSentence({ picture, session }: WaitingSession, now: number): string {
  const who = `${shortSession(session.session_name)} (${picture.project.name})`;
  const line = brief(askedLine(session) ?? "", longestLine);
  const what = l10n.t("{0}: {1}.", who, stateWords(session).text(now));
  return line === "" ? what : `${what} ${line}`;
}
