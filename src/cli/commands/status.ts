import { snapshotOf } from "../../core/record/snapshots";
import type { Container } from "../container";
import { terminalLooks } from "../terminalLooks";
import type { ExitCode } from "../../protocol/exitCodes";
import { askServers, trueSessions, withQuestions } from "../../core/session/trueSessions";
import { runnerOf } from "../projectRunner";
import { type AllOptions, withoutArchived } from "../archivedProjects";
import { readProjects } from "../projects";
import { sayServerProblems, toldProblem } from "../serverProblems";
import { neediestFirst } from "../../protocol/needs";
import { type ProjectNow, statusOf, statusText } from "../statusText";

/** What every project and session does, who runs the projects (`driver` in JSON), what needs an answer first. */
export async function showStatus(
  container: Container,
  name: string | undefined,
  options: AllOptions,
): Promise<ExitCode> {
  const { output, clock } = container;
  const all = await readProjects(container, name);
  const read = name === undefined ? withoutArchived(all, options, container) : all;
  const live = await askServers(
    (reference) => container.servers.asReference(reference),
    read,
    terminalLooks(container),
  );
  const code = sayServerProblems(container, read, live);
  const unsorted = await Promise.all(
    read.map(async (each): Promise<ProjectNow> => ({
      project: each.project,
      state: each.state,
      sessions: withQuestions(trueSessions(each, live), each.state),
      runner: await runnerOf(container, each.state.lease),
      server_problem: toldProblem(each, live),
    })),
  );
  const projects = neediestFirst(unsorted, statusOf);
  if (output.json) {
    const documents = projects.map(({ project, state, sessions, runner, server_problem }) => ({
      project: { ...project, status: state.status, ...(state.archived ? { archived: true } : {}) },
      sessions,
      snapshot: snapshotOf(project.project_id, state, project.updated_at),
      driver: runner ?? null,
      ...(server_problem === undefined ? {} : { server_problem }),
    }));
    output.document({ projects: documents });
    return code;
  }
  if (all.length === 0) {
    output.line(`There are no projects in ${container.workspace}.`);
    output.progress([{ text: 'Create one with: wsh-orchestrator do NAME --run "COMMAND"', tone: "quiet" }]);
  }
  const { host } = await container.processes;
  for (const [index, each] of projects.entries()) {
    if (index > 0) output.line();
    for (const line of statusText(each, {
      now: clock.now(),
      host,
      reader: container.actor,
      workspace: container.workspace,
      columns: output.columns,
    }))
      output.pieces(line);
  }
  return code;
}
