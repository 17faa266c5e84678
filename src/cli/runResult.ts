import type { RunProjectResult } from "../core/acts/runProject";
import { openEscalations, type ProjectState } from "../core/model/projectState";
import { durationText } from "../core/model/sentences";
import type { TaskSummary } from "../core/model/snapshot";
import { taskCountText } from "../core/model/taskCount";
import { endWords } from "../core/model/taskWords";
import type { RunResult } from "../core/run/projectRun";
import { shortSession } from "../core/model/names";
import { shownFolder } from "../core/model/shownFolder";
import { toneOfState } from "../protocol/logLines";
import { projectLook } from "../protocol/stateLook";
import type { Piece } from "../protocol/piece";
import { padToWidth, textWidth } from "../core/base/textWidth";
import type { Container } from "./container";
import { type ExitCode, exitOf } from "../protocol/exitCodes";
import { reportFailure } from "./failure";
import type { Output } from "./output";
import { isRunning, runnerOf } from "./projectRunner";
import { projectTitle } from "./projects";
import { questionText } from "./questionText";
import { isOfEarlierTry, taskMarks, taskWord } from "./taskWord";
import { narrowTerminal } from "./wrappedPieces";

/** Says what became of a run; gives its exit code. */
export async function sayResult(container: Container, ran: RunProjectResult): Promise<ExitCode> {
  const { result } = ran;
  if (container.output.json) sayJson(container.output, result);
  else await sayWords(container, ran);
  if (result.problem) reportFailure(result.problem, container.output, container.globals.verbose ?? false);
  return exitOf(result);
}

function sayJson(output: Output, { status, tasks, snapshot }: RunResult): void {
  const told = tasks.map(({ id, state, attempts, exit_code }) => ({ id, state, attempts, exit_code }));
  output.document({ result: { status, tasks: told, snapshot } });
}

async function sayWords(
  container: Container,
  { project, result, state, did_something }: RunProjectResult,
): Promise<void> {
  const { output, store, clock } = container;
  const counted = taskCountText(result.count);
  if (!did_something && result.status === "done") {
    output.whole([
      { text: `${projectTitle(project)}: `, tone: "strong" },
      { text: `nothing to do (${counted}, nothing has changed). Use --again to run everything again.` },
    ]);
    return;
  }
  if (result.tasks.length > 1 || result.status !== "done")
    for (const line of taskLines(result.tasks, state, container, output.columns)) output.pieces(line);
  output.pieces([
    { text: `${projectTitle(project)}: `, tone: "strong" },
    { text: projectLook(result.status).word, tone: toneOfState(result.status) },
    { text: `, ${counted}.` },
  ]);
  // One that was followed until Ctrl-C keeps running.
  const running = isRunning(await runnerOf(container, state.lease));
  for (const entry of openEscalations(state)) {
    for (const line of questionText(entry, { now: clock.now(), columns: output.columns, indent: "", running }))
      output.whole(line);
  }
  output.whole([{ text: `Summary: ${store.folderOf(project.project_id)}/SNAPSHOT.md`, tone: "quiet" }]);
}

function taskLines(
  tasks: readonly TaskSummary[],
  state: ProjectState,
  { clock, workspace }: Pick<Container, "clock" | "workspace">,
  columns: number,
): Piece[][] {
  const now = clock.now();
  const words = tasks.map((task) => taskWord(state, task.id, task.state, now));
  const longest = Math.max(0, ...tasks.map((task) => textWidth(task.id)));
  const ids = columns < narrowTerminal ? longest : Math.min(Math.floor(columns / 2), longest);
  const width = Math.max(0, ...words.map(textWidth));
  return tasks.map((task, index) => {
    const folder = task.cwd === undefined ? undefined : shownFolder(workspace, task.cwd);
    return taskLine(task, padToWidth(task.id, ids), padToWidth(words[index] ?? "", width), folder);
  });
}

function taskLine(task: TaskSummary, id: string, word: string, folder: string | undefined): Piece[] {
  const earlier = isOfEarlierTry(task.state);
  const took =
    !earlier && task.started_at !== null && task.ended_at !== null
      ? durationText(Date.parse(task.ended_at) - Date.parse(task.started_at))
      : "";
  const more = [
    took,
    earlier ? "" : endWords(task),
    task.attempts > 1 ? `try ${task.attempts}` : "",
    earlier || task.session_name === null ? "" : shortSession(task.session_name),
    earlier || folder === undefined ? "" : `in ${folder}`,
  ];
  return [
    { text: `${taskMarks[task.state]} ${id}  ${word}`, tone: toneOfState(task.state) },
    { text: more.map((part) => (part === "" ? "" : `  ${part}`)).join(""), tone: "quiet" },
  ];
}
