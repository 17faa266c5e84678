import { durationText } from "../core/engine/sentences";
import type { TaskState } from "../core/model/snapshot";
import { toneOfState } from "./diary";
import type { Size } from "./liveScreen";
import { type Piece, piecesWidth } from "./paint";
import { cutToWidth, padToWidth, textWidth } from "./textWidth";

export interface LiveTask {
  readonly id: string;
  /** `builder::1` once it has a session, else the role. */
  readonly where: string;
  readonly state: TaskState;
  readonly attempts: number;
  /** Milliseconds that it took, or has run until now; undefined before. */
  readonly duration_ms: number | undefined;
}

export interface LiveSessionRow {
  readonly name: string;
  readonly command: string | undefined;
  readonly runsFor_ms: number;
  readonly lastLine: string;
}

export interface LiveQuestion {
  readonly shortId: string;
  readonly text: string;
  readonly options: readonly string[];
}

/** Everything that the picture of a running project shows. */
export interface LiveModel {
  readonly name: string;
  readonly goal: string;
  readonly elapsed_ms: number;
  readonly tasks: readonly LiveTask[];
  readonly sessions: readonly LiveSessionRow[];
  readonly questions: readonly LiveQuestion[];
  /** What is being typed as an answer; undefined where nobody can type. */
  readonly typed: string | undefined;
  /** What became of the last answer. */
  readonly notice: string;
  readonly stopping: boolean;
}

type Line = readonly Piece[];

const glyphs: Readonly<Record<TaskState, string>> = {
  pending: "○",
  ready: "○",
  running: "●",
  succeeded: "✓",
  failed: "✗",
  blocked: "‖",
  skipped: "–",
  cancelled: "–",
  unknown: "?",
};

/** Tasks that move come first when not all fit. */
const importance: readonly TaskState[] = ["running", "failed", "unknown", "blocked", "ready", "pending", "succeeded", "cancelled", "skipped"];
const widestName = 28;

/** Whole seconds: a picture that changes more often is not calm. */
function seconds(ms: number): string {
  return durationText(Math.max(0, Math.floor(ms / 1000) * 1000)).replace(/^0 ms$/, "0 s");
}

/** The lines of the picture, top to bottom; they fit a terminal of that size with room for what scrolls above. */
export function livePicture(model: LiveModel, { columns, rows }: Size): Line[] {
  const width = columns - 1;
  const room = Math.max(1, rows - 1 - (rows >= 16 ? 4 : rows >= 10 ? 2 : 0));
  const bottom = questionLines(model, width);
  const left = room - 1 - bottom.length;
  if (left <= 0) return [titleLine(model, width), ...bottom].slice(0, room);
  const sessionBlock = sessionLines(model, Math.max(0, Math.min(left - 1 - Math.min(model.tasks.length, Math.ceil(left / 2)), model.sessions.length * 2)));
  const taskRoom = left - sessionBlock.length - (sessionBlock.length > 0 ? 1 : 0);
  return [titleLine(model, width), ...taskLines(model.tasks, taskRoom), ...(sessionBlock.length > 0 ? [[], ...sessionBlock] : []), ...bottom];
}

function titleLine(model: LiveModel, width: number): Line {
  const done = model.tasks.filter((task) => task.state === "succeeded" || task.state === "skipped").length;
  const right = `${done} of ${model.tasks.length} done  ${seconds(model.elapsed_ms)}`;
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
  const lines = shown.map((task): Line => {
    const tone = toneOfState(task.state);
    const tries = task.attempts > 1 ? `  try ${task.attempts}` : "";
    const took = task.duration_ms === undefined ? "" : task.state === "running" || task.state === "ready" ? seconds(task.duration_ms) : durationText(task.duration_ms);
    return [
      { text: ` ${glyphs[task.state]} `, tone },
      { text: `${padToWidth(task.id, idWidth)}  `, ...(task.state === "running" ? { tone: "strong" as const } : {}) },
      { text: `${padToWidth(task.where, whereWidth)}  `, tone: "quiet" },
      { text: padToWidth(task.state, 9), tone },
      { text: `  ${took}${tries}`, tone: "quiet" },
    ];
  });
  const hidden = tasks.filter((task) => !shown.includes(task));
  return hidden.length > 0 && room > 0 ? [...lines, [{ text: `   ${countsOf(hidden)}`, tone: "quiet" }]] : lines;
}

/** All, or those that matter most, in the plan's order; one line is kept for the rest. */
function chooseTasks(tasks: readonly LiveTask[], room: number): LiveTask[] {
  if (tasks.length <= room) return [...tasks];
  const ranked = [...tasks.entries()].sort(([one, a], [other, b]) => importance.indexOf(a.state) - importance.indexOf(b.state) || (a.state === "succeeded" ? other - one : one - other));
  const kept = new Set(ranked.slice(0, Math.max(0, room - 1)).map(([index]) => index));
  return tasks.filter((_, index) => kept.has(index));
}

function countsOf(tasks: readonly LiveTask[]): string {
  const counts = importance.map((state) => [tasks.filter((task) => task.state === state).length, state] as const);
  return `and ${counts.filter(([count]) => count > 0).map(([count, state]) => `${count} ${state}`).join(", ")}`;
}

function sessionLines({ sessions }: LiveModel, room: number): Line[] {
  // Sessions that do something come first; with little room each has one line.
  const ranked = [...sessions].sort((one, other) => Number(other.command !== undefined) - Number(one.command !== undefined));
  const single = room < sessions.length * 2;
  const shown = ranked.slice(0, single ? room : sessions.length);
  const nameWidth = Math.min(widestName, Math.max(0, ...shown.map((session) => textWidth(session.name))));
  return shown.flatMap((session): Line[] => {
    const name: Piece = { text: ` ${padToWidth(session.name, nameWidth)}  `, tone: "active" };
    if (session.command === undefined) return [[name, { text: "idle", tone: "quiet" }]];
    const first: Line = [name, { text: `$ ${session.command.replace(/\s+/g, " ")}` }, { text: `  ${seconds(session.runsFor_ms)}`, tone: "quiet" }];
    const second: Line = [{ text: `${" ".repeat(nameWidth + 3)}${session.lastLine}`, tone: "quiet" }];
    return single || session.lastLine === "" ? [first] : [first, second];
  });
}

function questionLines(model: LiveModel, width: number): Line[] {
  const { questions, typed, notice } = model;
  if (questions.length === 0) return notice === "" ? [] : [[{ text: ` ${notice}`, tone: "quiet" }]];
  const numbered = questions.length > 1;
  const lines = questions.slice(0, 3).flatMap((question, index): Line[] => {
    const mark = numbered ? ` ${index + 1} ? ` : " ? ";
    return wrapped(question.text, width - textWidth(mark), 2).map((text, row): Line => [
      { text: row === 0 ? mark : " ".repeat(textWidth(mark)), tone: "attention" },
      { text, tone: row === 0 ? "attention" : "plain" },
    ]);
  });
  if (questions.length > 3) lines.push([{ text: `   and ${questions.length - 3} more`, tone: "quiet" }]);
  const options = questions[0]?.options ?? [];
  const choice = options.length === 0 ? "your answer" : options.join(" or ");
  const how =
    typed === undefined
      ? `   answer with: wsh-orchestrator answer ${questions[0]?.shortId ?? ""} ${options.join("|")}`
      : numbered
        ? `   type ${choice} and Enter, or 2 ${options[0] ?? "…"} for the second`
        : `   type ${choice} and Enter`;
  lines.push([{ text: how, tone: "quiet" }, { text: typed === undefined ? "" : ` › ${typed}▏`, tone: "strong" }]);
  if (notice !== "") lines.push([{ text: `   ${notice}`, tone: "bad" }]);
  return [[], ...lines];
}

/** At most `count` lines, broken at blanks; the last one is cut. */
function wrapped(text: string, width: number, count: number): string[] {
  const lines: string[] = [];
  let rest = text.replace(/\s+/g, " ").trim();
  while (rest !== "" && lines.length < count) {
    if (lines.length === count - 1 || textWidth(rest) <= width) {
      lines.push(cutToWidth(rest, width));
      break;
    }
    const words = rest.split(" ");
    let line = words.shift() ?? "";
    while (words[0] !== undefined && textWidth(line) + 1 + textWidth(words[0]) <= width) line += ` ${words.shift() ?? ""}`;
    lines.push(cutToWidth(line, width));
    rest = words.join(" ");
  }
  return lines;
}
