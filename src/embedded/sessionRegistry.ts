import { hostname } from "node:os";
import { RequestFailure } from "../adapters/http/requestFailure";
import type { WireCreate, WirePatch, WireSessionInfo } from "../adapters/wsh/wire";
import { sessionNotFound } from "./envelope";
import { checkSessionName, checkTags } from "./names";
import { isExecutable, loginShell, shellCommand, workingDirectory } from "./platform";
import { killSessions } from "./processTree";
import type { PtyEnd } from "./ptyProcess";
import { Session } from "./session";

/** How many ended sessions are remembered. */
const rememberedEnds = 256;
const defaultSize = { rows: 24, cols: 80 };
const maxSize = 1000;

export const clampSize = (value: number): number => Math.min(maxSize, Math.max(1, Math.trunc(value)));

export type RegistryEvent =
  | { readonly event: "session_created"; readonly params: { readonly name: string } }
  | { readonly event: "session_renamed"; readonly params: { readonly old_name: string; readonly new_name: string } }
  | { readonly event: "session_destroyed"; readonly params: { readonly name: string } & PtyEnd }
  | {
      readonly event: "session_tags_changed";
      readonly params: {
        readonly name: string;
        readonly added: string[];
        readonly removed: string[];
        readonly tags: string[];
      };
    };

export interface EndedSession extends PtyEnd {
  readonly name: string;
  readonly pid: number;
  /** ISO 8601. */
  readonly ended_at: string;
  /** Of its screen, oldest first. */
  readonly last_lines: readonly string[];
}

/** All sessions of the server, by name. */
export class SessionRegistry {
  readonly hostname = hostname();
  readonly #maxSessions: number;
  readonly #sessions = new Map<string, Session>();
  readonly #ended = new Map<string, EndedSession>();
  readonly #listeners = new Set<(event: RegistryEvent) => void>();
  #counter = 0;

  constructor(maxSessions: number) {
    this.#maxSessions = maxSessions;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Throws `session_not_found`. */
  get(name: string): Session {
    const session = this.#sessions.get(name);
    if (!session) throw sessionNotFound(name);
    return session;
  }

  has(name: string): boolean {
    return this.#sessions.has(name);
  }

  /** Sessions with any of the tags; all without tags. */
  list(tags: readonly string[] = []): Session[] {
    return [...this.#sessions.values()].filter(
      (session) => tags.length === 0 || tags.some((tag) => session.tags.has(tag)),
    );
  }

  info(session: Session): WireSessionInfo {
    return session.info(this.hostname);
  }

  /** How the last session of this name ended, if that is still known. */
  endOf(name: string): EndedSession | undefined {
    return this.#ended.get(name);
  }

  listen(listener: (event: RegistryEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Everything is checked before anything is started, so a refused create leaves nothing behind. Throws
   * `invalid_session_name`, `session_name_conflict`, `invalid_tag`, `max_sessions_reached`, `session_create_failed`.
   */
  create(request: WireCreate): Session {
    const name = request.name ?? this.#freeName();
    checkSessionName(name);
    if (this.#sessions.has(name)) throw this.#conflict(name);
    checkTags(request.tags ?? []);
    if (this.#sessions.size >= this.#maxSessions) {
      throw new RequestFailure(
        503,
        "max_sessions_reached",
        `There is no room for another session (limit: ${this.#maxSessions}); end one first.`,
      );
    }
    const session = this.#start(name, request);
    this.#sessions.set(name, session);
    this.#tell({ event: "session_created", params: { name } });
    return session;
  }

  /** Applied in the order name, added, removed tags; nothing is changed when anything is wrong. */
  patch(session: Session, change: WirePatch): void {
    const added = change.add_tags ?? [];
    const removed = change.remove_tags ?? [];
    if (change.name !== undefined) checkSessionName(change.name);
    checkTags(added);
    checkTags(removed);
    if (change.name !== undefined) this.rename(session, change.name);
    this.#changeTags(session, added, []);
    this.#changeTags(session, [], removed);
  }

  rename(session: Session, newName: string): void {
    checkSessionName(newName);
    if (this.#sessions.has(newName)) throw this.#conflict(newName);
    const oldName = session.name;
    this.#sessions.delete(oldName);
    this.#sessions.set(newName, session);
    session.name = newName;
    this.#tell({ event: "session_renamed", params: { old_name: oldName, new_name: newName } });
  }

  /** Ends the session with everything that runs in it; resolves when nothing is left. */
  async kill(session: Session): Promise<void> {
    await this.#killAll([session]);
  }

  async close(): Promise<void> {
    await this.#killAll(this.list());
  }

  async #killAll(sessions: readonly Session[]): Promise<void> {
    const ends = sessions.map(
      (session) => new Promise<void>((resolve) => (session.ended ? resolve() : session.listen({ ended: resolve }))),
    );
    await killSessions(sessions.filter((session) => !session.ended).map((session) => session.pid));
    // The system tells of the end a moment after the process is gone.
    await Promise.race([Promise.all(ends), new Promise((resolve) => setTimeout(resolve, 1_000).unref())]);
  }

  #start(name: string, request: WireCreate): Session {
    const failed = (why: string): RequestFailure =>
      new RequestFailure(500, "session_create_failed", `The session could not be started: ${why}.`);
    const env = { ...(request.replace_env === true ? {} : ownEnvironment()), ...request.env };
    completeEnvironment(env);
    const shell = shellCommand(request.command, env);
    if (!isExecutable(shell.file, env)) throw failed(`there is no program ${JSON.stringify(shell.file)}`);
    const cwd = workingDirectory(request.cwd);
    if (cwd === undefined) throw failed("neither its folder nor the home folder exists");
    if (
      Object.entries(env).some(([key, value]) => key === "" || key.includes("=") || `${key}${value}`.includes("\0"))
    ) {
      throw failed("an environment variable contains a NUL byte, or its name is empty or contains =");
    }
    env.PWD = cwd;
    try {
      const session: Session = new Session(
        {
          name,
          file: shell.file,
          args: shell.args,
          command: shell.shown,
          cwd,
          env,
          rows: clampSize(request.rows ?? defaultSize.rows),
          cols: clampSize(request.cols ?? defaultSize.cols),
          tags: request.tags ?? [],
        },
        (end, lastLines) => this.#remove(session, end, lastLines),
      );
      return session;
    } catch (error) {
      throw failed(error instanceof Error ? error.message : String(error));
    }
  }

  #remove(session: Session, end: PtyEnd, last_lines: readonly string[]): void {
    const { name, pid } = session;
    this.#sessions.delete(name);
    this.#ended.delete(name);
    this.#ended.set(name, { name, pid, ...end, ended_at: new Date().toISOString(), last_lines });
    const oldest = this.#ended.keys().next();
    if (this.#ended.size > rememberedEnds && !oldest.done) this.#ended.delete(oldest.value);
    this.#tell({ event: "session_destroyed", params: { name, ...end } });
  }

  #changeTags(session: Session, add: readonly string[], remove: readonly string[]): void {
    const added = [...new Set(add)].filter((tag) => !session.tags.has(tag));
    const removed = [...new Set(remove)].filter((tag) => session.tags.has(tag));
    if (added.length + removed.length === 0) return;
    for (const tag of added) session.tags.add(tag);
    for (const tag of removed) session.tags.delete(tag);
    this.#tell({
      event: "session_tags_changed",
      params: { name: session.name, added, removed, tags: [...session.tags].sort() },
    });
  }

  #freeName(): string {
    while (this.#sessions.has(String(this.#counter))) this.#counter++;
    return String(this.#counter++);
  }

  #conflict(name: string): RequestFailure {
    return new RequestFailure(409, "session_name_conflict", `A session named ${JSON.stringify(name)} already exists.`);
  }

  #tell(event: RegistryEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
}

/** The server's environment, as sessions inherit it whose caller gives none of its own. */
function ownEnvironment(): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) env[name] = value;
  return env;
}

/** What no program does without. */
function completeEnvironment(env: Record<string, string>): void {
  env.TERM ??= "xterm-256color";
  env.SHELL ??= loginShell();
  for (const name of ["HOME", "USER", "LOGNAME", "PATH"]) {
    const own = process.env[name];
    if (own !== undefined) env[name] ??= own;
  }
}
