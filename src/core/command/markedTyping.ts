import type { Clock } from "../ports/machine";
import type { SessionServer } from "../ports/sessions";
import { encodeCommand, interruptKey, type TypedForm } from "../sense/typing";
import type { CommandEnd } from "../session/commandEnds";
import { type ShellSession, shortText } from "../session/shellSession";
import type { CommandStop, Wait } from "./commandStop";
import type { EmptyPrompt } from "./emptyPrompt";
import type { KeySending } from "./keySending";
import { type Intend, isOver, notSent, type Typed, type TypingRequest } from "./typingRequest";
import { untilHolds } from "./untilHolds";

/**
 * Input is answered by a start mark within milliseconds; this long without any output means the shell did not take the
 * line (shell-marks 5).
 */
const acceptMs = 1000;
/**
 * Output that never pauses (a job in the background) may not keep the prompt from being asked for longer than this many
 * times the limit.
 */
const acceptPatience = 4;
/**
 * A paste of 100 kB is read within a second by the slowest shell (shell-marks 4), on a machine that has time; loaded
 * ones get five.
 */
const pasteBytesPerMs = 20;
/** What was printed into a prompt is gone after a redraw, within this time. */
const redrawMs = 100;
/** Ctrl-C at a prompt is answered with a new prompt within milliseconds, except by fish with an empty line. */
const withdrawMs = 1000;
const withdrawTries = 3;

const rejected: CommandEnd = { outcome: "rejected", exit_code: null, known_by: "probe", output: undefined };

/** Types at a prompt of ours, whose marks tell whether the line was taken and how its command ended. */
export class MarkedTyping {
  constructor(
    private readonly server: Pick<SessionServer, "screen" | "scrollback" | "look">,
    private readonly prompt: EmptyPrompt,
    private readonly keys: KeySending,
    private readonly stop: CommandStop,
    private readonly clock: Clock,
    /** Asked before every key: rejects once this process may type nothing more. */
    private readonly guard: () => Promise<void>,
  ) {}

  async type(request: TypingRequest, form: TypedForm, intend: Intend): Promise<Typed> {
    const { session } = request;
    const n = await this.prompt.marked(request);
    const bytes = encodeCommand(request.text, {
      shell: session.marks.shell ?? "bash",
      version: session.marks.version,
      form,
    });
    // A shell may read so long at it that an empty prompt says nothing of it.
    const entered =
      request.text.length > shortText ? (await this.server.look(session.identity.wire)).signs?.entered : undefined;
    const command_id = await intend({
      k: session.identity.key,
      n,
      typed_as: form === "line" ? "paste" : "eval",
      ...(entered === undefined ? {} : { entered }),
    });
    const begun = this.clock.monotonic();
    const typed = (end: CommandEnd, usable = true): Typed => ({
      command_id,
      end,
      usable: usable && !session.over && !session.marks.exited,
      duration_ms: this.clock.monotonic() - begun,
    });
    // While the intent went to the disk somebody may have typed here.
    const stillFree = (): boolean => session.atCleanPrompt && session.marks.n === n && !isOver(request);
    const { issued, prompts } = session;
    // The next prompt is there, and empty: nothing is left to be taken back. A terminal left raw has no Ctrl-C, and one
    // without echo no answer to a probe.
    const refused = (): boolean => session.issued > issued && session.atCleanPrompt && !session.accepted(n);
    // fish draws its prompt again around a line that it refuses; where nobody can ask for that, it is the only sign.
    const standsRefused = (): boolean =>
      !session.canProbe && session.prompts > prompts && session.marks.ready && !session.accepted(n);
    const sent = await this.keys.sendUnlessEnded(session, n, bytes, stillFree);
    if (sent === "no") return typed(notSent);
    if (!(await this.#accepted(session, n, bytes.length, () => refused() || standsRefused()))) {
      const unfinished = session.marks.continuation;
      // Where nothing came of keys whose answer was lost, they were lost too.
      const lost = sent === "unknown" && !unfinished && !refused();
      const gone =
        (lost && (await session.staysEmpty(n, bytes.length))) || refused() || (await this.withdraw(session, n));
      if (gone && lost) return typed({ ...notSent, known_by: "probe" });
      if (gone) return typed({ ...this.#notTaken(request, this.clock.monotonic() - begun), unfinished });
    }
    const left =
      request.timeoutMs === undefined
        ? {}
        : { timeoutMs: Math.max(0, request.timeoutMs - (this.clock.monotonic() - begun)) };
    const wait: Wait = (ms, signal) => session.endOfCommand(n, ms, signal);
    const { end, usable } = await this.stop.ended(
      { ...request, ...left },
      wait,
      () => session.startedAt(n),
      untilHolds(this.server, request, wait, this.clock),
    );
    return typed(end, usable && !session.endUntold);
  }

  /**
   * What became of a line that the shell did not take: a stop says that it is not wanted any more, whatever the shell
   * has against it.
   */
  #notTaken({ signal, timeoutMs }: TypingRequest, waited: number): CommandEnd {
    if (signal?.aborted) return { ...rejected, outcome: "cancelled", means: "withdrawn" };
    if (timeoutMs !== undefined && waited >= timeoutMs)
      return { ...rejected, outcome: "timed_out", means: "withdrawn" };
    return rejected;
  }

  /**
   * Whether the shell took the line; its echo counts as a sign that it is still reading. Neither a stop nor the end of
   * time cuts this short: Ctrl-C in the middle of a paste throws the rest of it away, and fish then takes what comes
   * next for the paste (measured with 3.6).
   */
  async #accepted(session: ShellSession, n: number, length: number, refused: () => boolean): Promise<boolean> {
    const reading = length / pasteBytesPerMs;
    const limit = acceptMs + reading;
    const begun = this.clock.monotonic();
    const taken = (ms: number): Promise<true | undefined> =>
      session.until(() => (session.accepted(n) ? true : undefined), ms);
    for (;;) {
      if (await taken(limit)) return true;
      if (refused()) return false;
      if ((session.quietMs ?? limit) < acceptMs && this.clock.monotonic() - begun < limit * acceptPatience) continue;
      // A lost start mark and a refused line look alike from here: the prompt knows.
      // A server that dies now may have taken the line before: that is for the wait for its end to find out.
      const answered = await session.probeQuietly();
      if (!answered && !session.marks.continuation) return true;
      // The answer may have been the prompt that is drawn with the whole paste, which the shell takes next.
      return (await taken(redrawMs + reading)) === true;
    }
  }

  /**
   * Takes a line back that the shell did not accept: true when it provably did not run; false when it was taken in the
   * meantime after all, or may have been.
   */
  async withdraw(session: ShellSession, n: number): Promise<boolean> {
    for (let attempt = 0; attempt < withdrawTries && !session.accepted(n); attempt++) {
      // What may be a command of somebody's that runs gets no Ctrl-C.
      if (!(await session.sees()) || session.accepted(n)) break;
      await this.guard();
      const before = session.prompts;
      await session.press(interruptKey);
      await session.until(() => (session.accepted(n) || session.prompts > before ? true : undefined), withdrawMs);
      // A Ctrl-C that comes while the shell draws may be lost; a redraw shows where it stands.
      if (session.prompts === before) await session.probe();
      if (!(await session.until(() => (session.atCleanPrompt && !session.accepted(n) ? undefined : true), redrawMs)))
        break;
    }
    return !session.accepted(n) && (await session.sees()) && !session.accepted(n) && session.marks.n === n;
  }
}
