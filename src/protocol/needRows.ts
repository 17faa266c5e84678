import * as l10n from "@vscode/l10n";
import { byCodeUnits } from "../core/base/textOrder";
import { savedAnswers } from "../core/model/savedAnswers";
import { brief } from "../core/model/sentences";
import { answeredRow, attentionRow, type QuestionRow } from "./attentionRows";
import { needsOf, type SessionNeed } from "./needs";
import { joined, type ProjectPicture, type RowContext } from "./projectRows";
import { askedWords, mayBeAnswered, pausedWords, sessionRow } from "./sessionRows";
import type { StateLook } from "./stateLook";
import { stateWords } from "./stateWords";

/** Of what is asked; the tooltip has more. */
const longestAsked = 80;

/** A session that needs a person, beside the questions. Commands take it as the session's own row. */
export interface SessionNeedRow {
  readonly kind: "session";
  readonly id: string;
  /** The project's. */
  readonly key: string;
  /** The session's logical name. */
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly tooltip: readonly string[];
  readonly spoken: string;
  readonly look: StateLook;
  readonly context: Extract<RowContext, `need${string}`>;
}

export type NeedRow = QuestionRow | SessionNeedRow;

export function isSessionRow(row: NeedRow): row is SessionNeedRow {
  return "kind" in row;
}

/** All that needs a person, in the order in which it should be seen to, then questions whose answer was not applied yet. */
export function needRows(pictures: readonly ProjectPicture[], now: number): NeedRow[] {
  const answered = pictures
    .flatMap((picture) => savedAnswers(picture.state).map((saved) => answeredRow(picture, saved, now)))
    .sort((one, other) => byCodeUnits(one.entry.ts, other.entry.ts));
  return [
    ...needsOf(pictures).map((need) =>
      need.kind === "question" ? attentionRow(need.question, now) : sessionNeedRow(need, now),
    ),
    ...answered,
  ];
}

/** What its program asks, else what stands last on its screen, else what it is: that comes first, then whose it is. */
export function sessionNeedRow({ why, picture, session }: SessionNeed, now: number): SessionNeedRow {
  const { id, key, name, label: who, tooltip, spoken, look } = sessionRow(picture, session, now);
  const words = stateWords(session).text(now);
  const line = why === "done" ? undefined : (askedWords(picture, session) ?? session.last_line);
  const label = line === undefined || line === "" ? look.word : brief(line, longestAsked);
  return {
    kind: "session",
    id,
    key,
    name,
    label,
    description: joined([`${who} (${picture.project.name})`, words, pausedWords(picture, session)], " · "),
    tooltip: [...tooltip, l10n.t("Project: {0}", picture.project.name)],
    spoken: `${label}; ${spoken}`,
    look,
    context: why === "done" ? "need+unseen" : mayBeAnswered(session) ? "need+waiting" : "need",
  };
}
