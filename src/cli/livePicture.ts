import { durationText, roughDuration, runningTime } from "../core/model/sentences";
import type { TaskState } from "../core/model/states";
import { succeededText, type TaskCount } from "../core/model/taskCount";
import { answersByRisk, letsRun } from "../core/model/answerOrder";
import { toneOfState } from "../protocol/logLines";
import type { Size } from "./liveScreen";
import type { Piece } from "../protocol/piece";
import { piecesWidth } from "./paint";
import { commandText } from "./questionText";
import { taskMarks } from "./taskWord";
import { commandLines, linesNeeded, sentenceLines } from "../protocol/question";
import { cutToWidth, padToWidth, textWidth } from "../core/base/textWidth";

export interface LiveTask {
  readonly id: string;
  /** `builder::1` once it has a session, else the role. */
  readonly where: string;
  readonly state: TaskState;
  /** The state as people read it. */
  readonly word: string;
  readonly attempts: number;
  /** Milliseconds that it took, or has run until now; undefined before. */
  readonly duration_ms: number | undefined;
}

export interface LiveSessionRow {
  readonly name: string;
  readonly command: string | undefined;
  /** Stands before it. */
  readonly mark: "$" | "›";
  readonly runsFor_ms: number;
  /** What it does when no command of ours runs there. */
  readonly state: string;
  readonly lastLine: string;
  /** Milliseconds since it printed something, when that is long. */
  readonly quiet_ms: number | undefined;
}

export interface LiveQuestion {
  readonly id: string;
  /** How to answer it from another terminal. */
  readonly answerCommand: string;
  readonly reason: string;
  /** See `QuestionParts`. */
  readonly command: string | undefined;
  readonly mark: "$ " | "";
  /** The task that asks; may be empty. */
  readonly where: string;
  readonly options: readonly string[];
  /** All of it stands above the picture. */
  readonly above: boolean;
}

/** Everything that the picture of a running project shows. */
export interface LiveModel {
  readonly name: string;
  readonly goal: string;
  readonly elapsed_ms: number;
  readonly tasks: readonly LiveTask[];
  /** Of the whole project, which may have more tasks than this run. */
  readonly count: TaskCount;
  readonly sessions: readonly LiveSessionRow[];
  readonly questions: readonly LiveQuestion[];
  /** What is being typed as an answer; undefined where nobody can type. */
  readonly typed: string | undefined;
  /** What became of the last answer. */
  readonly notice: string;
  readonly stopping: boolean;
}

type Line = readonly Piece[];

/** Tasks that move come first when not all fit. */
const importance: readonly TaskState[] = [
  "running",
  "failed",
  "unknown",
  "blocked",
  "ready",
  "pending",
  "succeeded",
  "cancelled",
  "skipped",
];
const widestName = 28;

/** The lines of the picture, top to bottom; they fit a terminal of that size with room for what scrolls above. */
export function livePicture(model: LiveModel, { columns, rows }: Size): Line[] {
  const width = columns - 1;
  const bottom = bottomOf(model, { columns, rows }).lines;
  // A question may take the room of what scrolls.
  const room = Math.max(1, rows - 1 - (rows >= 16 ? 4 : rows >= 10 ? 2 : 0), Math.min(rows - 1, bottom.length + 1));
  const left = room - 1 - bottom.length;
  if (left <= 0) return [titleLine(model, width), ...bottom].slice(0, room);
  const sessionBlock = sessionLines(
    model,
    Math.max(0, Math.min(left - 1 - Math.min(model.tasks.length, Math.ceil(left / 2)), model.sessions.length * 2)),
  );
  const taskRoom = left - sessionBlock.length - (sessionBlock.length > 0 ? 1 : 0);
  return [
    titleLine(model, width),
    ...taskLines(model.tasks, taskRoom),
    ...(sessionBlock.length > 0 ? [[], ...sessionBlock] : []),
    ...bottom,
  ];
}

/** The ids of the questions whose whole reason stands in the picture of that size. */
export function questionsShown(model: LiveModel, size: Size): readonly string[] {
  return bottomOf(model, size).shown;
}

function bottomOf(model: LiveModel, { columns, rows }: Size): Bottom {
  return questionBottom(model, columns - 1, Math.max(1, rows - 2));
}

function titleLine(model: LiveModel, width: number): Line {
  const right = `${succeededText(model.count)}  ${runningTime(model.elapsed_ms)}`;
  const stopping = model.stopping ? "  stopping…" : "";
  const goal = model.goal === "" ? "" : `  ${model.goal}`;
  const roomForGoal = width - textWidth(model.name) - textWidth(right) - textWidth(stopping) - 4;
  const title: Piece[] = [
    { text: "── ", tone: "quiet" },
    { text: model.name, tone: "strong" },
    { text: stopping, tone: "attention" },
    { text: roomForGoal > 8 ? cutToWidth(goal, roomForGoal - 4) : "", tone: "quiet" },
  ];
  const gap = width - piecesWidth(title) - textWidth(right);
  return [...title, { text: gap > 2 ? ` ${"─".repeat(gap - 2)} ` : " ", tone: "quiet" }, { text: right }];
}

function taskLines(tasks: readonly LiveTask[], room: number): Line[] {
  const shown = chooseTasks(tasks, room);
  const idWidth = Math.min(widestName, Math.max(0, ...shown.map((task) => textWidth(task.id))));
  const whereWidth = Math.min(widestName, Math.max(0, ...shown.map((task) => textWidth(task.where))));
  const wordWidth = Math.max(9, ...shown.map((task) => textWidth(task.word)));
  const lines = shown.map((task): Line => {
    const tone = toneOfState(task.state);
    const tries = task.attempts > 1 ? `  try ${task.attempts}` : "";
    const took =
      task.duration_ms === undefined
        ? ""
        : task.state === "running" || task.state === "ready"
          ? runningTime(task.duration_ms)
          : durationText(task.duration_ms);
    return [
      { text: ` ${taskMarks[task.state]} `, tone },
      { text: `${padToWidth(task.id, idWidth)}  `, ...(task.state === "running" ? { tone: "strong" as const } : {}) },
      { text: `${padToWidth(task.where, whereWidth)}  `, tone: "quiet" },
      { text: padToWidth(task.word, wordWidth), tone },
      { text: `  ${took}${tries}`, tone: "quiet" },
    ];
  });
  const hidden = tasks.filter((task) => !shown.includes(task));
  return hidden.length > 0 && room > 0 ? [...lines, [{ text: `   ${countsOf(hidden)}`, tone: "quiet" }]] : lines;
}

/** All, or those that matter most, in the plan's order; one line is kept for the rest. */
function chooseTasks(tasks: readonly LiveTask[], room: number): LiveTask[] {
  if (tasks.length <= room) return [...tasks];
  const ranked = [...tasks.entries()].sort(
    ([one, a], [other, b]) =>
      importance.indexOf(a.state) - importance.indexOf(b.state) ||
      (a.state === "succeeded" ? other - one : one - other),
  );
  const kept = new Set(ranked.slice(0, Math.max(0, room - 1)).map(([index]) => index));
  return tasks.filter((_, index) => kept.has(index));
}

function countsOf(tasks: readonly LiveTask[]): string {
  const counts = new Map<string, number>();
  for (const state of importance)
    for (const { word } of tasks.filter((task) => task.state === state)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return `and ${[...counts].map(([word, count]) => `${count} ${word}`).join(", ")}`;
}

function sessionLines({ sessions }: LiveModel, room: number): Line[] {
  // Sessions that do something come first; with little room each has one line.
  const ranked = [...sessions].sort(
    (one, other) => Number(other.command !== undefined) - Number(one.command !== undefined),
  );
  const single = room < sessions.length * 2;
  const shown = ranked.slice(0, single ? room : sessions.length);
  const nameWidth = Math.min(widestName, Math.max(0, ...shown.map((session) => textWidth(session.name))));
  return shown.flatMap((session): Line[] => {
    const name: Piece = { text: ` ${padToWidth(session.name, nameWidth)}  `, tone: "active" };
    if (session.command === undefined) return [[name, { text: session.state, tone: "quiet" }]];
    const first: Line = [
      name,
      { text: `${session.mark} ${session.command.replace(/\s+/g, " ")}` },
      session.quiet_ms === undefined
        ? { text: `  ${runningTime(session.runsFor_ms)}`, tone: "quiet" }
        : { text: `  quiet for ${roughDuration(session.quiet_ms)}`, tone: "attention" },
    ];
    const second: Line = [{ text: `${" ".repeat(nameWidth + 3)}${session.lastLine}`, tone: "quiet" }];
    return single || session.lastLine === "" ? [first] : [first, second];
  });
}

/** Lines of a command that a question shows at most, and those of the questions behind the first. */
const commandRoom = 8;
const laterCommandRoom = 3;

interface Bottom {
  readonly lines: readonly Line[];
  /** Questions of which a person has all the reason and all the command before them. */
  readonly shown: readonly string[];
}

function questionBottom(model: LiveModel, width: number, room: number): Bottom {
  const { questions, notice } = model;
  if (questions.length === 0)
    return { lines: notice === "" ? [] : [[{ text: ` ${notice}`, tone: "quiet" }]], shown: [] };
  const numbered = questions.length > 1;
  const last = (read: boolean): Line[] => [
    ...answerLines(model, width, read),
    ...sentenceLines(notice, width - 3).flatMap((text): Line[] =>
      notice === "" ? [] : [[{ text: `   ${text}`, tone: "bad" }]],
    ),
  ];
  let left = room - last(true).length - (numbered ? 1 : 0);
  const lines: Line[] = [];
  const shown: string[] = [];
  let placed = 0;
  for (const [index, question] of questions.entries()) {
    const mark = numbered ? ` ${index + 1} ? ` : " ? ";
    const own = oneQuestion(question, mark, width, Math.min(left, index === 0 ? Infinity : 2 + laterCommandRoom));
    if (!own) break;
    lines.push(...own.lines);
    if (own.whole) shown.push(question.id);
    placed += 1;
    left -= own.lines.length;
  }
  if (placed === 0) return tooSmall(questions, width, room);
  if (placed < questions.length) lines.push([{ text: `   and ${questions.length - placed} more`, tone: "quiet" }]);
  const blank: Line[] = left > 0 ? [[]] : [];
  return { lines: [...blank, ...lines, ...last(shown.includes(questions[0]?.id ?? ""))], shown };
}

/** Undefined when there is no room for its whole reason and some of the command. */
function oneQuestion(
  { reason, command, mark: sign, where, above }: LiveQuestion,
  mark: string,
  width: number,
  room: number,
): { readonly lines: readonly Line[]; readonly whole: boolean } | undefined {
  const indent = textWidth(mark);
  const why = sentenceLines(reason, width - indent).map((text, row): Line => [
    { text: row === 0 ? mark : " ".repeat(indent), tone: "attention" },
    { text, tone: "attention" },
  ]);
  if (command === undefined) return why.length <= room ? { lines: why, whole: true } : undefined;
  const lead = `${where === "" ? "" : `${cutToWidth(where, Math.max(3, Math.floor(width / 4)))} `}${sign}`;
  const cells = Math.max(1, width - indent - textWidth(lead));
  const most = Math.max(3, Math.min(commandRoom, room - why.length));
  const whole = linesNeeded(command, cells) <= most;
  const what = whole ? commandLines(command, reason, cells, most) : commandLines(command, reason, cells, most - 1);
  const hint = above ? aboveWords : wholeWords;
  const more: Line[] = whole ? [] : [[{ text: `${" ".repeat(indent)}${hint}`, tone: above ? "quiet" : "bad" }]];
  if (why.length + what.length + more.length > room) return undefined;
  const behind = " ".repeat(indent + textWidth(lead));
  const lines: readonly Line[] = [
    ...why,
    ...what.map((text, row): Line => [
      { text: row === 0 ? `${" ".repeat(indent)}${lead}` : behind, tone: "quiet" },
      { text, tone: "strong" },
    ]),
    ...more,
  ];
  return { lines, whole: whole || above };
}

/** As much of the first reason as there is room for; nothing can be answered here before all of it was seen. */
function tooSmall(questions: readonly LiveQuestion[], width: number, room: number): Bottom {
  const [first] = questions;
  const why = sentenceLines(first?.reason ?? "", width - 3).slice(0, Math.max(1, room - 1));
  return {
    lines: [
      ...why.map((text, row): Line => [
        { text: row === 0 ? " ? " : "   ", tone: "attention" },
        { text, tone: "attention" },
      ]),
      [{ text: `   ${smallWords}`, tone: "bad" }],
    ],
    shown: [],
  };
}

const aboveWords = "All of it stands above.";
const wholeWords = "Read all: wsh-orchestrator attention";
const smallWords = "Enlarge the terminal to read the whole question.";

/**
 * How to answer: by typing here, or with a command elsewhere, which is wrapped and not cut. `read`: all of the first
 * question is shown, so that its command may be allowed.
 */
function answerLines({ questions, typed }: LiveModel, width: number, read: boolean): Line[] {
  const [first] = questions;
  const held = first?.command !== undefined && !read;
  const options = answersByRisk(first?.options ?? []).filter(
    (option) => !held || !letsRun({ kind: "approval_needed" }, option),
  );
  if (typed === undefined) {
    return commandText(`Answer with: ${first?.answerCommand ?? ""}`, width - 3).map((text): Line => [
      { text: `   ${text}`, tone: "quiet" },
    ]);
  }
  const choice = options.length === 0 ? "your answer" : options.join(" or ");
  const second =
    questions.length > 1 ? `, or 2 ${answersByRisk(questions[1]?.options ?? [])[0] ?? "…"} for the second` : "";
  const how = `   Type ${choice}, then Enter${second}`;
  return [
    [
      { text: how, tone: "quiet" },
      { text: ` › ${typed}▏`, tone: "strong" },
    ],
  ];
}
