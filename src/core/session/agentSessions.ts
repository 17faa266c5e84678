import type { AgentCatalog, AgentProfile } from "../model/agentProfile";
import { OrchestratorError } from "../model/errors";
import { LinePattern, StepBudget } from "../model/linePattern";
import { shortSession } from "../model/names";
import type { PlanRole } from "../model/plan";
import type { SessionContext } from "../model/session";
import { type AgentMachine, type ConversationFile, startedWord } from "../ports/agents";
import type { Folders, Ids } from "../ports/machine";
import type { SessionEnd } from "../ports/sessions";
import { stripControlCharacters } from "../safety/controlCharacters";
import { type Conversation, withConversation } from "./agentStart";
import type { SessionEnvironment } from "./callerEnvironment";

/** Coding agents, for whoever starts their sessions. */
export interface AgentWorld {
  readonly agents: AgentCatalog;
  /** Undefined where the sessions run on another machine: nothing is known of it. */
  readonly agentMachine: AgentMachine | undefined;
}

/** The conversation of a session that ended, or why nobody can say which it is: the end of a sentence. */
export type KnownConversation = { readonly id: string } | { readonly unknown: string };

/** A session is started this long after its entry was written, by clocks that may differ a little; milliseconds. */
const clockSlackMs = 2000;
/** What a pattern of a profile may cost for one line. */
const stepsPerLine = 200_000;
/** It becomes a word of a command; whatever else stands there is no id. */
const safeId = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;

/** How the sessions of agents are started, and which conversation is theirs. */
export class AgentSessions {
  constructor(
    private readonly world: AgentWorld,
    private readonly place: {
      readonly ids: Ids;
      readonly folders: Pick<Folders, "resolve" | "isSame">;
      readonly environment: SessionEnvironment | undefined;
    },
  ) {}

  /** A conversation that begins under an id of ours; undefined where the agent takes none. */
  newConversation(role: PlanRole): Conversation | undefined {
    if (this.#profile(role)?.conversation?.given === undefined) return undefined;
    return { id: uuid(this.place.ids.secret(16)), how: "given" };
  }

  /** The role with what starts that conversation. */
  started(role: PlanRole, conversation: Conversation | undefined): PlanRole {
    const profile = this.#profile(role);
    return profile && conversation ? withConversation(role, profile, conversation) : role;
  }

  /** Throws `session_not_ready` where the agent of the role is not on the PATH that its session will have. */
  async requireInstalled(role: PlanRole, name: string, cwd: string): Promise<void> {
    const profile = this.#profile(role);
    const { agentMachine } = this.world;
    const word = profile && startedWord(profile.command);
    const { environment } = this.place;
    if (!profile || !agentMachine || word === undefined || environment?.whole !== true) return;
    const own = role.env.PATH;
    // One that is made of the session's own is found by its shell.
    if (own?.includes("$")) return;
    if ((await agentMachine.programFile(word, own ?? environment.variables.PATH ?? "", cwd)) !== undefined) return;
    throw notInstalled(profile, name, word);
  }

  /** The id that the agent printed at its end; undefined where it did not, or did not end by itself. */
  printed(
    role: PlanRole,
    { exit_code, last_lines = [] }: Pick<SessionEnd, "exit_code" | "last_lines">,
  ): string | undefined {
    const from = this.#profile(role)?.resume?.from;
    // What stands last on the screen of one that was killed may be the model's words.
    if (from === undefined || exit_code !== 0) return undefined;
    const found = last_lines.map((line) => firstGroup(from, stripControlCharacters(line)));
    const id = found.findLast((each) => each !== undefined);
    return id !== undefined && safeId.test(id) ? id : undefined;
  }

  /**
   * The conversation that the session had, where that is certain: an id that it was started with or printed, or its
   * agent's only file that was begun in its folder since it started.
   */
  async conversationOf(known: SessionContext, role: PlanRole): Promise<KnownConversation> {
    const profile = this.#profile(role);
    if (profile?.resume === undefined) return { unknown: "its agent cannot continue a conversation by its id" };
    const { agentMachine } = this.world;
    const kept = profile.conversation;
    if (known.conversation !== undefined) {
      // Of one that nothing was said in yet there is nothing to continue.
      const pattern = kept?.files.replaceAll("{id8}", known.conversation.slice(0, 8));
      const files = await this.#files(profile, role, pattern?.replaceAll("{id}", known.conversation));
      return files?.length === 0 ? { unknown: "nothing was said in it yet" } : { id: known.conversation };
    }
    const { id, cwd, began } = kept ?? {};
    if (kept === undefined || id === undefined || cwd === undefined || began === undefined || !agentMachine)
      return { unknown: `${profile.title} does not tell which one it was` };
    const folder = known.cwd;
    const since = Date.parse(known.started_at ?? "");
    if (folder === undefined || Number.isNaN(since)) return { unknown: "it is not recorded where it was started" };
    const ids: string[] = [];
    for (const file of (await this.#files(profile, role, kept.files)) ?? []) {
      const [at, where, which] = [
        firstGroup(began, file.beginning),
        firstGroup(cwd, file.beginning),
        firstGroup(id, file.path),
      ];
      if (at === undefined || where === undefined || which === undefined || !safeId.test(which)) continue;
      if (Date.parse(at) < since - clockSlackMs) continue;
      if (await this.place.folders.isSame(jsonText(where), folder)) ids.push(which);
    }
    const [only, ...others] = ids;
    if (only === undefined) return { unknown: "nothing was said in it yet" };
    return others.length === 0
      ? { id: only }
      : { unknown: `${ids.length} conversations were begun in its folder since it started` };
  }

  /** Undefined where nobody can look. */
  async #files(
    profile: AgentProfile,
    role: PlanRole,
    pattern: string | undefined,
  ): Promise<readonly ConversationFile[] | undefined> {
    const { agentMachine } = this.world;
    const { environment, folders } = this.place;
    const variables: PlanRole["env"] = { ...environment?.variables, ...role.env };
    const { path, variable } = profile.folder;
    const own = variable === undefined ? undefined : variables[variable];
    if (!agentMachine || pattern === undefined || variables.HOME === undefined) return undefined;
    const folder = own === undefined || own === "" ? folders.resolve(variables.HOME, path) : own;
    return agentMachine.conversationFiles(folder, pattern);
  }

  #profile({ agent }: PlanRole): AgentProfile | undefined {
    return agent && this.world.agents.of(agent.use);
  }
}

/** There is nothing to start. */
function notInstalled({ title, install }: AgentProfile, name: string, word: string): OrchestratorError {
  return new OrchestratorError(
    "session_not_ready",
    `${title} is not installed: ${shortSession(name)} finds no program ${word} on its PATH.`,
    { kind: "install_agent", title, install },
  );
}

function firstGroup(pattern: string, line: string): string | undefined {
  return new LinePattern(pattern, new StepBudget(stepsPerLine)).exec(line)?.[1];
}

/** What stands between the quotes of a JSON string. */
function jsonText(inside: string): string {
  try {
    return String(JSON.parse(`"${inside}"`));
  } catch {
    return inside;
  }
}

/** Version 4 of RFC 9562, of 32 random hex digits. */
function uuid(hex: string): string {
  const variant = "89ab".charAt(Number.parseInt(hex.charAt(16), 16) % 4);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join("-");
}
