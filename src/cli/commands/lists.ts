import type { SessionContext } from "../../core/model/session";
import { parseLogicalName } from "../../core/model/names";
import type { ChosenServer, SessionInfo } from "../../core/ports/sessions";
import type { Container } from "../container";
import { toneOfState } from "../../protocol/diary";
import { type ExitCode, exitCode } from "../exitCodes";
import { askServers, trueSessions } from "../../core/session/liveSessions";
import { projectTitle, readProjects } from "../projects";
import { isOver } from "../../core/session/ownership";
import { peoplesName } from "../sessionLookup";

export async function listProjects(container: Container): Promise<ExitCode> {
  const { output } = container;
  const projects = (await readProjects(container, undefined)).map(({ project, state }) => ({
    ...project,
    status: state.status,
  }));
  if (output.json) output.document(projects);
  else if (projects.length === 0) output.progress(`There are no projects in ${container.workspace}.`);
  else {
    output.table(
      ["PROJECT", "STATUS", "UPDATED", "GOAL"],
      projects.map((project) => [
        { text: output.stdoutIsTerminal ? projectTitle(project) : project.project_id, tone: "strong" },
        { text: project.status, tone: toneOfState(project.status) },
        { text: project.updated_at, tone: "quiet" },
        { text: project.goal },
      ]),
    );
  }
  return exitCode.done;
}

export interface SessionsOptions {
  readonly all?: boolean;
}

/** Recorded sessions, and with `all` also what else the servers have. */
export async function listSessions(
  container: Container,
  name: string | undefined,
  options: SessionsOptions,
): Promise<ExitCode> {
  const { output } = container;
  const projects = await readProjects(container, name);
  const live = await askServers((reference) => container.servers.asReference(reference), projects);
  // With all of them, a server that does not answer is an error of its own.
  if (!options.all) for (const problem of live.problems) output.progress([{ text: problem, tone: "attention" }]);
  const sessions: SessionContext[] = projects.flatMap((project) => trueSessions(project, live));
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
          sessions.push(foreignContext(container, chosen, info));
      }
    }
  }
  if (output.json) output.document(sessions);
  else if (sessions.length === 0) output.progress("There are no sessions.");
  else {
    output.table(
      ["SESSION", "STATE", "ROLE", "NOW"],
      sessions.map((session) => [
        { text: session.session_name, tone: "active" },
        { text: session.state, tone: toneOfState(session.state) },
        { text: session.role },
        {
          text: (session.next_action === "" ? session.last_signal : session.next_action).replace(/\s+/g, " "),
          tone: "quiet",
        },
      ]),
    );
  }
  return exitCode.done;
}

/** A session that no record of this workspace knows, in the same form; `project_id` is `-` when its name tells none. */
export function foreignContext(
  container: Container,
  { info: server }: ChosenServer,
  info: SessionInfo,
): SessionContext {
  const session_name = peoplesName(info.name);
  const parsed = parseLogicalName(session_name);
  const quiet = info.last_activity_ms;
  return {
    session_name,
    project_id: parsed?.project_id ?? "-",
    agent_id: null,
    role: parsed?.role ?? "",
    state: quiet !== null && quiet < 2000 ? "working" : "unclear",
    next_action: "",
    last_signal: `not ours${info.server === null || info.server === server.hostname ? "" : `, on ${info.server}`}: ${info.command}`,
    updated_at: new Date(container.clock.now() - (quiet ?? 0)).toISOString(),
    wire_name: info.name,
    pid: info.pid,
    ...(server.server_id === null ? {} : { server_id: server.server_id }),
    ours: false,
  };
}
