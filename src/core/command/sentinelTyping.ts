import { OrchestratorError } from "../model/errors";
import { shortSession } from "../model/names";
import type { Clock, Ids } from "../ports/machine";
import type { SessionServer } from "../ports/sessions";
import { looksLikePrompt } from "../sense/plainPrompt";
import { encodeSentinel, encodeShellQuestion } from "../sense/typing";
import type { CommandEnd } from "../session/commandEnds";
import type { ShellSession } from "../session/shellSession";
import type { CommandStop, Wait } from "./commandStop";
import type { EmptyPrompt } from "./emptyPrompt";
import type { KeySending } from "./keySending";
import { untilShown } from "./shownUntil";
import { type Intend, isOver, notSent, type Typed, type TypingRequest } from "./typingRequest";
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
    const command_id = await intend({ k: session.identity.key, typed_as: "sentinel" });
    const begun = this.clock.monotonic();
    if (isOver(request) || (await this.keys.send(session, bytes)) === "no")
      return { command_id, end: notSent, duration_ms: 0, usable: true };
    const wait: Wait = (ms, signal) => this.#sentinelEnd(session, id, shell, ms, signal);
    const first = untilShown(this.server, request, wait, this.clock);
    const { end, usable } = await this.stop.ended(request, wait, undefined, first);
    return { command_id, end, duration_ms: this.clock.monotonic() - begun, usable: usable && !session.over };
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
   * A shell that refuses a line prints no end mark: when its prompt is back, a second, harmless one tells that the
   * first will not come.
   */
  async #sentinelEnd(
    session: ShellSession,
    id: string,
    shell: "posix" | "fish",
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
        (session.quietMs ?? quietMs) < quietMs ||
        !looksLikePrompt(await this.server.screen(session.identity.wire, "plain", signal))
      )
        continue;
      const second = this.ids.secret(8);
      await this.keys.send(session, encodeSentinel(":", { shell, id: second }));
      if (await session.endOfSentinel(second, sentinelMs, signal))
        return { outcome: "unknown", exit_code: null, known_by: "sentinel", output: undefined };
    }
  }
}
