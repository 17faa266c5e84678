import { actorName } from "../model/actorName";
import type { EntryDraft } from "../model/entry";
import { sessionReusedEvent } from "../model/entryKinds";
import { hasCode, messageOf, OrchestratorError } from "../model/errors";
import { logicalName, parseLogicalName, shortSession, wireName } from "../model/names";
import type { PlanRole } from "../model/plan";
import type { SessionContext } from "../model/session";
import type { SessionMode } from "../model/states";
import type { Clock, Folders, Ids, Logger } from "../ports/machine";
import type { SessionEnd, SessionServer } from "../ports/sessions";
import { patienceMs, waitsAtPrompt } from "./firstPrompt";
import { AgentSessions, type AgentWorld, type KnownConversation } from "./agentSessions";
import type { Conversation } from "./agentStart";
import { changedVariables } from "./tellingVariables";
import type { OpenSession } from "./openSession";
import type { RoleGate } from "./roleGate";
import { isOurs, isOver, type Loss, lostSentence, ownershipTag } from "./ownership";
import { pause } from "./pause";
import { recordedSize, type SessionSize, sessionSize } from "./sessionSize";
import { expectedMode, roleDefinition } from "./sessionSpec";
import { toldEnd } from "./sessionEnd";
import { reconnectedText, startedText } from "./sessionTexts";
import { SessionStart, type SessionStartOptions, shellSessionOf } from "./sessionStart";
import type { ShellSession } from "./shellSession";
import { advice } from "../model/remedy";

/** The end of a session is seen within this time, or the next number is used. */
const goneMs = 5000;
const goneStepMs = 50;

export interface SessionOpenerOptions extends SessionStartOptions, AgentWorld {
  readonly ids: Ids;
  readonly folders: Folders;
  readonly logger: Logger;
  readonly roles: RoleGate;
  /** The folder that relative paths start from. */
  readonly baseFolder: string;
  /** Address of the server that the project's last run used; absent: it had none. */
  readonly formerServer?: string | undefined;
}

/** Makes the sessions of one project and takes up those that earlier runs left, each only when it is provably ours. */
export class SessionOpener {
  /** Names that are in use by this run, or not to be used by it. */
  readonly #taken = new Set<string>();

  readonly #starts: SessionStart;
  readonly #agents: AgentSessions;

  constructor(private readonly options: SessionOpenerOptions) {
    const { ids, folders, environment } = options;
    this.#agents = new AgentSessions(options, { ids, folders, environment });
    this.#starts = new SessionStart(options);
  }

  /** A session that the record knows, opened again; undefined when it is gone or not ours. */
  async reopen(known: SessionContext, role: PlanRole, signal: AbortSignal): Promise<OpenSession | undefined> {
    const { server, info } = this.options;
    const name = known.session_name;
    if (known.k === undefined || known.wire_name === undefined || isOver(known)) return undefined;
    const sameServer = (known.server_id ?? null) === info.server_id;
    const live = sameServer ? await server.get(known.wire_name, signal) : undefined;
    if (!live || !isOurs(known, live, info)) {
      if (sameServer && !live) await this.#ended(known, role, signal);
      else {
        const loss = sameServer ? "name_taken" : this.#lossOfServer();
        await this.entry(name, role.name, "lost", "lost", lostSentence(name, loss));
      }
      return undefined;
    }
    const shell = this.#shell({ name, wire: live.name, key: known.k, ...recordedSize(known) });
    shell.silence.hadLasted(live.last_output_ms ?? live.last_activity_ms, live.last_news_ms);
    try {
      await shell.open(signal);
    } catch (error) {
      shell.dispose();
      if (!hasCode(error, "session_not_found")) throw error;
      await this.#ended(known, role, signal);
      return undefined;
    }
    this.#taken.add(name);
    return { name, role, shell, mode: known.mode ?? this.#expectedMode(role), startedIn: undefined, busy: true };
  }

  /** A session of the role that an earlier run left and that waits at its prompt. */
  async reuse(role: PlanRole, signal: AbortSignal): Promise<OpenSession | undefined> {
    for (const known of this.options.record.state.sessions.values()) {
      const name = known.session_name;
      if (known.role !== role.name || this.#taken.has(name)) continue;
      this.#taken.add(name);
      const session = await this.#orFree(name, this.reopen(known, role, signal));
      if (!session) {
        this.#taken.delete(name);
        continue;
      }
      const wanted = await this.#orFree(name, this.#wanted(session, known, signal));
      if (wanted) return wanted;
      session.shell.dispose();
    }
    return undefined;
  }

  /** A session that `reopen` gave may be looked at again. */
  letGo(session: OpenSession): void {
    this.#taken.delete(session.name);
  }

  /** Nobody has the name when the work fails that it was taken for, as when a server does not answer for a moment. */
  async #orFree<T>(name: string, work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      this.#taken.delete(name);
      throw error;
    }
  }

  /** Where somebody works, or something hangs, nothing is touched: undefined, and a new one is made. */
  async #wanted(session: OpenSession, known: SessionContext, signal: AbortSignal): Promise<OpenSession | undefined> {
    const { name, role, shell } = session;
    try {
      const { clock } = this.options;
      const starting = known.state === "starting" && clock.now() - Date.parse(known.updated_at) < patienceMs;
      const mode = starting
        ? await this.#starts.firstMode(shell, role, signal)
        : (await waitsAtPrompt(session, this.options.server, signal))
          ? session.mode
          : undefined;
      if (mode === undefined) return undefined;
      if (known.definition !== roleDefinition(role)) {
        await this.end(session, `${shortSession(name)} was ended, because its role changed in the plan.`);
        return undefined;
      }
      if (known.state === "starting")
        await this.entry(
          name,
          role.name,
          "adopted",
          "idle",
          startedText(name, "was started by an earlier run", [mode]),
          { mode },
        );
      else {
        const changed = changedVariables(known.environment, this.options.environment?.fingerprints ?? {});
        await this.entry(name, role.name, sessionReusedEvent, "idle", reconnectedText(name, changed));
      }
      return { ...session, mode };
    } catch (error) {
      shell.dispose();
      if (!hasCode(error, "session_not_found")) throw error;
      await this.#ended(known, role, signal);
      return undefined;
    }
  }

  /** The record has its end already: a person wrote it, or it was restarted under its name. */
  isSettled({ name, shell }: OpenSession): boolean {
    const known = this.options.record.state.sessions.get(name);
    return known !== undefined && (isOver(known) || known.k !== shell.identity.key);
  }

  /**
   * A new session of the role, with the first number from `from` on that is free. `former`: the conversation that its
   * agent continues. `size`: in place of what new sessions have. Throws `RoleHeld`.
   */
  async create(
    role: PlanRole,
    signal: AbortSignal,
    from = 1,
    former?: KnownConversation,
    size: SessionSize = sessionSize(this.options.columns),
  ): Promise<OpenSession> {
    const { folders, project_id, info } = this.options;
    await this.options.roles.enter(role);
    const fingerprints = this.options.environment?.fingerprints ?? {};
    const cwd = folders.resolve(this.options.baseFolder, role.cwd ?? ".");
    if (!(await folders.isFolder(cwd))) {
      throw new OrchestratorError(
        "request_invalid",
        `The folder ${cwd} of the role ${role.name} does not exist.`,
        advice("Create the folder, or correct the role's cwd in the plan."),
      );
    }
    for (let index = from; ; index++) {
      const name = logicalName({ project_id, role: role.name, index });
      if (this.#taken.has(name)) continue;
      this.#taken.add(name);
      const key = this.options.ids.secret(8);
      const wire = wireName({ project_id, role: role.name, index });
      if (await this.#orFree(name, this.#isForeign(name, wire, signal))) continue;
      const conversation: Conversation | undefined =
        former && "id" in former ? { id: former.id, how: "resumed" } : this.#agents.newConversation(role);
      // The key is on disk before the session exists, so that a session found after a crash is provably ours.
      await this.entry(name, role.name, "starting", "starting", `${shortSession(name)} is starting.`, {
        k: key,
        wire_name: wire,
        definition: roleDefinition(role),
        ...startedAgent(role),
        ...(Object.keys(fingerprints).length === 0 ? {} : { environment: fingerprints }),
        ...(conversation === undefined ? {} : { conversation: conversation.id }),
        cwd,
        cols: size.cols,
        ...(info.server_id === null ? {} : { server_id: info.server_id }),
      });
      try {
        await this.#agents.requireInstalled(role, name, cwd);
        const started = this.#agents.started(role, conversation);
        const { shell, mode, pid } = await this.#starts.make(started, { name, wire, key, cwd, size }, signal);
        const what = role.program ?? shell.marks.shell ?? role.shell;
        const text = `${startedText(name, "started", [mode, what, role.cwd])}${conversationText(former)}`;
        await this.entry(name, role.name, "created", "idle", text, { pid, mode });
        return { name, role, shell, mode, startedIn: cwd, busy: true, ...(conversation ? { conversation } : {}) };
      } catch (error) {
        if (!hasCode(error, "session_name_conflict")) {
          await this.entry(
            name,
            role.name,
            "failed",
            "failed",
            `${shortSession(name)} could not be started: ${messageOf(error)}`,
          );
          throw error;
        }
        await this.entry(
          name,
          role.name,
          "failed",
          "lost",
          `${shortSession(name)} could not be started: another session took its name.`,
        );
      }
    }
  }

  /** What has become of the sessions of this run when their server is gone; undefined while it is there. */
  async serverLoss(): Promise<Loss | undefined> {
    try {
      const { server_id } = await this.options.server.info();
      return server_id === this.options.info.server_id ? undefined : "server_restarted";
    } catch (error) {
      if (hasCode(error, "server_unreachable")) return "server_away";
      throw error;
    }
  }

  /** …of those of earlier runs, which another server made than the one of this run. */
  #lossOfServer(): Loss {
    const { formerServer, info } = this.options;
    return formerServer === undefined || formerServer === info.address ? "server_restarted" : "other_server";
  }

  /**
   * Ends a session, with all that runs there, and makes one of the same name and size as its role wants it now; an agent
   * continues its conversation where it is certain which one that was. Throws
   * `RoleHeld` before it ends anything, `request_invalid` where its folder is gone, `session_not_ready`, and what the
   * server throws.
   */
  async restart(known: SessionContext, role: PlanRole, actor: string, signal: AbortSignal): Promise<OpenSession> {
    const { session_name: name } = known;
    await this.options.roles.enter(role);
    // Until it has ended nobody takes it up.
    this.#taken.add(name);
    await this.#endBefore(known, role, actor, signal).finally(() => this.#taken.delete(name));
    const former = role.agent && (await this.conversationOf(known, role));
    return this.create(role, signal, parseLogicalName(name)?.index, former, recordedSize(known));
  }

  /** Which conversation a session of an agent had, by what the record has of that session now. */
  conversationOf(known: SessionContext, role: PlanRole): Promise<KnownConversation> {
    const recorded = this.options.record.state.sessions.get(known.session_name) ?? known;
    return this.#agents.conversationOf(recorded, role);
  }

  /** What an entry says of the conversation of a session that ended. */
  endOfConversation(
    role: PlanRole,
    end: Pick<SessionEnd, "exit_code" | "last_lines">,
  ): Pick<EntryDraft, "conversation"> {
    const id = this.#agents.printed(role, end);
    return id === undefined ? {} : { conversation: id };
  }

  async #endBefore(known: SessionContext, role: PlanRole, actor: string, signal: AbortSignal): Promise<void> {
    const { server, info } = this.options;
    const wire = known.wire_name ?? "";
    const restarting = `${actorName(actor)} is restarting ${shortSession(known.session_name)}.`;
    const live = wire === "" ? undefined : await server.get(wire, signal);
    if (live && isOurs(known, live, info)) {
      await this.options.guard();
      await server.kill(wire, signal);
      // A server may answer before the name is free.
      await waitUntilGone(server, wire, this.options.clock, signal);
    }
    const name = known.session_name;
    const recorded = this.options.record.state.sessions.get(name);
    if (recorded && isOver(recorded)) return;
    if (live) await this.entry(name, role.name, "ended", "exited", restarting);
    else await this.#ended(known, role, signal, ` ${restarting}`);
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
    await this.options.record.append(
      { kind: "session", actor: "engine", session_name: name, role, event, state, text, ...more },
      durability,
    );
  }

  /** A session of that name which is not ours to restart: the next number is used. */
  async #isForeign(name: string, wire: string, signal: AbortSignal): Promise<boolean> {
    const live = await this.options.server.get(wire, signal);
    if (!live) return false;
    const known = this.options.record.state.sessions.get(name);
    const ours = known?.k !== undefined && live.tags.includes(ownershipTag(known.k));
    if (!ours) {
      const text = `The session server has another session named ${shortSession(name)}; using the next number.`;
      await this.options.record.append(
        { kind: "session", actor: "engine", session_name: null, event: "taken", text, wire_name: wire },
        "written",
      );
    }
    return true;
  }

  #shell(identity: ShellSession["identity"]): ShellSession {
    return shellSessionOf(this.options, identity);
  }

  #expectedMode(role: PlanRole): SessionMode {
    return expectedMode(role, this.options.defaultShell);
  }

  /** Its server does not have it any more, and may know how it ended. */
  async #ended(known: SessionContext, role: PlanRole, signal: AbortSignal, then = ""): Promise<void> {
    const { session_name: name, wire_name = "", server_id = null } = known;
    const { server, info } = this.options;
    // Another start of the server may have had another session of that name.
    const end = server_id === info.server_id ? await server.endOf(wire_name, signal) : undefined;
    if (end) {
      const text = `${toldEnd(shortSession(name), end)}${then}`;
      await this.entry(name, role.name, "ended", "exited", text, this.endOfConversation(role, end));
    } else await this.entry(name, role.name, "lost", "lost", `${lostSentence(name, "not_there")}${then}`);
  }
}

/** ` It continues its conversation.` */
function conversationText(former: KnownConversation | undefined): string {
  if (former === undefined) return "";
  if ("id" in former) return " It continues its conversation.";
  return ` It begins a new conversation: ${former.unknown}.`;
}

/** What the record says of the agent that its sessions are started with. */
function startedAgent({ agent, agentTitle }: PlanRole): Pick<EntryDraft, "agent"> {
  if (agent === undefined) return {};
  const { use: name, model } = agent;
  const title = agentTitle === undefined ? {} : { title: agentTitle };
  return { agent: { name, ...title, ...(model === undefined ? {} : { model }) } };
}

async function waitUntilGone(
  server: Pick<SessionServer, "get">,
  wire: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  for (let waited = 0; waited < goneMs; waited += goneStepMs) {
    if (!(await server.get(wire, signal))) return;
    await pause(clock, goneStepMs, signal);
  }
}
