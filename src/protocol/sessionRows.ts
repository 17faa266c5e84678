import * as l10n from "@vscode/l10n";
import { brief, withoutStop } from "../core/model/sentences";
import { questionsBySession } from "../core/model/questionSession";
import type { SessionContext } from "../core/model/session";
import { isLiving } from "../core/model/states";
import { taskWait } from "../core/model/taskWait";
import { withQuestions } from "../core/session/trueSessions";
import { shortSession } from "../core/model/names";
import { changedVariables } from "../core/session/tellingVariables";
import { agentWords } from "./agentWords";
import { keyboardWords } from "./keyboardWords";
import { isRunning, joined, longestLine, type ProjectPicture, type Row, row, type RowContext } from "./projectRows";
import { questionParts } from "./question";
import { sessionLook, sessionPlace, shownState } from "./stateLook";
import { askedLine, evidenceLines, programLine } from "./stateReasons";
import { stateWords } from "./stateWords";
import { taskOfSession } from "./taskRows";
import { shownTaskLook } from "./taskWaitLook";

/** More stands in the explanation of the state. */
const linesInTooltip = 3;

/** Of one role, those that need a person first. */
export function sessionRows(picture: ProjectPicture, role: string, now: number): Row[] {
  const sessions = picture.sessions.filter((session) => session.role === role);
  return withQuestions(sessions, picture.state)
    .sort((one, other) => sessionPlace(one) - sessionPlace(other))
    .map((session) => sessionRow(picture, session, now));
}

/** `session`: as people see it, so that one with an open question waits. */
export function sessionRow(picture: ProjectPicture, session: SessionContext, now: number): Row {
  const look = sessionLook(shownState(session));
  const over = !isLiving(session);
  // Of one with an open question the word says already what comes next; one that is over does nothing next.
  const next = over || session.state === "waiting" ? "" : session.next_action;
  // What it asks, if it does, says more than the command that asks.
  const asked = askedWords(picture, session);
  const said = session.denied ? session.last_signal : undefined;
  const shown = session.last_line ?? asked ?? said ?? (over ? endWords(session) : next);
  const doing = next === "" ? session.last_signal : next;
  const name = shortSession(session.session_name);
  const words = stateWords(session);
  const agent = agentWords(session);
  const paused = pausedWords(picture, session);
  const unchosen = picture.server_unchosen === true && isLiving(session);
  const server = unchosen ? l10n.t("its server was never chosen") : "";
  const task = over ? undefined : taskOfSession(picture, session);
  const wait = task && taskWait(task, picture.state, now);
  // It continues elsewhere, maybe, once the person has answered.
  const isCurrent = task !== undefined && task.ended_at === null && wait?.about === undefined;
  const current = isCurrent ? task.id : "";
  const last = task && !isCurrent ? `${task.id}: ${shownTaskLook(task, picture.state, now).word}` : "";
  return row("session", picture, session.session_name, {
    label: name,
    description: joined(
      [server, current, words.text(now), paused, brief(shownBeside(current, shown), 60), last, agent],
      " · ",
    ),
    state: session.state,
    look,
    tooltip: [
      session.session_name,
      joined([agent, joined([words.text(now), paused], ", ")], ": "),
      ...(asked === undefined ? [] : [brief(asked, longestLine)]),
      ...quietLines(session),
      ...(unchosen
        ? [
            l10n.t(
              "The project's files name the server {0}, which you have never chosen: it was not asked, so this is what the log says.",
              picture.project.server?.address ?? "",
            ),
          ]
        : []),
      ...(session.state === "unclear" ? [l10n.t("What this session does is not known.")] : []),
      ...(doing === "" ? [] : [brief(doing, longestLine)]),
      ...(session.last_signal === "" || session.last_signal === doing
        ? []
        : [l10n.t("Why: {0}", brief(session.last_signal, longestLine))]),
      ...environmentLine(picture, session),
      ...programLine(session),
      ...evidenceLines(session.evidence ?? [], linesInTooltip).map((line) => brief(line, longestLine)),
    ],
    spoken: joined(
      [
        name,
        l10n.t("session"),
        agent,
        server,
        words.spoken(now),
        paused,
        task ? l10n.t("task {0}", isCurrent ? current : last) : "",
        brief(session.last_line ?? asked ?? (over ? shown : ""), 60),
        l10n.t("project {0}", picture.project.name),
      ],
      ", ",
    ),
    context: unchosen ? "session+unchosen" : over ? "session+over" : livingContext(picture, session),
  });
}

/** That nothing is typed there for tasks, because a person types; of a project that does not run there is nothing to say. */
export function pausedWords({ runner, reader }: ProjectPicture, session: SessionContext): string {
  return isRunning(runner) && isLiving(session) ? keyboardWords(session, reader) : "";
}

/** What it asks, in one line: the very command that is to be allowed, else its program's words, else the project's. */
export function askedWords({ state }: ProjectPicture, session: SessionContext): string | undefined {
  if (session.state !== "waiting") return undefined;
  const question = questionsBySession(state).get(session.session_name);
  const parts = question && questionParts(question);
  return parts?.command ?? askedLine(session) ?? parts?.reason;
}

/** What it does, without the name of its task before it, which stands there already. */
function shownBeside(task: string, shown: string): string {
  return task !== "" && shown.startsWith(`${task}: `) ? shown.slice(task.length + 2) : shown;
}

/** How it ended, behind a name and the word for its state: `exit code 3. Last output: "boom".` */
export function endWords({ session_name, last_signal }: SessionContext): string {
  const subject = ["The session", session_name, shortSession(session_name)].find((each) =>
    last_signal.startsWith(`${each} `),
  );
  const rest = subject === undefined ? last_signal : last_signal.slice(subject.length + 1);
  return withoutStop(rest.replace(/^(?:ended with |ended; |is lost: )/, ""));
}

function livingContext({ state }: ProjectPicture, session: SessionContext): RowContext {
  const context = needContext(state, session);
  return agentWords(session) === "" ? context : `${context}+agent`;
}

function needContext(
  state: ProjectPicture["state"],
  session: SessionContext,
): `session+living${"" | "+asking" | "+waiting" | "+unseen"}` {
  const { session_name } = session;
  if (questionsBySession(state).has(session_name)) return "session+living+asking";
  if (mayBeAnswered(session)) return "session+living+waiting";
  return isUnseen(state, session_name) ? "session+living+unseen" : "session+living";
}

/** Whether it is known what it asks: not where a person only said that it waits. */
export function mayBeAnswered({ state, denied }: Pick<SessionContext, "state" | "denied">): boolean {
  return state === "waiting" && denied === undefined;
}

/** Whether the record says of it that nobody has looked at what it has done. */
export function isUnseen({ sessions }: ProjectPicture["state"], session_name: string): boolean {
  return sessions.get(session_name)?.state === "done_unseen";
}

/** What stands there, and what that may mean. */
function quietLines({ quiet_since, last_line = "" }: SessionContext): string[] {
  if (quiet_since === undefined) return [];
  return [
    ...(last_line === "" ? [] : [l10n.t("Last line: {0}", brief(last_line, longestLine))]),
    l10n.t(
      "The session has printed nothing new for long. A command may be waiting for input there: look at the session.",
    ),
  ];
}

/**
 * A session keeps the environment that it started with. What it has is of interest where this window would type into it:
 * the sessions of another process have, and after a restart get, that of whoever started it.
 */
function environmentLine({ fingerprints = {}, runner }: ProjectPicture, session: SessionContext): string[] {
  if (runner.who === "other" && !runner.gone) return [];
  const changed = isLiving(session) ? changedVariables(session.environment, fingerprints) : [];
  if (changed.length === 0) return [];
  const names = changed.join(", ");
  return [
    l10n.t(
      "This session has another {0} than new sessions of this window get. A restart gives it this window's.",
      names,
    ),
  ];
}
