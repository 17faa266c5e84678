import { byCodeUnits } from "../core/base/textOrder";
import * as l10n from "@vscode/l10n";
import { shortSession } from "../core/model/names";
import { brief } from "../core/model/sentences";
import type { SessionContext } from "../core/model/session";
import { withQuestions } from "../core/session/trueSessions";
import { openQuestions } from "./attentionRows";
import { type ProjectPicture } from "./projectRows";
import { stateWords } from "./stateWords";
import { waitingSentence, waitingSessions } from "./waitingSessions";

const longestLine = 200;
const mostLines = 5;

/** Sessions at work that have printed nothing for long, the one that is quiet for the longest time first. */
export function quietSessions(
  pictures: readonly ProjectPicture[],
): { readonly picture: ProjectPicture; readonly session: SessionContext; readonly since: string }[] {
  return pictures
    .flatMap((picture) =>
      withQuestions(picture.sessions, picture.state).flatMap((session) =>
        session.quiet_since === undefined || session.state === "waiting"
          ? []
          : [{ picture, session, since: session.quiet_since }],
      ),
    )
    .sort((one, other) => byCodeUnits(one.since, other.since));
}

/** `worker::1 (api): quiet for 12 min. Last line: Proceed? [y/N]` */
export function quietSentence({ picture, session }: ReturnType<typeof quietSessions>[number], now: number): string {
  const who = `${shortSession(session.session_name)} (${picture.project.name})`;
  const words = stateWords(session).text(now);
  const line = brief(session.last_line ?? "", longestLine);
  return line === "" ? l10n.t("{0}: {1}.", who, words) : l10n.t("{0}: {1}. Last line: {2}", who, words, line);
}

/** Sessions that wait for somebody without a question, then those that may, as they print nothing for long. */
export function silentSessions(
  pictures: readonly ProjectPicture[],
  now: number,
): { readonly session: SessionContext; readonly sentence: string }[] {
  return [
    ...waitingSessions(pictures).map((each) => ({ session: each.session, sentence: waitingSentence(each, now) })),
    ...quietSessions(pictures).map((each) => ({ session: each.session, sentence: quietSentence(each, now) })),
  ];
}

/** What is said where no question is open: somebody may be waited for all the same. */
export function noQuestionSentence(pictures: readonly ProjectPicture[]): string {
  const waiting = waitingSessions(pictures).length;
  if (waiting > 0)
    return waiting === 1
      ? l10n.t("No question is open. 1 session needs input.")
      : l10n.t("No question is open. {0} sessions need input.", waiting);
  const quiet = quietSessions(pictures).length;
  if (quiet === 0) return l10n.t("No question needs your answer.");
  return quiet === 1
    ? l10n.t("No question is open. 1 session is quiet.")
    : l10n.t("No question is open. {0} sessions are quiet.", quiet);
}

/** What a list of questions says of the sessions that need somebody without one; without lines when there is none. */
export function quietNotice(pictures: readonly ProjectPicture[], now: number): readonly string[] {
  const silent = silentSessions(pictures, now);
  if (silent.length === 0) return [];
  const lines = silent.slice(0, mostLines).map(({ sentence }) => sentence);
  return openQuestions(pictures).length === 0 ? [noQuestionSentence(pictures), ...lines] : lines;
}
