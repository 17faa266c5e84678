import { type Deferred, abortable, deferred } from "../base/async";
import { hash64 } from "../base/hash";
import type { EntryDraft } from "../model/entry";
import { hasCode, messageOf, OrchestratorError } from "../model/errors";
import { logicalName, wireName } from "../model/names";
import type { PlanRole } from "../model/plan";
import type { SessionContext } from "../model/session";
import type { Clock, Folders, Ids, Logger, ServerInfo, SessionInfo, SessionServer, SessionSpec } from "../ports";
import { endsLikePrompt, looksLikePrompt } from "../sense/plainPrompt";
import { integratedSession } from "../sense/shellIntegration";
import type { Journal } from "./journal";
import { type SessionMode, ShellSession } from "./shellSession";

/** Wide, so that lines rarely wrap, and tall enough for a full-screen program. */
export const sessionSize = { rows: 50, cols: 200 };

/** After this long without a prompt somebody should look (shell-marks 5, "never ready"); start-up files of people may take longer, so it is waited on. */
const readyMs = 15_000;
const patienceMs = 90_000;
const promptMs = 1000;
/** A prompt that was printed before the stream was open is asked for soon. */
const firstPromptMs = 150;

export interface OpenSession {
  readonly name: string;
  readonly role: PlanRole;
  readonly shell: ShellSession;
  readonly mode: SessionMode;
  /** Where its next command starts, when that is known. */
  cwd: string | undefined;
  busy: boolean;
}

export interface SessionPoolOptions {
  readonly journal: Journal;
  readonly server: SessionServer;
  readonly info: ServerInfo;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly folders: Folders;
  readonly logger: Logger;
  readonly project_id: string;
  /** The folder that relative paths start from. */
  readonly baseFolder: string;
  /** Hash of the workspace's path: tells the sessions of two workspaces apart on one server. */
  readonly workspaceTag: string;
  readonly maxSessions: number;
  /** Used where a role names none; absent: `$SHELL` of the server. */
  readonly defaultShell: string | undefined;
}

interface Waiter {
  readonly role: PlanRole;
  readonly turn: Deferred<OpenSession>;
}

/** Proof of ownership that a server can show to anybody without telling the key. */
export function ownershipTag(key: string): string {
  return `wo-${hash64(key)}`;
}

export function projectTag(project_id: string): string {
  return `proj-${project_id}`;
}

/** The sessions of one project: made, taken up again, lent to tasks one at a time, never more than `maxSessions`. */
export class SessionPool {
  readonly #sessions: OpenSession[] = [];
  readonly #waiters: Waiter[] = [];
  readonly #taken = new Set<string>();
  #opening = 0;
  #ending: Promise<void> = Promise.resolve();
  #openingRoles: string[] = [];

  constructor(private readonly options: SessionPoolOptions) {}

  get sessions(): readonly OpenSession[] {
    return this.#sessions;
  }

  /** A session of the role, for one task; waits until one is free. Throws what making it throws, or the signal's reason. */
  async acquire(role: PlanRole, signal: AbortSignal): Promise<OpenSession> {
    const waiter: Waiter = { role, turn: deferred() };
    this.#waiters.push(waiter);
    this.#serve(signal);
    try {
      return await abortable(waiter.turn.promise, signal);
    } catch (error) {
      const index = this.#waiters.indexOf(waiter);
      if (index >= 0) this.#waiters.splice(index, 1);
      else waiter.turn.promise.then((session) => this.release(session, true, signal)).catch(() => undefined);
      throw error;
    }
  }

  release(session: OpenSession, usable: boolean, signal: AbortSignal): void {
    session.busy = false;
    if (!usable || session.shell.over || session.shell.marks.exited) {
      this.#drop(session);
      this.#ending = this.#ending.then(() => this.#ended(session)).catch((error: unknown) => this.options.logger.warn(messageOf(error)));
    }
    this.#serve(signal);
  }

  /** Everything that runs here is lost with its server. */
  markLost(): void {
    for (const session of this.#sessions) session.shell.markLost();
  }

  /** Somebody else works there: it is neither used nor touched. */
  leave(session: OpenSession): void {
    this.#drop(session);
  }

  async close(): Promise<void> {
    await this.#ending;
    for (const session of this.#sessions) session.shell.dispose();
    this.#sessions.length = 0;
  }

  /** A session that the record knows, opened again; undefined when it is gone, not ours, or already open. */
  async reopen(known: SessionContext, role: PlanRole, signal: AbortSignal): Promise<OpenSession | undefined> {
    const open = this.#sessions.find((session) => session.name === known.session_name);
    if (open) return open;
    const { server, info } = this.options;
    if (known.k === undefined || known.wire_name === undefined || ["exited", "lost"].includes(known.state)) return undefined;
    const live = known.server_id === info.server_id ? await server.get(known.wire_name, signal) : undefined;
    if (live && (!info.capabilities.tags || live.tags.includes(ownershipTag(known.k)))) {
      const shell = new ShellSession(server, this.options.clock, { name: known.session_name, wire: live.name, key: known.k, rows: live.rows, cols: live.cols });
      await shell.open(signal);
      return this.#add({ name: known.session_name, role, shell, mode: modeOf(role), cwd: undefined, busy: true });
    }
    await this.#sessionEntry(known.session_name, role.name, "lost", "lost", `${known.session_name} is gone; its server ${live ? "has another session of that name" : "does not have it any more"}.`);
    return undefined;
  }

  #serve(signal: AbortSignal): void {
    for (const waiter of [...this.#waiters]) {
      const free = this.#sessions.find((session) => !session.busy && !session.shell.over && session.role.name === waiter.role.name);
      if (free) {
        free.busy = true;
        this.#grant(waiter, free);
      } else if (this.#mayOpen(waiter.role)) {
        this.#remove(waiter);
        this.#opening++;
        this.#openingRoles.push(waiter.role.name);
        this.#make(waiter.role, signal)
          .then((session) => waiter.turn.resolve(session), (error: unknown) => waiter.turn.reject(error))
          .finally(() => {
            this.#opening--;
            this.#openingRoles.splice(this.#openingRoles.indexOf(waiter.role.name), 1);
            this.#serve(signal);
          });
      }
    }
  }

  #grant(waiter: Waiter, session: OpenSession): void {
    this.#remove(waiter);
    waiter.turn.resolve(session);
  }

  #remove(waiter: Waiter): void {
    const index = this.#waiters.indexOf(waiter);
    if (index >= 0) this.#waiters.splice(index, 1);
  }

  #mayOpen(role: PlanRole): boolean {
    const live = this.#sessions.filter((session) => !session.shell.over);
    const ofRole = live.filter((session) => session.role.name === role.name).length + this.#openingRoles.filter((name) => name === role.name).length;
    if (ofRole >= role.count) return false;
    if (live.length + this.#opening < this.options.maxSessions) return true;
    // Room is made by ending a session that nobody waits for.
    return live.some((session) => this.#isSpare(session));
  }

  #isSpare(session: OpenSession): boolean {
    return !session.busy && !this.#waiters.some((waiter) => waiter.role.name === session.role.name);
  }

  async #make(role: PlanRole, signal: AbortSignal): Promise<OpenSession> {
    const live = this.#sessions.filter((session) => !session.shell.over);
    const spare = live.find((session) => this.#isSpare(session));
    if (spare && live.length + this.#opening > this.options.maxSessions) {
      spare.busy = true;
      await this.options.server.kill(spare.shell.identity.wire, signal);
      await this.#sessionEntry(spare.name, spare.role.name, "ended", "exited", `${spare.name} was ended to make room for ${role.name}.`);
      this.#drop(spare);
    }
    const reused = await this.#reuse(role, signal);
    return reused ?? this.#create(role, signal);
  }

  async #reuse(role: PlanRole, signal: AbortSignal): Promise<OpenSession | undefined> {
    for (const known of this.options.journal.state.sessions.values()) {
      if (known.role !== role.name || this.#taken.has(known.session_name) || known.definition !== roleDefinition(role)) continue;
      this.#taken.add(known.session_name);
      const session = await this.reopen(known, role, signal);
      if (!session) {
        this.#taken.delete(known.session_name);
        continue;
      }
      if (await this.#usable(session, signal)) {
        await this.#sessionEntry(session.name, role.name, "reused", "idle", `${session.name} is used again.`);
        return session;
      }
      // Somebody works there, or it hangs: left alone, a new one is made.
      this.#drop(session);
    }
    return undefined;
  }

  async #usable(session: OpenSession, signal: AbortSignal): Promise<boolean> {
    if (session.mode === "sentinel") return looksLikePrompt(await this.options.server.screen(session.shell.identity.wire, "plain", signal));
    if (session.mode === "program") return true;
    if (!(await session.shell.probe(signal))) return false;
    return (await session.shell.cleanPrompt(promptMs, signal)) !== undefined && !session.shell.over;
  }

  async #create(role: PlanRole, signal: AbortSignal): Promise<OpenSession> {
    const { folders, project_id } = this.options;
    const cwd = folders.resolve(this.options.baseFolder, role.cwd ?? ".");
    if (!(await folders.isFolder(cwd))) {
      throw new OrchestratorError("request_invalid", `The folder ${cwd} of role ${role.name} does not exist.`, "Make it, or correct the role's cwd in the plan.");
    }
    for (let index = 1; ; index++) {
      const name = logicalName({ project_id, role: role.name, index });
      if (this.#taken.has(name)) continue;
      this.#taken.add(name);
      const key = this.options.ids.secret(8);
      const wire = wireName({ project_id, role: role.name, index });
      // The key is on disk before the session exists, so that a session found after a crash is provably ours.
      await this.#sessionEntry(name, role.name, "starting", "starting", `Starts ${name}.`, {
        k: key,
        wire_name: wire,
        definition: roleDefinition(role),
        cwd,
        ...(this.options.info.server_id === null ? {} : { server_id: this.options.info.server_id }),
      });
      try {
        const live = await this.#createOrAdopt(this.#spec(role, wire, key, cwd), key, signal);
        return await this.#start(role, name, { name, wire, key, rows: live.rows, cols: live.cols }, cwd, live.pid, signal);
      } catch (error) {
        if (!hasCode(error, "session_name_conflict")) {
          await this.#sessionEntry(name, role.name, "failed", "failed", `${name} could not be started: ${messageOf(error)}`);
          throw error;
        }
        await this.#sessionEntry(name, role.name, "taken", "exited", `The name ${name} belongs to somebody else's session; the next number is used.`);
      }
    }
  }

  /** A name that is taken is adopted only when the session carries the proof of this very key: an earlier try of this call made it. */
  async #createOrAdopt(spec: SessionSpec, key: string, signal: AbortSignal): Promise<SessionInfo> {
    try {
      return await this.options.server.create(spec, signal);
    } catch (error) {
      if (!hasCode(error, "session_name_conflict")) throw error;
      const live = await this.options.server.get(spec.name, signal);
      if (live?.tags.includes(ownershipTag(key))) return live;
      throw error;
    }
  }

  #spec(role: PlanRole, wire: string, key: string, cwd: string): SessionSpec {
    const shell = role.shell ?? this.options.defaultShell;
    const integrated = role.program === undefined ? integratedSession(shell === undefined ? { key } : { key, shell }) : undefined;
    return {
      name: wire,
      command: integrated?.command ?? `exec ${role.program ?? ""}`,
      cwd,
      env: { ...role.env, ...integrated?.env },
      ...sessionSize,
      tags: ["wso", this.options.workspaceTag, projectTag(this.options.project_id), ownershipTag(key)],
    };
  }

  async #start(role: PlanRole, name: string, identity: ShellSession["identity"], cwd: string, pid: number | null, signal: AbortSignal): Promise<OpenSession> {
    const shell = new ShellSession(this.options.server, this.options.clock, identity);
    try {
      await shell.open(signal);
      const mode = role.program === undefined ? await this.#shellMode(shell, role, signal) : "program";
      await this.#sessionEntry(name, role.name, "created", "idle", `${name} is ready${mode === "sentinel" ? "; its shell has no integration, so commands carry an end mark" : ""}.`, { pid });
      return this.#add({ name, role, shell, mode, cwd, busy: true });
    } catch (error) {
      shell.dispose();
      throw error;
    }
  }

  /** Waits for the first prompt, asking for it when it was missed; a shell without marks gets the sentinel. */
  async #shellMode(shell: ShellSession, role: PlanRole, signal: AbortSignal): Promise<SessionMode> {
    if (isPlainShell(role.shell ?? this.options.defaultShell)) {
      await shell.until(() => (shell.over || endsLikePrompt(shell.lastLine) ? true : undefined), readyMs, signal);
      return "sentinel";
    }
    const { clock } = this.options;
    const begun = clock.monotonic();
    let told = false;
    let wait = firstPromptMs;
    while (clock.monotonic() - begun < patienceMs) {
      if (!told && clock.monotonic() - begun > readyMs) {
        told = true;
        await this.#stateEntry(shell.identity.name, "unclear", `The shell of ${shell.identity.name} has not come to a prompt yet${shell.lastLine === "" ? "" : `; it shows: ${shell.lastLine}`}.`);
      }
      if ((await shell.cleanPrompt(wait, signal)) !== undefined) {
        if (!shell.over) return "marks";
        throw new OrchestratorError("session_not_ready", `The shell of ${shell.identity.name} ended at once.`, `Look at its start-up files; its last line was: ${shell.lastLine}`);
      }
      wait = promptMs;
      if (await shell.probe(signal)) continue;
      if (shell.marks.n === 0 && endsLikePrompt(shell.lastLine) && (shell.quietMs ?? 0) > promptMs) return "sentinel";
    }
    throw new OrchestratorError("session_not_ready", `The shell of ${shell.identity.name} did not come to a prompt.`, `Look at the session; its last line was: ${shell.lastLine}`);
  }

  async #stateEntry(name: string, state: SessionContext["state"], text: string): Promise<void> {
    await this.options.journal.append({ kind: "state", actor: "engine", session_name: name, state, text }, "written");
  }

  #add(session: OpenSession): OpenSession {
    this.#taken.add(session.name);
    this.#sessions.push(session);
    return session;
  }

  #drop(session: OpenSession): void {
    const index = this.#sessions.indexOf(session);
    if (index < 0) return;
    this.#sessions.splice(index, 1);
    session.shell.dispose();
  }

  /** Writes down how a session came to its end. */
  async #ended({ name, role, shell }: OpenSession): Promise<void> {
    const code = shell.marks.exited?.status ?? shell.over?.exit_code;
    if (shell.over?.lost) await this.#sessionEntry(name, role.name, "lost", "lost", `${name} is gone with its server.`);
    else await this.#sessionEntry(name, role.name, "ended", "exited", code == null ? `${name} has ended.` : `${name} has ended with code ${code}.`);
  }

  async #sessionEntry(
    name: string,
    role: string,
    event: string,
    state: SessionContext["state"],
    text: string,
    more: Pick<EntryDraft, "k" | "wire_name" | "server_id" | "definition" | "cwd" | "pid"> = {},
  ): Promise<void> {
    const durability = event === "starting" ? "synced" : "written";
    await this.options.journal.append({ kind: "session", actor: "engine", session_name: name, role, event, state, text, ...more }, durability);
  }
}

function modeOf(role: PlanRole): SessionMode {
  if (role.program !== undefined) return "program";
  return isPlainShell(role.shell) ? "sentinel" : "marks";
}

/** A session keeps what it was started with: when the plan wants something else of its role, it is not used again. */
function roleDefinition(role: PlanRole): string {
  return hash64(JSON.stringify([Object.entries(role.env).sort(), role.shell ?? null, role.program ?? null, role.agent ?? null]));
}

/** A shell that the integration does not know, named by a role or setting. */
function isPlainShell(shell: string | undefined): boolean {
  return shell !== undefined && !["bash", "zsh", "fish"].includes(shell.split("/").at(-1) ?? "");
}
