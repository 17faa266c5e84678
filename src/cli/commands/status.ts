import { countedTasks, taskCountText } from "../../core/model/taskCount";
import { snapshotOf } from "../../core/record/snapshots";
import { type LeaseRecord, openEscalations } from "../../core/model/projectState";
import type { SessionContext } from "../../core/model/session";
import type { Container } from "../container";
import { shortSession } from "../../core/model/names";
import { shortEntryId, toneOfState } from "../../protocol/logLines";
import { type ExitCode, exitCode } from "../exitCodes";
import { askServers, trueSessions, withQuestions } from "../../core/session/trueSessions";
import type { Piece } from "../../protocol/piece";
import { projectTitle, type ReadProject, readProjects } from "../projects";
import { padToWidth, textWidth } from "../../protocol/textWidth";

/** What every project and session does, who runs the projects (`driver` in JSON), the oldest need first. */
export async function showStatus(container: Container, name: string | undefined): Promise<ExitCode> {
  const { output } = container;
  const projects = (await readProjects(container, name)).sort(byNeed);
  const live = await askServers((reference) => container.servers.asReference(reference), projects);
  const runners = await Promise.all(projects.map((each) => runnerOf(container, each.state.lease)));
  for (const problem of live.problems) output.progress([{ text: problem, tone: "attention" }]);
  if (output.json) {
    const all = projects.map((each, index) => ({
      project: { ...each.project, status: each.state.status },
      sessions: withQuestions(trueSessions(each, live), each.state),
      snapshot: snapshotOf(each.project.project_id, each.state, each.project.updated_at),
      driver: runners[index] ?? null,
    }));
    output.document({ projects: all });
    return exitCode.done;
  }
  if (projects.length === 0) {
    output.line(`There are no projects in ${container.workspace}.`);
    output.progress([{ text: 'Make one with: wsh-orchestrator do NAME --run "COMMAND"', tone: "quiet" }]);
  }
  for (const [index, each] of projects.entries()) {
    if (index > 0) output.line();
    describe(container, each, withQuestions(trueSessions(each, live), each.state), runners[index]);
  }
  return exitCode.done;
}

/**
 * Projects that wait for a person come first, the oldest question first; then those that run, then the ones that
 * changed last.
 */
function byNeed(one: ReadProject, other: ReadProject): number {
  const [first, second] = [openEscalations(one.state)[0], openEscalations(other.state)[0]];
  if (first && second) return first.ts.localeCompare(second.ts);
  if (first || second) return first ? -1 : 1;
  const running = Number(other.state.status === "running") - Number(one.state.status === "running");
  return running || other.project.updated_at.localeCompare(one.project.updated_at);
}

export interface Runner {
  readonly holder: string;
  readonly host: string;
  readonly pid: number;
  /** Null when it runs on another host and cannot be asked. */
  readonly alive: boolean | null;
}

async function runnerOf(container: Container, lease: LeaseRecord | undefined): Promise<Runner | undefined> {
  if (!lease) return undefined;
  const processes = await container.processes;
  return { holder: lease.holder, host: lease.host, pid: lease.pid, alive: (await processes.isAlive(lease)) ?? null };
}

function describe(
  container: Container,
  { project, state }: ReadProject,
  sessions: readonly SessionContext[],
  runner: Runner | undefined,
): void {
  const { output } = container;
  output.pieces([
    { text: projectTitle(project), tone: "strong" },
    { text: "  " },
    { text: state.status, tone: toneOfState(state.status) },
    { text: `  ${taskCountText(countedTasks(state.tasks.values()))}` },
    { text: project.goal === "" ? "" : `  ${project.goal}`, tone: "quiet" },
  ]);
  if (runner?.alive === false)
    output.pieces([
      {
        text: `  Its driver (process ${runner.pid}) has ended; go on with: wsh-orchestrator do ${project.project_id}`,
        tone: "attention",
      },
    ]);
  else if (runner)
    output.pieces([{ text: `  driven by ${runner.holder}, process ${runner.pid} on ${runner.host}`, tone: "quiet" }]);
  const nameWidth = Math.max(0, ...sessions.map((session) => textWidth(shortSession(session.session_name))));
  for (const session of sessions) output.pieces(sessionLine(container, session, nameWidth));
  for (const entry of openEscalations(state)) {
    output.whole([{ text: `  ? ${entry.text}`, tone: "attention" }]);
    output.pieces([
      {
        text: `    wsh-orchestrator answer ${shortEntryId(entry.id)} ${entry.options?.join("|") ?? "TEXT"}`,
        tone: "quiet",
      },
    ]);
  }
}

/** `12 s`, `4 min`, `2 h`, `3 d`: the largest unit is enough. */
function agoText(ms: number): string {
  if (ms < 60_000) return `${Math.floor(ms / 1000)} s`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min`;
  return ms < 86_400_000 ? `${Math.floor(ms / 3_600_000)} h` : `${Math.floor(ms / 86_400_000)} d`;
}

function sessionLine(container: Container, session: SessionContext, nameWidth: number): Piece[] {
  const ago = Math.max(0, container.clock.now() - Date.parse(session.updated_at));
  const does = session.next_action === "" ? session.last_signal : session.next_action;
  return [
    { text: `  ${padToWidth(shortSession(session.session_name), nameWidth)}  `, tone: "active" },
    { text: padToWidth(session.state, 9), tone: toneOfState(session.state) },
    { text: ` ${padToWidth(agoText(ago), 6)}  `, tone: "quiet" },
    { text: does.replace(/\s+/g, " ") },
  ];
}
