import * as l10n from "@vscode/l10n";
import { shortSession } from "../core/model/names";
import { brief } from "../core/model/sentences";
import { askedFirst, questionSentence } from "./attentionRows";
import { sessionNeedRow } from "./needRows";
import { type Need, type SessionNeed, silentNeeds } from "./needs";
import type { ProjectPicture } from "./projectRows";
import { askedLine } from "./stateReasons";
import { stateWords } from "./stateWords";

const longestLine = 200;
const shortestNeed = 40;

/** `worker::1 (api): needs confirmation for 5 min. Apply 3 migrations? [y/N]` */
export function needSentence(need: Need, now: number): string {
  return need.kind === "question" ? questionSentence(need.question, now) : sessionSentence(need, now);
}

/** The worst of them in a few words, for where there is room for one: `Run rm -rf x?`; "" where there is none. */
export function worstNeed(needs: readonly Need[], now: number): string {
  const [worst] = needs;
  if (!worst) return "";
  return brief(worst.kind === "question" ? askedFirst(worst.question) : sessionNeedRow(worst, now).label, shortestNeed);
}

function sessionSentence({ why, picture, session }: SessionNeed, now: number): string {
  const who = `${shortSession(session.session_name)} (${picture.project.name})`;
  const words = stateWords(session).text(now);
  const line = brief((why === "quiet" ? session.last_line : askedLine(session)) ?? "", longestLine);
  const what = l10n.t("{0}: {1}.", who, words);
  if (line === "") return what;
  return why === "quiet" ? l10n.t("{0}: {1}. Last line: {2}", who, words, line) : `${what} ${line}`;
}

/** What is said where no question is open: sessions may need somebody all the same. */
export function noQuestionSentence(pictures: readonly ProjectPicture[]): string {
  const [first] = silentNeeds(pictures);
  if (!first) return l10n.t("No question needs your answer.");
  const count = silentNeeds(pictures).filter(({ why }) => why === first.why).length;
  return count === 1 ? one[first.why]() : many[first.why](count);
}

const one: Readonly<Record<SessionNeed["why"], () => string>> = {
  waits: () => l10n.t("No question is open. 1 session needs input."),
  failed: () => l10n.t("No question is open. 1 session has failed."),
  quiet: () => l10n.t("No question is open. 1 session is quiet."),
  done: () => l10n.t("No question is open. 1 session is done and was not looked at."),
};

const many: Readonly<Record<SessionNeed["why"], (count: number) => string>> = {
  waits: (count) => l10n.t("No question is open. {0} sessions need input.", count),
  failed: (count) => l10n.t("No question is open. {0} sessions have failed.", count),
  quiet: (count) => l10n.t("No question is open. {0} sessions are quiet.", count),
  done: (count) => l10n.t("No question is open. {0} sessions are done and were not looked at.", count),
};
