import type { Clock, Ids } from "../ports/machine";
import { posixShell, unknownShell } from "../ports/safety";
import type { SessionServer } from "../ports/sessions";
import type { TypedForm } from "../sense/typing";
import type { ShellSession } from "../session/shellSession";
import { CommandStop } from "./commandStop";
import { EmptyPrompt } from "./emptyPrompt";
import { KeySending } from "./keySending";
import { MarkedTyping } from "./markedTyping";
import { ProgramTyping } from "./programTyping";
import { SentinelTyping } from "./sentinelTyping";
import type { Intend, Typed, TypingRequest } from "./typingRequest";

/** The keys of one command and its end, in each kind of session. */
export class CommandTyping {
  readonly #stop: CommandStop;
  readonly #prompt: EmptyPrompt;
  readonly #marked: MarkedTyping;
  readonly #sentinel: SentinelTyping;
  readonly #program: ProgramTyping;

  constructor(
    server: SessionServer,
    clock: Clock,
    ids: Ids,
    /** Asked before every key: rejects once this process may type nothing more. */
    guard: () => Promise<void>,
  ) {
    const keys = new KeySending(server, guard);
    this.#stop = new CommandStop(server, clock, guard);
    this.#prompt = new EmptyPrompt(server, clock);
    this.#marked = new MarkedTyping(server, this.#prompt, keys, this.#stop, clock, guard);
    this.#sentinel = new SentinelTyping(server, this.#prompt, keys, this.#stop, clock, ids);
    this.#program = new ProgramTyping(server, keys, this.#stop, clock);
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
    if (request.mode === "program") return this.#program.type(request, intend);
    return request.mode === "sentinel"
      ? this.#sentinel.type(request, intend)
      : this.#marked.type(request, form, intend);
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
