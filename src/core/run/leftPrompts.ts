import type { LeftPrompt } from "../command/agentTyping";
import type { CommandRunner } from "../command/commandRunner";
import type { Ended, StopRequest } from "../command/commandStop";
import { unknownEnd } from "../command/foundEnd";
import { type KnownAgents, typedAgent } from "../command/typedAgent";
import type { Until } from "../command/typingRequest";
import type { ContextEntry } from "../model/entry";
import type { CommandEnd } from "../session/commandEnds";
import type { OpenSession } from "../session/openSession";
import type { UntilWorld } from "./planUntil";

const notSent: CommandEnd = { outcome: "not_sent", exit_code: null, known_by: "probe", output: undefined };

/** The prompts that a runner which has ended left without a result. */
export class LeftPrompts {
  /** Those that are not at their end, by the id of their command, and how far they have come. */
  readonly #going = new Map<string, { readonly left: LeftPrompt; readonly stage: "typed" | "taken" }>();

  constructor(
    private readonly runner: CommandRunner,
    private readonly world: Pick<UntilWorld, "states"> & KnownAgents,
  ) {}

  /**
   * What the agent's screen proves: an end, or undefined where its turn goes on, or it has only to be entered. Nothing is
   * typed.
   */
  async end(
    { shell, mode, role }: OpenSession,
    { command_id = "", task_id, input: text = "", typed, screen }: ContextEntry,
    until: Until | undefined,
    signal: AbortSignal | undefined,
  ): Promise<CommandEnd | undefined> {
    const agent = typedAgent(role, this.world);
    if (!agent) return unknownEnd;
    const { states } = this.world;
    const stop = signal === undefined ? {} : { signal };
    const left: LeftPrompt = { session: shell, mode, agent, text, typed, screen, until, states, ...stop };
    const standing = await this.runner.standing(left);
    switch (standing.is) {
      case "not_typed":
        return notSent;
      case "over":
        return unknownEnd;
      case "unknown":
        return { ...unknownEnd, why: standing.why, shown: standing.shown };
      case "typed":
      case "taken":
        // Nobody waits for what a person has typed by hand.
        if (task_id === undefined) return unknownEnd;
        this.#going.set(command_id, { left, stage: standing.is });
        return undefined;
    }
  }

  /** Brings one of these to its end; undefined for any other command. Throws CommandLeft. */
  goOn({ command_id = "" }: ContextEntry, request: StopRequest): Promise<Ended> | undefined {
    const going = this.#going.get(command_id);
    return going && this.runner.resume({ ...going.left, ...request }, going.stage);
  }

  /** What the agent has said in its turn; undefined for any other command, and where that is not over. */
  async said({ command_id = "" }: ContextEntry, { outcome }: CommandEnd): Promise<string | undefined> {
    const going = this.#going.get(command_id);
    if (!going || outcome !== "exited") return undefined;
    const { session, agent, text } = going.left;
    return this.runner.said(session, agent, text);
  }
}
