import { hasCode } from "../model/errors";
import type { PlanRole } from "../model/plan";
import { durationText } from "../model/sentences";
import type { SessionMode } from "../model/states";
import type { Clock } from "../ports/machine";
import type { ServerInfo, SessionEnd, SessionInfo, SessionServer } from "../ports/sessions";
import type { OpenRecord } from "../record/projectRecord";
import type { AgentWorld } from "./agentSessions";
import { failedStart, isMultiplexer, noPrompt, slowStart, type StartedProgram } from "./failedStart";
import { firstMode, patienceMs } from "./firstPrompt";
import { ownershipTag } from "./ownership";
import { expectedMode, type NewSession, type ProjectSessions, sessionSpec } from "./sessionSpec";
import { sessionState } from "./sessionState";
import { ShellSession } from "./shellSession";

export interface SessionStartOptions extends ProjectSessions, Pick<AgentWorld, "agents"> {
  readonly record: OpenRecord;
  readonly server: SessionServer;
  readonly info: ServerInfo;
  readonly clock: Clock;
  /** Asked before a session is made or ended: rejects once this process may do nothing more. */
  readonly guard: () => Promise<void>;
}

type Made = Omit<NewSession, "gated">;

/** What a session that has begun is known by. */
export interface BegunSession {
  readonly shell: ShellSession;
  readonly mode: SessionMode;
  readonly pid: number | null;
}

/** Makes a session and sees it begin, or says why it did not. */
export class SessionStart {
  constructor(private readonly options: SessionStartOptions) {}

  /** Throws `session_not_ready` with what was started, how it ended and what to do, and what the server throws. */
  async make(role: PlanRole, made: Made, signal: AbortSignal): Promise<BegunSession> {
    // Where the prompt cannot be asked, the first one must not be missed.
    const gated = !this.options.info.capabilities.resize;
    try {
      return await this.#make(role, { ...made, gated }, signal);
    } catch (error) {
      if (!hasCode(error, "session_not_found")) throw error;
      const end = await this.options.server.endOf(made.wire, signal);
      if (end || gated) throw this.#failed(made.name, role, end, "");
      // It ended before anybody could look, and its server tells nothing of it: once more, with the stream open first.
      return await this.#make(role, { ...made, gated: true }, signal);
    }
  }

  /** The first prompt of a session that has begun. Throws `session_not_ready`. */
  async firstMode(shell: ShellSession, role: PlanRole, signal: AbortSignal): Promise<SessionMode> {
    const { server, clock, record, defaultShell } = this.options;
    const { name, wire } = shell.identity;
    const expected = expectedMode(role, defaultShell);
    const slow = async (shows: string): Promise<void> => {
      const text = slowStart(name, shows, await this.#inFront(wire, role, signal));
      const { state } = sessionState({ ...shell.signals(expected === "marks"), overdue: true });
      await record.append({ kind: "state", actor: "engine", session_name: name, state, text }, "written");
    };
    const ended = async (): Promise<Error> => {
      const end = await server.endOf(wire, signal);
      return this.#failed(name, role, { exit_code: shell.over?.exit_code ?? null, ...end }, shell.lastLine);
    };
    const foreground = (): Promise<string | undefined> => this.#inFront(wire, role, signal);
    const without = (front: string | undefined, within?: string): Error =>
      noPrompt(name, this.#program(role), {
        shows: shell.lastLine,
        foreground: front,
        ...(within === undefined ? {} : { within }),
      });
    const never = async (): Promise<Error> => without(await foreground(), durationText(patienceMs));
    const mode = await firstMode(shell, expected, { server, clock, slow, ended, never }, signal);
    if (mode === "sentinel" && expected === "marks") {
      const front = await foreground();
      if (front !== undefined && isMultiplexer(front)) throw without(front);
    }
    return mode;
  }

  async #make(role: PlanRole, made: NewSession, signal: AbortSignal): Promise<BegunSession> {
    const { pid } = await this.#createOrAdopt(role, made, signal);
    const { name, wire, key, size } = made;
    const shell = shellSessionOf(this.options, { name, wire, key, ...size });
    try {
      await shell.open(signal);
      if (made.gated) await this.#openGate(wire, signal);
      return { shell, mode: await this.firstMode(shell, role, signal), pid };
    } catch (error) {
      shell.dispose();
      throw error;
    }
  }

  /**
   * A name that is taken is adopted only when the session carries the proof of this very key: an earlier try of this
   * call made it.
   */
  async #createOrAdopt(role: PlanRole, made: NewSession, signal: AbortSignal): Promise<SessionInfo> {
    const { server, info, guard } = this.options;
    await guard();
    try {
      return await server.create(sessionSpec(role, made, this.options, info.capabilities), signal);
    } catch (error) {
      if (!hasCode(error, "session_name_conflict")) throw error;
      const live = await server.get(made.wire, signal);
      if (live?.tags.includes(ownershipTag(made.key))) return live;
      throw error;
    }
  }

  /** At a shell that began already this is an empty line. */
  async #openGate(wire: string, signal: AbortSignal): Promise<void> {
    await this.options.guard();
    await this.options.server.sendInput(wire, "\r", signal);
  }

  /** The program that stands between the shell and its prompt; undefined when that is the shell itself, or unknown. */
  async #inFront(wire: string, role: PlanRole, signal: AbortSignal): Promise<string | undefined> {
    const foreground = (await this.options.server.terminalMode(wire, signal))?.foreground;
    const { text } = this.#program(role);
    return foreground === undefined || foreground === text?.split("/").at(-1) ? undefined : foreground;
  }

  #program(role: PlanRole): StartedProgram {
    const { defaultShell, environment, agents } = this.options;
    const agent = role.agent && agents.of(role.agent.use);
    if (role.program !== undefined) return { kind: "program", text: role.program, ...(agent ? { agent } : {}) };
    return { kind: "shell", text: role.shell ?? defaultShell ?? environment?.variables.SHELL };
  }

  #failed(name: string, role: PlanRole, end: SessionEnd | undefined, lastLine: string): Error {
    const lines = end?.last_lines ?? (lastLine === "" ? [] : [lastLine]);
    return failedStart(name, this.#program(role), { exit_code: end?.exit_code ?? null, lines });
  }
}

export function shellSessionOf(
  { server, clock, info }: Pick<SessionStartOptions, "server" | "clock" | "info">,
  identity: ShellSession["identity"],
): ShellSession {
  return new ShellSession(server, clock, identity, info.capabilities.resize);
}
