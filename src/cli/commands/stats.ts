import type { Figures, ProjectFigures } from "../../core/record/figureTallies";
import { plural } from "../../core/model/sentences";
import type { Piece } from "../../protocol/piece";
import { answerTimes, figureGaps, timeText } from "../../protocol/figuresText";
import { FiguresOfRecord } from "../../viewing/figuresOfRecord";
import type { Container } from "../container";
import { type ExitCode, exitCode } from "../../protocol/exitCodes";
import { ownSampleFacts } from "../recordedScreen";
import { reportWarning, asOrchestratorError } from "../failure";
import { isRunning, runnerOf } from "../projectRunner";
import { openProject } from "../projects";
import { sinceTime } from "../sinceTime";

export interface StatsOptions {
  readonly since?: string;
}

/** What people said of sessions that no project has: no log has it, and only their samples say so. */
interface WrongElsewhere {
  readonly false_alarms: number;
  readonly missed_waits: number;
}

interface FiguresOfProject extends ProjectFigures {
  readonly project_id: string;
}

/** How long the sessions of one project, or of all, worked and waited, and how soon people answered: by their logs. */
export async function showStats(
  container: Container,
  name: string | undefined,
  { since }: StatsOptions,
): Promise<ExitCode> {
  const { output, clock } = container;
  const from = since === undefined ? undefined : sinceTime(since, clock.now());
  const projects: FiguresOfProject[] = [];
  let code: ExitCode = exitCode.done;
  for (const id of name === undefined ? await container.store.list() : [name]) {
    try {
      projects.push(await figuresOf(container, id, from));
    } catch (error) {
      if (name !== undefined) throw error;
      reportWarning(asOrchestratorError(error), output);
      code = exitCode.failed;
    }
  }
  const elsewhere = name === undefined ? await wrongElsewhere(container, from) : undefined;
  if (output.json) {
    output.document({ projects, ...(elsewhere ? { of_no_project: elsewhere } : {}) });
    return code;
  }
  if (projects.length === 0) output.progress(`There are no projects in ${container.workspace}.`);
  for (const [index, each] of projects.entries()) {
    if (index > 0 && output.stdoutIsTerminal) output.line();
    print(container, each);
  }
  if (elsewhere && elsewhere.false_alarms > 0)
    output.progress(`${plural(elsewhere.false_alarms, "false alarm")} in sessions of no project, by your samples.`);
  return code;
}

async function wrongElsewhere({ env }: Container, since = -Infinity): Promise<WrongElsewhere> {
  let [false_alarms, missed_waits] = [0, 0];
  // A sample that cannot be read counts for nothing here; `explain --test` says it.
  for (const { frame, expected } of await ownSampleFacts(env)) {
    const { project_id, told, recorded_at } = frame ?? {};
    if (project_id !== null || !told || !(Date.parse(recorded_at ?? "") >= since)) continue;
    const waits = expected?.startsWith("waiting") === true;
    if (told.state === "waiting" && !waits) false_alarms++;
    else if (told.state !== "waiting" && waits) missed_waits++;
  }
  return { false_alarms, missed_waits };
}

async function figuresOf(container: Container, name: string, since: number | undefined): Promise<FiguresOfProject> {
  const ledger = await openProject(container, name);
  try {
    const figures = await new FiguresOfRecord(ledger, container.clock, since).read(async (lease) =>
      isRunning(await runnerOf(container, lease)),
    );
    return { project_id: ledger.project_id, ...figures };
  } finally {
    await ledger.close();
  }
}

const header = [
  "WHO",
  "WORKING",
  "WAITING",
  "LIMITED",
  "ASKED",
  "ANSWERED",
  "HALF WITHIN",
  "95% WITHIN",
  "FALSE ALARMS",
];

/** On a terminal with what the figures do not have; else only rows, each with its project, for other programs. */
function print({ output }: Container, project: FiguresOfProject): void {
  const forPeople = output.stdoutIsTerminal;
  const { project_id, from, total, by_role, by_program } = project;
  if (forPeople) {
    const since = from === null ? "no entries" : `since ${from.slice(0, 16).replace("T", " ")} UTC`;
    output.whole([
      { text: project_id, tone: "strong" },
      { text: `, ${since}`, tone: "quiet" },
    ]);
  }
  const rows: (readonly Piece[])[] = [
    row("all sessions", total, "strong"),
    ...by_role.map(({ role, ...figures }) => row(`role ${role === "" ? "unknown" : role}`, figures)),
    ...by_program.map(({ program, ...figures }) => row(program ?? "commands and shells", figures)),
  ];
  output.table(header, forPeople ? rows : rows.map((each) => [{ text: project_id }, ...each]), true);
  for (const gap of forPeople ? figureGaps(project) : []) output.whole([{ text: gap, tone: "quiet" }]);
}

function row(who: string, figures: Figures, tone: Piece["tone"] = "plain"): readonly Piece[] {
  const { working_ms, waiting_ms, limited_ms, questions, false_alarms } = figures;
  const { p50, p95 } = answerTimes(figures);
  return [
    { text: who, tone },
    { text: timeText(working_ms) },
    { text: timeText(waiting_ms) },
    { text: timeText(limited_ms) },
    { text: String(questions.asked) },
    { text: String(questions.answered) },
    { text: p50 },
    { text: p95 },
    { text: String(false_alarms) },
  ];
}
