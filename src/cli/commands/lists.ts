import type { SessionContext } from "../../core/model/session";
import type { Container } from "../container";
import { terminalLooks } from "../terminalLooks";
import { toneOfState } from "../../protocol/logLines";
import { type ExitCode, exitCode } from "../../protocol/exitCodes";
import { foreignContext } from "../../core/session/foreignContext";
import { askServers, trueSessions, withQuestions } from "../../core/session/trueSessions";
import { type AllOptions, withoutArchived } from "../archivedProjects";
import { sayServerProblems } from "../serverProblems";
import { projectTitle, readProjects } from "../projects";
import { agentWords } from "../../protocol/agentWords";
import { ageText } from "../../protocol/ageText";
import { placeOfRest, projectLook, sessionPlace } from "../../protocol/stateLook";
import { doing, isGuessed, sessionWord, sessionWords } from "../statusText";
import { isOver } from "../../core/session/ownership";

/** On a terminal with ages for people; else with whole ids and times, for other programs. The words are the same. */
export async function listProjects(container: Container, options: AllOptions): Promise<ExitCode> {
  const { output } = container;
  const forPeople = output.stdoutIsTerminal;
  const now = container.clock.now();
  const read = await readProjects(container, undefined);
  const projects = withoutArchived(read, options, container).map(({ project, state }) => ({
    ...project,
    status: state.status,
    ...(state.archived ? { archived: true } : {}),
  }));
  if (output.json) output.document(projects);
  else if (read.length === 0) output.progress(`There are no projects in ${container.workspace}.`);
  else {
    output.table(
      ["PROJECT", "STATUS", "UPDATED", "GOAL"],
      projects.map((project) => [
        { text: forPeople ? projectTitle(project) : project.project_id, tone: "strong" },
        {
          text: `${projectLook(project.status).word}${project.archived ? ", archived" : ""}`,
          tone: toneOfState(project.status),
        },
        { text: forPeople ? ageText(project.updated_at, now) : project.updated_at, tone: "quiet" },
        { text: project.goal },
      ]),
    );
  }
  return exitCode.done;
}

export interface SessionsOptions {
  readonly all?: boolean;
}

/** Recorded sessions, and with `all` also what else the servers have; those that need a person first. */
export async function listSessions(
  container: Container,
  name: string | undefined,
  options: SessionsOptions,
): Promise<ExitCode> {
  const { output } = container;
  const forPeople = output.stdoutIsTerminal;
  const now = container.clock.now();
  const projects = await readProjects(container, name);
  const live = await askServers(
    (reference) => container.servers.asReference(reference),
    projects,
    terminalLooks(container),
  );
  // With all of them, a server that does not answer is an error of its own.
  const code = sayServerProblems(container, projects, live, options.all ? "unasked" : "all");
  const sessions: SessionContext[] = projects.flatMap((project) =>
    withQuestions(trueSessions(project, live), project.state),
  );
  if (options.all) {
    const known = new Set(
      sessions
        .filter((session) => !isOver(session))
        .map((session) => `${session.server_id ?? ""} ${session.wire_name ?? ""}`),
    );
    const servers = await container.servers.running(
      projects.flatMap(({ project }) => (project.server ? [project.server] : [])),
    );
    for (const chosen of servers) {
      for (const info of await chosen.server.list()) {
        if (!known.has(`${chosen.info.server_id ?? ""} ${info.name}`))
          sessions.push(foreignContext(chosen, info, container.clock.now()));
      }
    }
  }
  sessions.sort((one, other) => placeOf(one) - placeOf(other));
  if (output.json) output.document(sessions);
  else if (sessions.length === 0)
    output.progress(options.all ? "There are no sessions." : "There are no sessions of this workspace.");
  else {
    const agents = sessions.some((session) => agentWords(session) !== "");
    output.table(
      ["SESSION", "STATE", ...(forPeople ? [] : ["ROLE"]), ...(agents ? ["AGENT"] : []), "NOW"],
      sessions.map((session) => [
        { text: session.session_name, tone: "active" },
        {
          text: forPeople ? sessionWords(session, now) : sessionWord(session),
          tone: toneOfState(session.state),
        },
        // On a terminal the name says it.
        ...(forPeople ? [] : [{ text: session.role }]),
        ...(agents ? [{ text: agentWords(session) }] : []),
        { text: doing(session), tone: "quiet" },
      ]),
    );
  }
  // The server that was asked for by its address is the only one, and it said nothing.
  const unanswered = container.askedServer !== undefined && live.views.size === 0 && live.problems.size > 0;
  return unanswered ? exitCode.noServer : code;
}

function placeOf(session: SessionContext): number {
  return isGuessed(session) ? placeOfRest : sessionPlace(session);
}
