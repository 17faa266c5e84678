import { OrchestratorError } from "../model/errors";
import type { Plan } from "../model/plan";
import type { ProjectContext } from "../model/project";
import { withAgent } from "./agentStart";
import { SessionOpener, type SessionOpenerOptions } from "./sessionOpener";

export interface RestartRequest extends Pick<
  SessionOpenerOptions,
  | "record"
  | "server"
  | "info"
  | "clock"
  | "ids"
  | "folders"
  | "logger"
  | "workspaceTag"
  | "defaultShell"
  | "commandLine"
  | "environment"
  | "roles"
  | "agents"
  | "agentMachine"
> {
  readonly project: ProjectContext;
  /** As it stands in the record; undefined when there is none. */
  readonly plan: Plan | undefined;
  readonly session_name: string;
  readonly actor: string;
}

/**
 * Ends a session, with all that runs there, and makes one of the same name as the plan wants its role now; gives its
 * name. Whoever runs the project takes it up like any session that waits at its prompt. Throws `session_not_found`
 * for a name that the record does not know, and as `SessionOpener.restart`.
 */
export async function restartSession(request: RestartRequest, signal: AbortSignal): Promise<string> {
  const {
    record,
    server,
    info,
    clock,
    ids,
    folders,
    logger,
    project,
    plan,
    workspaceTag,
    defaultShell,
    commandLine,
    environment,
    roles,
    agents,
    agentMachine,
    session_name,
    actor,
  } = request;
  const known = record.state.sessions.get(session_name);
  if (!known)
    throw new OrchestratorError("session_not_found", `${project.name} has no session ${session_name}.`, {
      kind: "choose_session",
      known: [...record.state.sessions.keys()],
    });
  const planned = plan?.roles.find((each) => each.name === known.role) ?? { name: known.role, env: {}, count: 1 };
  const role = withAgent(planned, agents);
  const { project_id, default_cwd: baseFolder } = project;
  const opener = new SessionOpener({
    record,
    server,
    info,
    clock,
    ids,
    folders,
    logger,
    guard: () => Promise.resolve(),
    project_id,
    baseFolder,
    formerServer: project.server?.address,
    workspaceTag,
    defaultShell,
    commandLine,
    environment,
    roles,
    agents,
    agentMachine,
  });
  const session = await opener.restart(known, role, actor, signal);
  session.shell.dispose();
  return session.name;
}
