import { hasCode, OrchestratorError } from "../model/errors";
import { shortSession } from "../model/names";
import type { Clock, Ids } from "../ports/machine";
import type { SessionServer } from "../ports/sessions";
import { looksLikePrompt } from "../sense/plainPrompt";
import { encodeEndQuestion, encodeSentinel, encodeShellQuestion } from "../sense/typing";
import type { CommandEnd } from "../session/commandEnds";
import type { ShellSession } from "../session/shellSession";
import type { CommandStop, Wait } from "./commandStop";
import { unknownEnd } from "./foundEnd";
import type { EmptyPrompt } from "./emptyPrompt";
import type { KeySending } from "./keySending";
import { type Intend, isOver, notSent, type Typed, type TypingRequest } from "./typingRequest";
import { untilHolds } from "./untilHolds";
/** A harmless end mark is answered at once by a shell that is there. */
const sentinelMs = 3000;
/** Silence after which a shell that shows a prompt is taken to have ended its command. */
const quietMs = 2000;

/** Types into a shell without marks of ours: the command carries an end mark of its own. */
export class SentinelTyping {
  constructor(
    private readonly server: SessionServer,
    private readonly prompt: EmptyPrompt,
    private readonly keys: KeySending,
    private readonly stop: CommandStop,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  async type(request: TypingRequest, intend: Intend): Promise<Typed> {
    const { session } = request;
    await this.prompt.plain(request);
    const shell = await this.plainShell(request);
    const id = this.ids.secret(8);
    const bytes = encodeSentinel(request.text, { shell, id });
    const command_id = await intend({ k: session.identity.key, typed_as: "sentinel", end_id: id });
    const begun = this.clock.monotonic();
    if (isOver(request) || (await this.keys.send(session, bytes)) === "no")
      return { command_id, end: notSent, duration_ms: 0, usable: true };
    const wait: Wait = (ms, signal) => this.#sentinelEnd(session, id, shell, ms, signal);
    const first = untilHolds(this.server, request, wait, this.clock);
    const { end, usable } = await this.stop.ended(request, wait, undefined, first);
    return { command_id, end, duration_ms: this.clock.monotonic() - begun, usable: usable && !session.over };
  }

  /**
   * The end of a command that another process typed with the end mark of that id: by its mark, or by the word of its
   * shell, which is asked once its prompt is back. Undefined: time is over.
   */
  async later(
    session: ShellSession,
    id: string,
    ms: number | undefined,
    signal: AbortSignal | undefined,
  ): Promise<CommandEnd | undefined> {
    try {
      return await this.#sentinelEnd(session, id, undefined, ms, signal);
    } catch (error) {
      // What looks like a prompt is none, or another shell's.
      if (hasCode(error, "session_busy")) return unknownEnd;
      throw error;
    }
  }

  /** Which quoting the shell needs; it is asked once, at its prompt. */
  async plainShell(request: TypingRequest): Promise<"posix" | "fish"> {
    const { session, signal } = request;
    if (session.plainShell) return session.plainShell;
    await this.prompt.plain(request);
    return this.#askShell(session, signal);
  }

  /**
   * Which kind of shell this is, by its own answer. Throws `session_busy` when nothing answers: then it is no shell,
   * whatever it looks like.
   */
  async #askShell(session: ShellSession, signal: AbortSignal | undefined): Promise<"posix" | "fish"> {
    const id = this.ids.secret(8);
    await this.keys.send(session, encodeShellQuestion(id));
    await session.endOfSentinel(id, sentinelMs, signal);
    if (session.plainShell) return session.plainShell;
    throw new OrchestratorError(
      "session_busy",
      `${shortSession(session.identity.name)} does not answer like a shell.`,
      { kind: "look_at_session", session: session.identity.name, text: "Stop what is running there, then try again." },
    );
  }

  /**
   * A shell that refuses a line prints no end mark, and one that nobody read is gone: when its prompt is back, the shell
   * is asked, which tells the end where there was one.
   */
  async #sentinelEnd(
    session: ShellSession,
    id: string,
    shell: "posix" | "fish" | undefined,
    ms: number | undefined,
    signal: AbortSignal | undefined,
  ): Promise<CommandEnd | undefined> {
    const deadline = ms === undefined ? Infinity : this.clock.monotonic() + ms;
    for (;;) {
      const left = deadline - this.clock.monotonic();
      if (left <= 0) return session.endOfSentinel(id, 0, signal);
      const end = await session.endOfSentinel(id, Math.min(left, quietMs), signal);
      if (end) return end;
      if (
        (session.silentMs ?? quietMs) < quietMs ||
        !looksLikePrompt(await this.server.screen(session.identity.wire, "plain", signal))
      )
        continue;
      const second = this.ids.secret(8);
      const reader = shell ?? session.plainShell ?? (await this.#askShell(session, signal));
      await this.keys.send(session, encodeEndQuestion(second, reader));
      // A slow shell reads both lines only now.
      if (await session.endOfSentinel(second, sentinelMs, signal))
        return (await session.endOfSentinel(id, 0, signal)) ?? { ...unknownEnd, known_by: "sentinel" };
    }
  }
}
