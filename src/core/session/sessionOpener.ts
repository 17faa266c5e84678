import { abortable } from "../base/async";
import { hash64 } from "../base/hash";
import type { EntryDraft } from "../model/entry";
import { hasCode, messageOf, OrchestratorError } from "../model/errors";
import { logicalName, parseLogicalName, wireName } from "../model/names";
import type { PlanRole } from "../model/plan";
import type { SessionMode } from "../model/states";
import type { SessionContext } from "../model/session";
import type { Clock, Folders, Ids, Logger } from "../ports/machine";
import type { ServerInfo, SessionInfo, SessionServer, SessionSpec } from "../ports/sessions";
import { endsLikePrompt, looksLikePrompt } from "../sense/plainPrompt";
import { integratedSession } from "../sense/shellIntegration";
import type { OpenRecord } from "../record/projectRecord";
import { isOurs, isOver, ownershipTag } from "./ownership";
import { ShellSession } from "./shellSession";

/** Wide, so that lines rarely wrap, and tall enough for a full-screen program. */
export const sessionSize = { rows: 50, cols: 200 };

/**
 * After this long without a prompt somebody should look (shell-marks 5, "never ready"); start-up files of people may
 * take longer, so it is waited on.
 */
const readyMs = 15_000;
const patienceMs = 90_000;
const promptMs = 1000;
/** A prompt that was printed before the stream was open is asked for soon. */
const firstPromptMs = 150;

/** The end of a session is seen within this time, or the next number is used. */
const goneMs = 5000;
const goneStepMs = 50;

/** Waits for Enter before anything is printed, so that a stream can be opened first; its own echo is off until then. */
const gate = "stty -echo; read -r _; stty echo; ";

/** What the integration of a shell does for it, for a program. */
const withToolPath = 'test ! -d "$WO_PATH" || PATH=$PATH:$WO_PATH; unset WO_PATH; ';

export interface OpenSession {
  readonly name: string;
  readonly role: PlanRole;
  readonly shell: ShellSession;
  readonly mode: SessionMode;
  /** The folder that it was started in, until something was typed there. */
  startedIn: string | undefined;
  busy: boolean;
}

export interface SessionOpenerOptions {
  readonly journal: OpenRecord;
  readonly server: SessionServer;
  readonly info: ServerInfo;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly folders: Folders;
  readonly logger: Logger;
  /** Asked before a session is made or ended: rejects once this process may do nothing more. */
  readonly guard: () => Promise<void>;
  readonly project_id: string;
  /** The folder that relative paths start from. */
  readonly baseFolder: string;
  /** Hash of the workspace's path: tells the sessions of two workspaces apart on one server. */
  readonly workspaceTag: string;
  /** Used where a role names none; absent: `$SHELL` of the server. */
  readonly defaultShell: string | undefined;
  /** Given to sessions; absent: they do not run on this machine, or it cannot be reached from there. */
  readonly commandLine?: CommandLinePlace | undefined;
}

/** Where our command line is for what runs in sessions: people and agents there write notes and hand over with it. */
export interface CommandLinePlace {
  /** A folder for their PATH, behind all others. */
  readonly folder: string;
  /** The folder whose record it writes to, wherever it is called. */
  readonly workspace: string;
}

export function projectTag(project_id: string): string {
  return `proj-${project_id}`;
}

/** Makes the sessions of one project and takes up those that earlier runs left, each only when it is provably ours. */
export class SessionOpener {
  /** Names that are in use by this run, or not to be used by it. */
  readonly #taken = new Set<string>();

  constructor(private readonly options: SessionOpenerOptions) {}

  /** A session that the record knows, opened again; undefined when it is gone or not ours. */
  async reopen(known: SessionContext, role: PlanRole, signal: AbortSignal): Promise<OpenSession | undefined> {
    const { server, info } = this.options;
    const name = known.session_name;
    if (known.k === undefined || known.wire_name === undefined || isOver(known)) return undefined;
    const sameServer = (known.server_id ?? null) === info.server_id;
    const live = sameServer ? await server.get(known.wire_name, signal) : undefined;
    if (!live || !isOurs(known, live, info)) {
      await this.entry(
        name,
        role.name,
        "lost",
        "lost",
        `${name} is gone; its server ${live ? "has another session of that name" : "does not have it any more"}.`,
      );
      return undefined;
    }
    const shell = this.#shell({ name, wire: live.name, key: known.k, ...sessionSize });
    try {
      await shell.open(signal);
    } catch (error) {
      shell.dispose();
      if (!hasCode(error, "session_not_found")) throw error;
      await this.#ended(name, role);
      return undefined;
    }
    this.#taken.add(name);
    return { name, role, shell, mode: known.mode ?? this.#expectedMode(role), startedIn: undefined, busy: true };
  }

  /** A session of the role that an earlier run left and that waits at its prompt. */
  async reuse(role: PlanRole, signal: AbortSignal): Promise<OpenSession | undefined> {
    for (const known of this.options.journal.state.sessions.values()) {
      if (known.role !== role.name || this.#taken.has(known.session_name)) continue;
      this.#taken.add(known.session_name);
      const session = await this.reopen(known, role, signal);
      if (!session) {
        this.#taken.delete(known.session_name);
        continue;
      }
      const wanted = await this.#wanted(session, known, signal);
      if (wanted) return wanted;
      session.shell.dispose();
    }
    return undefined;
  }

  /** A session that `reopen` gave may be looked at anew. */
  letGo(session: OpenSession): void {
    this.#taken.delete(session.name);
  }

  /** Where somebody works, or something hangs, nothing is touched: undefined, and a new one is made. */
  async #wanted(session: OpenSession, known: SessionContext, signal: AbortSignal): Promise<OpenSession | undefined> {
    const { name, role, shell } = session;
    try {
      const { clock } = this.options;
      const starting = known.state === "starting" && clock.now() - Date.parse(known.updated_at) < patienceMs;
      const mode = starting
        ? await this.#firstMode(shell, role, signal)
        : (await this.#isIdle(session, signal))
          ? session.mode
          : undefined;
      if (mode === undefined) return undefined;
      if (known.definition !== roleDefinition(role)) {
        await this.end(session, `${name} was ended, because its role has changed.`);
        return undefined;
      }
      if (known.state === "starting")
        await this.entry(name, role.name, "adopted", "idle", readyText(name, mode, "an earlier run started it"), {
          mode,
        });
      else await this.entry(name, role.name, "reused", "idle", `${name} is used again.`);
      return { ...session, mode };
    } catch (error) {
      shell.dispose();
      if (!hasCode(error, "session_not_found")) throw error;
      await this.#ended(name, role);
      return undefined;
    }
  }

  /** The record has its end already: a person wrote it, or somebody made it anew under its name. */
  isSettled({ name, shell }: OpenSession): boolean {
    const known = this.options.journal.state.sessions.get(name);
    return known !== undefined && (isOver(known) || known.k !== shell.identity.key);
  }

  /** A new session of the role, with the first number from `from` on that is free. */
  async create(role: PlanRole, signal: AbortSignal, from = 1): Promise<OpenSession> {
    const { folders, project_id, info } = this.options;
    const cwd = folders.resolve(this.options.baseFolder, role.cwd ?? ".");
    if (!(await folders.isFolder(cwd))) {
      throw new OrchestratorError(
        "request_invalid",
        `The folder ${cwd} of role ${role.name} does not exist.`,
        "Make it, or correct the role's cwd in the plan.",
      );
    }
    for (let index = from; ; index++) {
      const name = logicalName({ project_id, role: role.name, index });
      if (this.#taken.has(name)) continue;
      this.#taken.add(name);
      const key = this.options.ids.secret(8);
      const wire = wireName({ project_id, role: role.name, index });
      if (await this.#isForeign(name, wire, signal)) continue;
      // The key is on disk before the session exists, so that a session found after a crash is provably ours.
      await this.entry(name, role.name, "starting", "starting", `Starts ${name}.`, {
        k: key,
        wire_name: wire,
        definition: roleDefinition(role),
        cwd,
        ...(info.server_id === null ? {} : { server_id: info.server_id }),
      });
      try {
        const live = await this.#createOrAdopt(this.#spec(role, wire, key, cwd), key, signal);
        return await this.#start(role, { name, wire, key, ...sessionSize }, cwd, live.pid, signal);
      } catch (error) {
        if (!hasCode(error, "session_name_conflict")) {
          await this.entry(name, role.name, "failed", "failed", `${name} could not be started: ${messageOf(error)}`);
          throw error;
        }
        await this.entry(
          name,
          role.name,
          "failed",
          "lost",
          `${name} could not be started: somebody else took its name just now.`,
        );
      }
    }
  }

  /** False when the server that the sessions were made on is gone, as far as it can be seen. */
  async hasSameServer(): Promise<boolean> {
    try {
      return (await this.options.server.info()).server_id === this.options.info.server_id;
    } catch (error) {
      if (hasCode(error, "server_unreachable")) return false;
      throw error;
    }
  }

  /**
   * Ends a session, with all that runs there, and makes one of the same name as its role wants it now. Throws
   * `request_invalid` where its folder is gone, `session_not_ready`, and what the server throws.
   */
  async restart(known: SessionContext, role: PlanRole, actor: string, signal: AbortSignal): Promise<OpenSession> {
    const { server, info } = this.options;
    // From now on nobody takes it up.
    this.#taken.add(known.session_name);
    const wire = known.wire_name ?? "";
    const live = wire === "" ? undefined : await server.get(wire, signal);
    if (live && isOurs(known, live, info)) {
      await this.options.guard();
      await server.kill(wire, signal);
      // A server may answer before the name is free.
      await waitUntilGone(server, wire, this.options.clock, signal);
    }
    const name = known.session_name;
    const recorded = this.options.journal.state.sessions.get(name);
    if (!recorded || !isOver(recorded))
      await this.entry(name, role.name, "ended", "exited", `${actor} starts ${name} anew.`);
    this.#taken.delete(name);
    return this.create(role, signal, parseLogicalName(known.session_name)?.index);
  }

  /** Ends a session that nobody needs any more. */
  async end(session: OpenSession, why: string): Promise<void> {
    await this.options.guard();
    await this.options.server.kill(session.shell.identity.wire);
    await this.entry(session.name, session.role.name, "ended", "exited", why);
  }

  async entry(
    name: string | null,
    role: string,
    event: string,
    state: SessionContext["state"],
    text: string,
    more: Partial<EntryDraft> = {},
  ): Promise<void> {
    const durability = event === "starting" ? "synced" : "written";
    await this.options.journal.append(
      { kind: "session", actor: "engine", session_name: name, role, event, state, text, ...more },
      durability,
    );
  }

  /** A session of that name which is not ours to begin anew: the next number is used. */
  async #isForeign(name: string, wire: string, signal: AbortSignal): Promise<boolean> {
    const live = await this.options.server.get(wire, signal);
    if (!live) return false;
    const known = this.options.journal.state.sessions.get(name);
    const ours = known?.k !== undefined && live.tags.includes(ownershipTag(known.k));
    if (!ours) {
      const text = `The name ${name} belongs to somebody else's session; the next number is used.`;
      await this.options.journal.append(
        { kind: "session", actor: "engine", session_name: null, event: "taken", text, wire_name: wire },
        "written",
      );
    }
    return true;
  }

  /**
   * A name that is taken is adopted only when the session carries the proof of this very key: an earlier try of this
   * call made it.
   */
  async #createOrAdopt(spec: SessionSpec, key: string, signal: AbortSignal): Promise<SessionInfo> {
    await this.options.guard();
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
    const integrated =
      role.program === undefined ? integratedSession(shell === undefined ? { key } : { key, shell }) : undefined;
    return {
      name: wire,
      command: `${this.#isGated ? gate : ""}${integrated?.command ?? `${withToolPath}exec ${role.program ?? ""}`}`,
      cwd,
      env: { ...this.#toolEnvironment(), ...role.env, ...integrated?.env },
      ...sessionSize,
      tags: ["wso", this.options.workspaceTag, projectTag(this.options.project_id), ownershipTag(key)],
    };
  }

  #toolEnvironment(): Record<string, string> {
    const { commandLine } = this.options;
    return commandLine === undefined
      ? {}
      : { WO_PATH: commandLine.folder, WSH_ORCHESTRATOR_DIR: commandLine.workspace };
  }

  async #start(
    role: PlanRole,
    identity: ShellSession["identity"],
    cwd: string,
    pid: number | null,
    signal: AbortSignal,
  ): Promise<OpenSession> {
    const { name } = identity;
    const shell = this.#shell(identity);
    try {
      await shell.open(signal);
      await this.#openGate(shell, signal);
      const mode = await this.#firstMode(shell, role, signal);
      await this.entry(name, role.name, "created", "idle", readyText(name, mode), { pid, mode });
      return { name, role, shell, mode, startedIn: cwd, busy: true };
    } catch (error) {
      shell.dispose();
      throw error;
    }
  }

  #shell(identity: ShellSession["identity"]): ShellSession {
    const { server, clock, info } = this.options;
    return new ShellSession(server, clock, identity, info.capabilities.resize);
  }

  /** Where the prompt cannot be asked, the first one must not be missed. */
  get #isGated(): boolean {
    return !this.options.info.capabilities.resize;
  }

  /** At a shell that began already this is an empty line. */
  async #openGate(shell: ShellSession, signal: AbortSignal): Promise<void> {
    if (!this.#isGated) return;
    await this.options.guard();
    await this.options.server.sendInput(shell.identity.wire, "\r", signal);
  }

  async #firstMode(shell: ShellSession, role: PlanRole, signal: AbortSignal): Promise<SessionMode> {
    return role.program === undefined ? this.#shellMode(shell, role, signal) : "program";
  }

  async #ended(name: string, role: PlanRole): Promise<void> {
    await this.entry(name, role.name, "ended", "exited", `${name} has ended.`);
  }

  /**
   * Waits for the first prompt, asking for it when it was missed; a shell that prints none of our marks gets the
   * sentinel.
   */
  async #shellMode(shell: ShellSession, role: PlanRole, signal: AbortSignal): Promise<SessionMode> {
    const { clock, journal } = this.options;
    const { name } = shell.identity;
    const plain = this.#expectedMode(role) === "sentinel";
    const begun = clock.monotonic();
    let told = false;
    for (let wait = firstPromptMs; clock.monotonic() - begun < patienceMs; wait = promptMs) {
      if (!told && clock.monotonic() - begun > readyMs) {
        told = true;
        const shows = shell.lastLine === "" ? await this.#lastRow(shell, signal) : shell.lastLine;
        const text = `The shell of ${name} has not come to a prompt yet${shows === "" ? "" : `; it shows: ${shows}`}.`;
        await journal.append({ kind: "state", actor: "engine", session_name: name, state: "unclear", text }, "written");
      }
      const prompted = plain ? undefined : await shell.cleanPrompt(wait, signal);
      if (shell.over)
        throw new OrchestratorError(
          "session_not_ready",
          `The shell of ${name} ended at once.`,
          `Look at its start-up files; its last line was: ${shell.lastLine}`,
        );
      if (prompted !== undefined) return "marks";
      // Before the probe: any shell draws its prompt again for that.
      const quiet = shell.quietMs ?? wait;
      if (!plain && (await shell.probe(signal))) continue;
      // A prompt that was printed before the stream was open is on the screen only.
      const looks =
        looksLikePrompt(await this.options.server.screen(shell.identity.wire, "plain", signal)) ||
        endsLikePrompt(shell.lastLine);
      if (looks && shell.marks.n === 0 && (plain || quiet >= promptMs)) return "sentinel";
      if (plain) await shell.until(() => shell.over, firstPromptMs, signal);
    }
    throw new OrchestratorError(
      "session_not_ready",
      `The shell of ${name} did not come to a prompt.`,
      `Look at the session; its last line was: ${shell.lastLine}`,
    );
  }

  /** What was printed before the stream was open is on the screen only. */
  async #lastRow(shell: ShellSession, signal: AbortSignal): Promise<string> {
    const { lines } = await this.options.server.screen(shell.identity.wire, "plain", signal);
    return lines.flatMap((line) => (typeof line === "string" && line.trim() !== "" ? [line.trim()] : [])).at(-1) ?? "";
  }

  async #isIdle(session: OpenSession, signal: AbortSignal): Promise<boolean> {
    if (session.mode === "program") return true;
    if (session.mode === "sentinel")
      return looksLikePrompt(await this.options.server.screen(session.shell.identity.wire, "plain", signal));
    if (!(await session.shell.probe(signal))) return false;
    return (await session.shell.cleanPrompt(promptMs, signal)) !== undefined && !session.shell.over;
  }

  #expectedMode(role: PlanRole): SessionMode {
    if (role.program !== undefined) return "program";
    const shell = role.shell ?? this.options.defaultShell;
    return shell === undefined || ["bash", "zsh", "fish"].includes(shell.split("/").at(-1) ?? "")
      ? "marks"
      : "sentinel";
  }
}

async function waitUntilGone(
  server: Pick<SessionServer, "get">,
  wire: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  for (let waited = 0; waited < goneMs; waited += goneStepMs) {
    if (!(await server.get(wire, signal))) return;
    await abortable(new Promise<void>((resolve) => clock.after(goneStepMs, () => resolve())), signal);
  }
}

function readyText(name: string, mode: SessionMode, more = ""): string {
  const facts = [
    `${name} is ready`,
    more,
    mode === "sentinel" ? "its shell has no integration, so commands carry an end mark" : "",
  ];
  return `${facts.filter((fact) => fact !== "").join("; ")}.`;
}

/** A session keeps what it was started with: when the plan wants something else of its role, it is not used again. */
export function roleDefinition(role: PlanRole): string {
  return hash64(
    JSON.stringify([Object.entries(role.env).sort(), role.shell ?? null, role.program ?? null, role.agent ?? null]),
  );
}
