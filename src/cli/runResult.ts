import type { RunProjectResult } from "../core/acts/runProject";
import { openEscalations } from "../core/model/projectState";
import { durationText } from "../core/model/sentences";
import type { TaskSummary } from "../core/model/snapshot";
import { countedTasks, taskCountText } from "../core/model/taskCount";
import type { RunResult } from "../core/run/projectRun";
import { shortSession } from "../core/model/names";
import { askedCommand, shortEntryId, toneOfState } from "../protocol/logLines";
import type { Piece } from "../protocol/piece";
import { questionParts } from "../protocol/question";
import { textWidth } from "../protocol/textWidth";
import type { Container } from "./container";
import { type ExitCode, exitCode, exitCodeOf } from "./exitCodes";
import { reportFailure } from "./failure";
import type { Output } from "./output";
import { projectTitle } from "./projects";

/** Of a command that somebody is asked about; a longer one is cut in the middle. */
const mostLines = 40;

export function exitOf(result: RunResult): ExitCode {
  if (result.stopped) return exitCode.interrupted;
  if (result.tasks.some((task) => task.state === "failed")) return exitCode.failed;
  if (result.tasks.every((task) => task.state === "succeeded" || task.state === "skipped")) return exitCode.done;
  // Nothing is unclear or asked: what is left could not begin.
  const asks = result.tasks.some((task) => task.state === "unknown" || task.state === "blocked");
  return result.problem && !asks ? exitCodeOf(result.problem.code) : exitCode.needsPerson;
}

/** Says what became of a run; gives its exit code. */
export function sayResult(container: Container, ran: RunProjectResult): ExitCode {
  const { result } = ran;
  if (container.output.json) sayJson(container.output, result);
  else sayWords(container, ran);
  if (result.problem) reportFailure(result.problem, container.output, container.globals.verbose ?? false);
  return exitOf(result);
}

function sayJson(output: Output, { status, tasks, snapshot }: RunResult): void {
  const told = tasks.map(({ id, state, attempts, exit_code }) => ({ id, state, attempts, exit_code }));
  output.document({ result: { status, tasks: told, snapshot } });
}

function sayWords({ output, store }: Container, { project, result, state, did_something }: RunProjectResult): void {
  const counted = taskCountText(countedTasks(state.tasks.values()));
  if (!did_something && result.status === "done") {
    output.whole([
      { text: `${projectTitle(project)}: `, tone: "strong" },
      { text: `nothing to do (${counted}, nothing has changed). Use --again to run everything again.` },
    ]);
    return;
  }
  const idWidth = Math.max(0, ...result.tasks.map((task) => textWidth(task.id)));
  if (result.tasks.length > 1 || result.status !== "done")
    for (const task of result.tasks) output.pieces(taskLine(task, idWidth));
  output.pieces([
    { text: `${projectTitle(project)}: `, tone: "strong" },
    { text: result.status, tone: toneOfState(result.status) },
    { text: `, ${counted}.` },
  ]);
  for (const entry of openEscalations(state)) {
    output.whole([{ text: `? ${questionParts(entry).reason}`, tone: "attention" }]);
    for (const line of askedCommand(entry, mostLines, "  ")) output.whole(line);
    output.pieces([
      {
        text: `  wsh-orchestrator answer ${shortEntryId(entry.id)} ${entry.options?.join("|") ?? "TEXT"}`,
        tone: "quiet",
      },
    ]);
  }
  output.whole([{ text: `Record: ${store.folderOf(project.project_id)}/SNAPSHOT.md`, tone: "quiet" }]);
}

function taskLine(task: TaskSummary, idWidth: number): Piece[] {
  // Of one that waits, time and session are those of an earlier run.
  const waits = task.state === "blocked" || task.state === "pending";
  const took =
    !waits && task.started_at !== null && task.ended_at !== null
      ? durationText(Date.parse(task.ended_at) - Date.parse(task.started_at))
      : "";
  const mark = task.state === "succeeded" ? "✓" : task.state === "failed" ? "✗" : "·";
  const more = [
    took,
    task.exit_code === null || task.exit_code === 0 ? "" : `exit ${task.exit_code}`,
    task.attempts > 1 ? `try ${task.attempts}` : "",
    waits || task.session_name === null ? "" : shortSession(task.session_name),
  ];
  return [
    { text: `${mark} ${task.id}${" ".repeat(idWidth - textWidth(task.id))}  `, tone: toneOfState(task.state) },
    { text: task.state.padEnd(11), tone: toneOfState(task.state) },
    { text: more.filter((part) => part !== "").join("  "), tone: "quiet" },
  ];
}
