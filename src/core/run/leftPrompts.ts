import type { LeftPrompt } from "../command/agentTyping";
import type { DeliveryStage } from "../command/promptDelivery";
import type { CommandRunner } from "../command/commandRunner";
import type { Ended, StopRequest } from "../command/commandStop";
import { unknownEnd } from "../command/foundEnd";
import { type KnownAgents, typedAgent } from "../command/typedAgent";
import type { Until } from "../command/typingRequest";
import type { ContextEntry } from "../model/entry";
import type { CommandEnd } from "../session/commandEnds";
import type { OpenRecord } from "../record/projectRecord";
import type { OpenSession } from "../session/openSession";
import type { UntilWorld } from "./planUntil";

/** Where a prompt is not among so many, its screen alone tells. */
const newestEntries = 2000;

const notSent: CommandEnd = { outcome: "not_sent", exit_code: null, known_by: "probe", output: undefined };

/** The prompts that a runner which has ended left without a result. */
export class LeftPrompts {
  /** Those that are not at their end, by the id of their command, and how far they have come. */
  readonly #going = new Map<string, { readonly left: LeftPrompt; readonly stage: DeliveryStage }>();

  constructor(
    private readonly record: Pick<OpenRecord, "ledger">,
    private readonly runner: CommandRunner,
    private readonly world: Pick<UntilWorld, "states"> & KnownAgents,
  ) {}

  /**
   * What the agent's screen proves: an end, or undefined where its turn goes on, or it has only to be entered. Nothing is
   * typed.
   */
  async end(
    { shell, mode, role }: OpenSession,
    command: ContextEntry,
    until: Until | undefined,
    signal: AbortSignal | undefined,
  ): Promise<CommandEnd | undefined> {
    const { command_id = "", task_id, input: text = "", typed, entered, screen, ts } = command;
    const before = { typed, timesShown: command.times_shown ?? 0, entered, screen, intendedAt: Date.parse(ts) };
    const agent = typedAgent(role, this.world);
    if (!agent) return unknownEnd;
    const { states } = this.world;
    const stop = signal === undefined ? {} : { signal };
    const left: LeftPrompt = { session: shell, mode, agent, text, ...before, until, states, ...stop };
    const shown = await this.runner.standing(left);
    const worked = await this.#worked(command);
    const standing = shown.is === "unknown" && worked ? ({ is: "taken" } as const) : shown;
    switch (standing.is) {
      case "not_typed":
        return notSent;
      case "over":
        return unknownEnd;
      case "unknown":
        return { ...unknownEnd, why: standing.why, shown: standing.shown };
      case "typed":
      case "entered":
      case "taken":
        // Nobody waits for what a person has typed by hand.
        if (task_id === undefined) return unknownEnd;
        this.#going.set(command_id, { left: { ...left, worked }, stage: standing.is });
        return undefined;
    }
  }

  /** Whether the runner that sent it has seen its agent work since: an agent at rest works only at what it has taken. */
  async #worked({ id, session_name, generation }: ContextEntry): Promise<boolean> {
    const entries = await this.record.ledger.last(newestEntries);
    const sent = entries.findIndex((entry) => entry.id === id);
    return (
      sent >= 0 &&
      entries
        .slice(sent)
        .some(
          (entry) =>
            entry.session_name === session_name &&
            entry.generation === generation &&
            entry.event === "sensed" &&
            entry.state === "working",
        )
    );
  }

  /** Brings one of these to its end; undefined for any other command. Throws CommandLeft. */
  goOn({ command_id = "" }: ContextEntry, request: StopRequest): Promise<Ended> | undefined {
    const going = this.#going.get(command_id);
    return going && this.runner.resume({ ...going.left, ...request }, going.stage);
  }

  /** What the agent has answered in its turn; undefined for any other command, and where that is not over. */
  async said({ command_id = "" }: ContextEntry, { outcome }: CommandEnd): Promise<string | undefined> {
    const going = this.#going.get(command_id);
    if (!going || outcome !== "exited") return undefined;
    const { session, agent, text } = going.left;
    return (await this.runner.said(session, agent, text)).text;
  }
}
