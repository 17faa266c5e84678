import { hash64 } from "../base/hash";
import type { PlanRole } from "../model/plan";
import type { SessionMode } from "../model/states";
import type { ServerCapabilities, SessionSpec } from "../ports/sessions";
import { integratedSession } from "../sense/shellIntegration";
import { noEnvironment, type SessionEnvironment } from "./callerEnvironment";
import { environmentStart } from "./environmentScript";
import { ownershipTag } from "./ownership";
import type { SessionSize } from "./sessionSize";

/** Waits for Enter before anything is printed, so that a stream can be opened first; its own echo is off until then. */
const gate = "stty -echo; read -r _; stty echo; ";

/** What the integration of a shell does for it, for a program. */
const withToolPath =
  'case :$PATH: in *":$WO_PATH:"*) ;; *) test ! -d "$WO_PATH" || PATH=$PATH:$WO_PATH ;; esac; unset WO_PATH; ';

/** Where our command line is for what runs in sessions: people and agents there write notes and handoff notes with it. */
export interface CommandLinePlace {
  /** A folder for their PATH, behind all others. */
  readonly folder: string;
  /** The folder whose record it writes to, wherever it is called. */
  readonly workspace: string;
}

/** What is the same for all sessions of a project. */
export interface ProjectSessions {
  readonly project_id: string;
  /** Hash of the workspace's path: tells the sessions of two workspaces apart on one server. */
  readonly workspaceTag: string;
  /** Used where a role names none; absent: `$SHELL` of the server. */
  readonly defaultShell: string | undefined;
  /** How wide new sessions are, within `columnLimits`; absent: `defaultColumns`. */
  readonly columns?: number | undefined;
  /** Given to sessions; absent: they do not run as this user on this machine, or cannot reach it. */
  readonly commandLine?: CommandLinePlace | undefined;
  /**
   * Of whoever asks for the sessions: the one that restarts or runs, never the one that started the server. Absent: they
   * have their server's, without what is kept out.
   */
  readonly environment?: SessionEnvironment | undefined;
}

/** Names the session, by its logical name, to what runs in it: who acts from there acts for nobody but itself. */
export const sessionVariable = "WSH_ORCHESTRATOR_SESSION";

export interface NewSession {
  /** The logical name. */
  readonly name: string;
  readonly wire: string;
  /** Of its marks. */
  readonly key: string;
  readonly cwd: string;
  readonly size: SessionSize;
  /** It waits for an Enter before it prints anything. */
  readonly gated: boolean;
}

export function projectTag(project_id: string): string {
  return `proj-${project_id}`;
}

/** What a session of the role is made of. */
export function sessionSpec(
  role: PlanRole,
  { name, wire, key, cwd, size, gated }: NewSession,
  project: ProjectSessions,
  { replacesEnvironment = false }: Pick<ServerCapabilities, "replacesEnvironment">,
): SessionSpec {
  const { commandLine, environment = noEnvironment } = project;
  const shell = role.shell ?? project.defaultShell;
  const integrated =
    role.program === undefined ? integratedSession(shell === undefined ? { key } : { key, shell }) : undefined;
  const start = integrated?.command ?? `${withToolPath}exec ${role.program ?? ""}`;
  const env: Readonly<Record<string, string>> = {
    ...environment.variables,
    ...(commandLine === undefined ? {} : { WO_PATH: commandLine.folder }),
    ...(environment.whole ? extended(role.env, environment.variables) : role.env),
    ...integrated?.env,
    // A role has no say in where its session belongs.
    ...(commandLine === undefined ? {} : { WSH_ORCHESTRATOR_DIR: commandLine.workspace }),
    [sessionVariable]: name,
  };
  const replaces = environment.whole && replacesEnvironment;
  const cleaning = replaces ? undefined : environmentStart(Object.keys(env), environment.whole);
  return {
    name: wire,
    command: `${gated ? gate : ""}${cleaning?.command ?? ""}${start}`,
    cwd,
    env: { ...env, ...cleaning?.env },
    ...(replaces ? { replacesEnvironment: true } : {}),
    ...size,
    tags: ["wso", project.workspaceTag, projectTag(project.project_id), ownershipTag(key)],
  };
}

/**
 * A variable of a role that names itself (`PATH: "bin:$PATH"`) extends what the session would have without it. Nothing
 * else is filled in: a `$` is text.
 */
function extended(env: PlanRole["env"], variables: SessionEnvironment["variables"]): PlanRole["env"] {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => {
      if (!/^[A-Za-z_]\w*$/.test(name)) return [name, value];
      const itself = new RegExp(`\\$(?:${name}(?!\\w)|\\{${name}\\})`, "g");
      return [name, value.replace(itself, () => variables[name] ?? "")];
    }),
  );
}

/** A session keeps what it was started with: when the plan wants something else of its role, it is not used again. */
export function roleDefinition(role: PlanRole): string {
  return hash64(
    JSON.stringify([Object.entries(role.env).sort(), role.shell ?? null, role.program ?? null, role.agent ?? null]),
  );
}

/** How commands will be run in a session of the role, before anything is known of it. */
export function expectedMode(role: PlanRole, defaultShell: string | undefined): SessionMode {
  if (role.program !== undefined) return "program";
  const shell = role.shell ?? defaultShell;
  return shell === undefined || ["bash", "zsh", "fish"].includes(shell.split("/").at(-1) ?? "") ? "marks" : "sentinel";
}
