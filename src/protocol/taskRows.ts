import * as l10n from "@vscode/l10n";
import type { ContextEntry } from "../core/model/entry";
import type { ProjectState, TaskRecord } from "../core/model/projectState";
import { questionsBySession } from "../core/model/questionSession";
import { savedAnswers } from "../core/model/savedAnswers";
import { brief, durationText } from "../core/model/sentences";
import { type SessionContext, stateSince } from "../core/model/session";
import { mayBeRetried } from "../core/model/states";
import { taskWait } from "../core/model/taskWait";
import { timedOutMs } from "../core/model/taskWords";
import { asked, lasting, past, type ShownTime } from "./ageText";
import { keyboardWords } from "./keyboardWords";
import { isRunning, joined, longestLine, type ProjectPicture, type Row, row } from "./projectRows";
import { answeredTaskLook, askingTaskLook, type StateLook, taskLook } from "./stateLook";
import { shownTaskLook, waitLook } from "./taskWaitLook";

export function taskRows(picture: ProjectPicture, now: number): Row[] {
  return [...picture.state.tasks.values()].map((task) => taskRow(picture, task, now));
}

function taskRow(picture: ProjectPicture, task: TaskRecord, now: number): Row {
  const need = needOf(picture, task);
  const answer = need ? undefined : unappliedAnswer(picture.state, task.id);
  const wait = need || answer ? undefined : taskWait(task, picture.state, now);
  const look =
    need?.look ??
    (answer
      ? answeredTaskLook(brief(answer.answer ?? answer.text))
      : wait
        ? waitLook(wait, now)
        : taskLook(task.state));
  const when = wait ? undefined : (need?.since ?? (answer ? past(answer.ts) : taskTime(task)));
  const timedOut = timedOutMs(task);
  const code =
    timedOut !== undefined
      ? l10n.t("timed out after {0}", durationText(timedOut))
      : task.exit_code === null || task.exit_code === 0
        ? ""
        : l10n.t("exit code {0}", task.exit_code);
  const attempt = task.attempts > 1 ? l10n.t("try {0}", task.attempts) : "";
  const paused = pausedWords(picture, task);
  const took = need || answer || timedOut !== undefined ? undefined : tookMs(task);
  const isLasting = !need && !answer && task.ended_at === null;
  /** With its time where that is of the word: `running for 5 min`, `succeeded after 4 min 10 s`. */
  const stateWords = (time: string): string[] => {
    if (took !== undefined)
      return [l10n.t("{0} after {1}", look.word, durationText(took)), paused, code, attempt, time];
    const why = brief(wait?.why ?? "");
    return isLasting
      ? [joined([look.word, time], " "), why, paused, code, attempt]
      : [look.word, paused, code, attempt, time];
  };
  const text = stateWords(when?.text(now) ?? "");
  return row("task", picture, task.id, {
    label: task.id,
    description: joined([...text, task.role], " · "),
    state: task.state,
    look,
    tooltip: [
      `${task.id}: ${joined(text, ", ")}`,
      ...(task.cwd === undefined ? [] : [l10n.t("Folder: {0}", task.cwd)]),
      ...typedLine(task.command),
      ...(task.result ? [brief(task.result.text, longestLine)] : []),
      ...(task.reason === "" ? [] : [task.reason]),
    ],
    spoken: joined([task.id, l10n.t("task"), ...stateWords(when?.spoken(now) ?? "")], ", "),
    context: mayBeRetried(task.state) ? "task+retriable" : task.state === "succeeded" ? "task+done" : "task",
  });
}

/** How a task is shown: what it needs of a person goes before its state. */
export function neededTaskLook(picture: ProjectPicture, task: TaskRecord): StateLook {
  return needOf(picture, task)?.look ?? shownTaskLook(task, picture.state, Infinity);
}

/** What a task needs of a person, and since when. */
interface TaskNeed {
  readonly look: StateLook;
  readonly since: ShownTime;
}

/** By a question about the task itself, else by what its session asks while the task runs there. */
function needOf({ state, sessions }: ProjectPicture, task: TaskRecord): TaskNeed | undefined {
  const session =
    task.state === "running" ? sessions.find((each) => each.session_name === task.session_name) : undefined;
  const question = openQuestion(state, task) ?? (session && questionsBySession(state).get(session.session_name));
  if (question)
    return {
      look: askingTaskLook(question.kind === "approval_needed" ? "approval" : "answer"),
      since: asked(question.ts),
    };
  return session?.state === "waiting"
    ? { look: askingTaskLook("answer"), since: lasting(stateSince(session)) }
    : undefined;
}

/** That a task waits with its next command until a person gives the keyboard of its session back. */
function pausedWords({ sessions, runner, reader }: ProjectPicture, task: TaskRecord): string {
  const isTyping = task.command !== undefined && task.result === undefined;
  if (task.state !== "running" || isTyping || !isRunning(runner)) return "";
  const session = sessions.find(({ session_name }) => session_name === task.session_name);
  return session ? keyboardWords(session, reader) : "";
}

/** Of a prompt its beginning, of a command all that fits. */
function typedLine(command: ContextEntry | undefined): string[] {
  const { input, typed_as } = command ?? {};
  if (input === undefined) return [];
  return [typed_as === "prompt" ? l10n.t("Prompt: {0}", promptLine(input)) : `$ ${brief(input, longestLine)}`];
}

/** The first line of a prompt that says something. */
function promptLine(prompt: string): string {
  return brief(prompt.split("\n").find((line) => line.trim() !== "") ?? "", longestLine);
}

/** What a person is asked about the task now. */
function openQuestion({ questions }: ProjectState, { id }: TaskRecord): ContextEntry | undefined {
  return questions.get(id)?.findLast(({ answer, settled }) => answer === undefined && !settled)?.entry;
}

/** An answer about the task that no run has applied yet; then it no longer stands where it stood. */
function unappliedAnswer(state: ProjectState, task: string): ContextEntry | undefined {
  return savedAnswers(state).findLast(({ entry }) => entry.task_id === task)?.answer;
}

/** Of what goes on, since when; of what ended, when. */
function taskTime({ state, started_at, ended_at }: TaskRecord): ShownTime | undefined {
  if (ended_at !== null) return past(ended_at);
  return state === "running" && started_at !== null ? lasting(started_at) : undefined;
}

/** Of one that ended, how long it took from the beginning of its first try; undefined for one that never began. */
function tookMs({ started_at, ended_at }: TaskRecord): number | undefined {
  if (started_at === null || ended_at === null) return undefined;
  const ms = Date.parse(ended_at) - Date.parse(started_at);
  return Number.isNaN(ms) ? undefined : ms;
}

/** The task that a session works at or worked at last, as far as the record says. */
export function taskOfSession({ state }: ProjectPicture, session: SessionContext): TaskRecord | undefined {
  const task = state.tasks.get(session.task_id ?? "");
  return task?.session_name === session.session_name ? task : undefined;
}
