import type { Clock, Ids } from "../ports/machine";
import { posixShell, unknownShell } from "../ports/safety";
import type { SessionServer } from "../ports/sessions";
import type { TypedForm } from "../sense/typing";
import type { ShellSession } from "../session/shellSession";
import type { AgentTyping, LeftPrompt } from "./agentTyping";
import { CommandStop, type Ended } from "./commandStop";
import { EmptyPrompt } from "./emptyPrompt";
import { KeySending } from "./keySending";
import { MarkedTyping } from "./markedTyping";
import type { ProgramTyping } from "./programTyping";
import type { DeliveryStage } from "./promptDelivery";
import type { PromptStanding } from "./promptStanding";
import { SentinelTyping } from "./sentinelTyping";
import { readsComposer } from "./typedAgent";
import type { Intend, Typed, TypingRequest } from "./typingRequest";

/** The keys of one command and its end, in each kind of session. */
export class CommandTyping {
  readonly #keys: KeySending;
  readonly #stop: CommandStop;
  readonly #prompt: EmptyPrompt;
  readonly #marked: MarkedTyping;
  readonly #sentinel: SentinelTyping;
  #program: Promise<ProgramTyping> | undefined;
  #agent: Promise<AgentTyping> | undefined;

  constructor(
    private readonly server: SessionServer,
    private readonly clock: Clock,
    ids: Ids,
    /** Asked before every key: rejects once this process may type nothing more. */
    guard: () => Promise<void>,
  ) {
    const keys = new KeySending(server, guard);
    this.#keys = keys;
    this.#stop = new CommandStop(server, clock, guard);
    this.#prompt = new EmptyPrompt(server, clock);
    this.#marked = new MarkedTyping(server, this.#prompt, keys, this.#stop, clock, guard);
    this.#sentinel = new SentinelTyping(server, this.#prompt, keys, this.#stop, clock, ids);
  }

  /**
   * Which shell reads what is typed, by its own word and as a policy takes it; `program` where none does. Throws
   * `draft_on_line`, `session_busy`, `session_not_found` where it cannot be asked.
   */
  async reader(request: TypingRequest): Promise<string> {
    const { session, mode } = request;
    if (mode === "program") return "program";
    if (mode === "sentinel") return (await this.#sentinel.plainShell(request)) === "fish" ? "fish" : posixShell;
    if (session.marks.shell === undefined) await this.#prompt.marked(request);
    return session.marks.shell ?? unknownShell;
  }

  /**
   * Throws `draft_on_line`, `session_busy`, `session_not_found`, `request_invalid` (nothing was typed),
   * `server_unreachable`, and what `intend` throws.
   */
  type(request: TypingRequest, form: TypedForm, intend: Intend): Promise<Typed> {
    const { agent } = request;
    if (agent && readsComposer(agent))
      return this.#typingToAgent().then((typing) => typing.type(request, agent, intend));
    if (request.mode === "program") return this.#typingIntoProgram().then((program) => program.type(request, intend));
    return request.mode === "sentinel"
      ? this.#sentinel.type(request, intend)
      : this.#marked.type(request, form, intend);
  }

  /** Most sessions run shells: what types into other programs is loaded for the first of these. */
  #typingIntoProgram(): Promise<ProgramTyping> {
    this.#program ??= import("./programTyping").then(
      (program) => new program.ProgramTyping(this.server, this.#keys, this.#stop, this.clock),
    );
    return this.#program;
  }

  #typingToAgent(): Promise<AgentTyping> {
    this.#agent ??= import("./agentTyping").then(
      (agent) => new agent.AgentTyping(this.server, this.#keys, this.#stop, this.clock),
    );
    return this.#agent;
  }

  /** See `AgentTyping.standing`. */
  async standing(left: LeftPrompt): Promise<PromptStanding> {
    return (await this.#typingToAgent()).standing(left);
  }

  /** See `AgentTyping.said`. */
  async said(...args: Parameters<AgentTyping["said"]>): ReturnType<AgentTyping["said"]> {
    return (await this.#typingToAgent()).said(...args);
  }

  /** See `AgentTyping.resume`. */
  async resume(left: LeftPrompt, stage: DeliveryStage): Promise<Ended> {
    return (await this.#typingToAgent()).resume(left, stage);
  }

  /** See `MarkedTyping.withdraw`. */
  withdraw(session: ShellSession, n: number): Promise<boolean> {
    return this.#marked.withdraw(session, n);
  }

  /** See `SentinelTyping.later`. */
  laterEnd(...args: Parameters<SentinelTyping["later"]>): ReturnType<SentinelTyping["later"]> {
    return this.#sentinel.later(...args);
  }

  /** See `CommandStop.ended`. */
  ended(...args: Parameters<CommandStop["ended"]>): ReturnType<CommandStop["ended"]> {
    return this.#stop.ended(...args);
  }
}
