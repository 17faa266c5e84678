import type { ToldProblem } from "./serverProblems";
import { shownFolder } from "../core/model/shownFolder";
import { actorName } from "../core/model/actorName";
import { shortSession } from "../core/model/names";
import type { ProjectContext } from "../core/model/project";
import { openEscalations, type ProjectState, type TaskRecord } from "../core/model/projectState";
import { savedAnswers } from "../core/model/savedAnswers";
import { questionsBySession } from "../core/model/questionSession";
import type { SessionContext } from "../core/model/session";
import { isLiving } from "../core/model/states";
import { countedTasks, taskCountText } from "../core/model/taskCount";
import { listed } from "../core/model/sentences";
import { taskWait } from "../core/model/taskWait";
import { endWords, timedOutMs } from "../core/model/taskWords";
import { runnerName } from "../core/record/lease";
import { shellWord } from "../core/sense/shellWord";
import { ageText } from "../protocol/ageText";
import { toneOfState } from "../protocol/logLines";
import type { Piece } from "../protocol/piece";
import { type ProjectPicture, runStatus, type ShownStatus, shownStatus } from "../protocol/projectRows";
import { agentWords } from "../protocol/agentWords";
import { keyboardWords } from "../protocol/keyboardWords";
import { askedLine } from "../protocol/stateReasons";
import { stateWords } from "../protocol/stateWords";
import { projectLook, sessionLook, sessionPlace, shownState, taskLook } from "../protocol/stateLook";
import { waitWords } from "../protocol/taskWaitLook";
import { cutToWidth, padToWidth, textWidth } from "../core/base/textWidth";
import { isRunning, type ProjectRunner } from "./projectRunner";
import { projectTitle } from "./projects";
import { taskMarks } from "./taskWord";
import { narrowTerminal } from "./wrappedPieces";
import { questionText, savedText, wrappedText } from "./questionText";

/** Of a name or a goal less says nothing. */
const narrowest = 12;
/** With fewer cells a title is not cut for what follows it, which then stands below. */
const narrowestTitle = 40;

export interface ProjectNow {
  readonly project: ProjectContext;
  readonly state: ProjectState;
  /** As people see them: one in which a question is open waits. */
  readonly sessions: readonly SessionContext[];
  readonly runner: ProjectRunner | undefined;
  /** What keeps the sessions from being known. */
  readonly server_problem?: ToldProblem | undefined;
}

export interface StatusPlace {
  readonly now: number;
  /** Who reads it: `human:<user>`. */
  readonly reader: string;
  /** This machine's name. */
  readonly host: string;
  /** Absolute path; other folders are named. */
  readonly workspace: string;
  /** Cells of a line, which the first words of each line fit. */
  readonly columns: number;
}

type Line = readonly Piece[];

export function statusOf(project: Pick<ProjectNow, "state" | "runner">): ShownStatus {
  return shownStatus(viewed(project));
}

function viewed({ state, runner }: Pick<ProjectNow, "state" | "runner">): Pick<ProjectPicture, "state" | "runner"> {
  return { state, runner: runner ? { who: "other", name: "", gone: runner.alive === false } : { who: "nobody" } };
}

/** One project: what it is, what needs an answer, what failed, who runs it, what its sessions do. */
export function statusText(each: ProjectNow, at: StatusPlace): Line[] {
  const { project, state, runner } = each;
  const status = statusOf(each);
  const word = `${projectLook(status).word}${state.archived ? ", archived" : ""}`;
  const counted = taskCountText(countedTasks(state));
  const isNarrow = at.columns < narrowTerminal;
  const title =
    at.columns < narrowestTitle
      ? projectTitle(project)
      : cutToWidth(projectTitle(project), Math.max(narrowest, at.columns - textWidth(word) - textWidth(counted) - 4));
  const left = at.columns - textWidth(title) - textWidth(word) - textWidth(counted) - 6;
  return [
    [
      { text: title, tone: "strong" },
      { text: `  ${word}`, tone: toneOfState(status === "not_running" ? "stopped" : status) },
      { text: `  ${counted}` },
      {
        text: project.goal === "" || left < narrowest ? "" : `  ${project.goal.replace(/\s+/g, " ")}`,
        tone: "quiet",
      },
    ],
    ...(isNarrow && left < narrowest ? wrappedText(project.goal, { ...at, indent: "  " }, "quiet") : []),
    ...openEscalations(state).flatMap((entry) =>
      questionText(entry, { ...at, indent: "  ", running: isRunning(runner) }),
    ),
    ...savedAnswers(state).flatMap((saved) => wrappedText(savedText(saved), { ...at, indent: "  " }, "attention")),
    ...waiting(state, at),
    ...failures(state, at),
    ...resumeLines(each, at),
    ...sessionLines(each, at),
    ...(runner && isRunning(runner)
      ? [
          [
            {
              text: `  Runs in ${runnerName(runner, at.host)}, started by ${actorName(runner.holder)}.`,
              tone: "quiet",
            },
          ] as const,
        ]
      : []),
  ];
}

/** Tasks that wait for the end of a limit of their agent, those for the same one together. */
function waiting(state: ProjectState, at: StatusPlace): Line[] {
  const ids = new Map<string, string[]>();
  for (const task of state.tasks.values()) {
    const wait = taskWait(task, state, at.now);
    const words = wait ? waitWords(wait, at.now) : "";
    if (wait) ids.set(words, [...(ids.get(words) ?? []), task.id]);
  }
  return [...ids].flatMap(([words, tasks]) => {
    const does = tasks.length === 1 ? words : words.replace(/^waits/u, "wait");
    return wrappedText(`${taskMarks.pending} ${listed(tasks)} ${does}`, { ...at, indent: "  " }, "quiet");
  });
}

/** Tasks that failed, or may have, and that no question is open about. */
function failures(state: ProjectState, at: StatusPlace): Line[] {
  const asked = new Set(openEscalations(state).map((entry) => entry.task_id));
  return [...state.tasks.values()]
    .filter((task) => (task.state === "failed" || task.state === "unknown") && !asked.has(task.id))
    .map((task) => [
      { text: `  ${taskMarks[task.state]} ${task.id}: ${taskLook(task.state).word}`, tone: toneOfState(task.state) },
      { text: `${endOf(task, at.now)}${placeOf(task, at)}`, tone: "quiet" },
    ]);
}

/** `, in packages/api`; nothing for the workspace. */
function placeOf(task: TaskRecord | undefined, { workspace }: StatusPlace): string {
  const folder = task?.cwd === undefined ? undefined : shownFolder(workspace, task.cwd);
  return folder === undefined ? "" : `, in ${folder}`;
}

function endOf(task: TaskRecord, now: number): string {
  const { exit_code, ended_at } = task;
  const timed_out_ms = timedOutMs(task);
  const end = endWords({ exit_code, timed_out_ms });
  const code = end === "" ? "" : timed_out_ms === undefined ? ` with ${end}` : `, ${end}`;
  return ended_at === null ? code : `${code}, ${ageText(ended_at, now)}`;
}

function resumeLines({ project: { project_id }, state, runner }: ProjectNow, { host, columns }: StatusPlace): Line[] {
  const status = runStatus(viewed({ state, runner }));
  const answered = !isRunning(runner) && savedAnswers(state).length > 0;
  if (status !== "not_running" && status !== "stopped" && runner?.alive !== false && !answered) return [];
  const ended = runner?.alive === false ? `${capital(runnerName(runner, host))} ended unexpectedly. ` : "";
  const how = `${ended}Resume it with: wsh-orchestrator do ${shellWord(project_id)}`;
  return wrappedText(how, { columns, indent: "  " }, "attention");
}

/** Those that need somebody first, those that are over last. */
function sessionLines({ state, sessions, runner }: ProjectNow, at: StatusPlace): Line[] {
  const { now, columns } = at;
  const questions = questionsBySession(state);
  const rows = [...sessions]
    .sort((one, other) => sessionPlace(one) - sessionPlace(other))
    .map((session) => ({
      state: session.state,
      name: shortSession(session.session_name),
      how: [sessionWords(session, now), isRunning(runner) ? keyboardWords(session, at.reader) : ""]
        .filter((part) => part !== "")
        .join(", "),
      agent: agentWords(session),
      // The question itself is above.
      does:
        questions.has(session.session_name) && isLiving(session)
          ? ""
          : `${doing(session)}${session.next_action === "" ? "" : placeOf(state.tasks.get(session.task_id ?? ""), at)}`,
    }));
  if (columns < narrowTerminal)
    return rows.map(({ state, name, how, agent, does }) => [
      { text: `  ${name}  `, tone: "active" },
      { text: how, tone: toneOfState(state) },
      { text: agent === "" ? "" : `  ${agent}`, tone: "quiet" },
      { text: `  ${does}`.trimEnd() },
    ]);
  const names = Math.min(Math.floor(columns / (columns < 100 ? 3 : 2)), widest(rows.map(({ name }) => name)));
  const hows = widest(rows.map(({ how }) => how));
  const agents = widest(rows.map(({ agent }) => agent));
  return rows.map(({ state, name, how, agent, does }) => [
    { text: `  ${padToWidth(name, names)}  `, tone: "active" },
    { text: padToWidth(how, hows), tone: toneOfState(state) },
    { text: agents === 0 ? "" : `  ${padToWidth(agent, agents)}`, tone: "quiet" },
    { text: `  ${does}`.trimEnd() },
  ]);
}

/** `working for 12 s`, `ended 5 min ago`, `needs permission for 3 min`. */
export function sessionWords(session: SessionContext, now: number): string {
  return isGuessed(session) ? sessionWord(session) : stateWords(session).text(now);
}

/** The same without its time: `ended`. */
export function sessionWord(session: SessionContext): string {
  return isGuessed(session) ? "state unknown" : sessionLook(shownState(session)).word;
}

/** What a session of others does, when it is silent. */
export function isGuessed({ ours, state, quiet_since }: SessionContext): boolean {
  return ours === false && state === "unclear" && quiet_since === undefined;
}

/** What it does, else the last that is known of it; its name stands before it already. */
export function doing(session: SessionContext): string {
  const { session_name, next_action, last_signal, last_line, denied } = session;
  if (last_line !== undefined) return last_line === "" ? "" : `Last line: ${last_line}`;
  const question = askedLine(session);
  if (question !== undefined) return question;
  const text = (next_action === "" || denied || !isLiving(session) ? last_signal : next_action).replace(/\s+/g, " ");
  const name = [session_name, shortSession(session_name)].find((each) => text.startsWith(`${each} `));
  return name === undefined ? text : text.slice(name.length + 1);
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map(textWidth));
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
