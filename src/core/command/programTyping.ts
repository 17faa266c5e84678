import { hasCode, OrchestratorError } from "../model/errors";
import { shortSession } from "../model/names";
import type { Clock } from "../ports/machine";
import type { SessionServer } from "../ports/sessions";
import { canonicalLineBytes } from "../sense/typing";
import type { CommandEnd } from "../session/commandEnds";
import type { ShellSession } from "../session/shellSession";
import type { CommandStop } from "./commandStop";
import type { KeySending } from "./keySending";
import { type Intend, isOver, notSent, type Typed, type TypingRequest } from "./typingRequest";
import { advice } from "../model/remedy";

/** Silence after which a program without marks is taken to wait. */
const quietMs = 2000;
const longestWaitMs = 30_000;
/** A session that is gone is told to be so within this time. */
const overMs = 1000;

/**
 * A program that reads lines from the terminal gets long ones cut off, and nobody would know. Throws `request_invalid`.
 */
function refuseLongLines({ text, session }: TypingRequest): void {
  const encoder = new TextEncoder();
  const longest = Math.max(...text.split("\n").map((line) => encoder.encode(line).length));
  if (longest <= canonicalLineBytes || session.editsLines) return;
  throw new OrchestratorError(
    "request_invalid",
    `A line of ${longest} bytes is too long for ${shortSession(session.identity.name)}: its terminal may cut it off after ${canonicalLineBytes} bytes.`,
    advice("Break the text into shorter lines, or save it in a file and send the file's name."),
  );
}

/** Types lines into a program that is no shell: its silence is the only end. */
export class ProgramTyping {
  constructor(
    private readonly server: SessionServer,
    private readonly keys: KeySending,
    private readonly stop: CommandStop,
    private readonly clock: Clock,
  ) {}

  async type(request: TypingRequest, intend: Intend): Promise<Typed> {
    const { session } = request;
    refuseLongLines(request);
    const command_id = await intend({ typed_as: "keys" });
    const begun = this.clock.monotonic();
    const keys = `${request.text.replace(/\r?\n/g, "\r")}\r`;
    if (isOver(request) || (await this.keys.send(session, keys)) === "no")
      return { command_id, end: notSent, duration_ms: 0, usable: true };
    const { end, usable } = await this.stop.ended(request, (ms, signal) => this.#quiet(session, ms, signal));
    return { command_id, end, duration_ms: this.clock.monotonic() - begun, usable: usable && !session.over };
  }

  async #quiet(
    session: ShellSession,
    ms: number | undefined,
    signal: AbortSignal | undefined,
  ): Promise<CommandEnd | undefined> {
    const deadline = ms === undefined ? Infinity : this.clock.monotonic() + ms;
    while (!session.over) {
      const left = deadline - this.clock.monotonic();
      if (left <= 0) return undefined;
      try {
        const result = await this.server.waitIdle(
          session.identity.wire,
          { quietMs, maxWaitMs: Math.min(left, longestWaitMs) + quietMs, fresh: true },
          signal,
        );
        if (result.idle) return { outcome: "exited", exit_code: null, known_by: "quiet", output: undefined };
      } catch (error) {
        if (!hasCode(error, "session_not_found")) throw error;
        await session.until(() => session.over, overMs);
        break;
      }
    }
    return {
      outcome: "session_ended",
      exit_code: session.over?.exit_code ?? null,
      known_by: "session_end",
      output: undefined,
    };
  }
}
