import type { EntryDraft } from "../model/entry";
import { hasCode, OrchestratorError } from "../model/errors";
import type { Clock, Ids } from "../ports/machine";
import { posixShell, unknownShell } from "../ports/safety";
import type { SessionServer } from "../ports/sessions";
import { looksLikePrompt } from "../sense/plainPrompt";
import {
  canonicalLineBytes,
  encodeCommand,
  encodeSentinel,
  encodeShellQuestion,
  type TypedForm,
} from "../sense/typing";
import { CommandStop, type Ended, type StopRequest, type Wait } from "./commandStop";
import type { CommandEnd } from "../session/commandEnds";
import type { ShellSession } from "../session/shellSession";

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
const promptMs = 10_000;
/** What was printed into a prompt is gone after a redraw; a person's draft comes back with it, within this time. */
const redrawMs = 100;
/**
 * Shells draw prompt and draft in one go: what comes later than this after the prompt was printed by something else.
 */
const draftDrawnMs = 30;
/** As often the same must be seen, at uneven times, to be a draft and no job that prints. */
const draftLooks = 3;
/**
 * Pauses before the prompt is looked at again, uneven so that something that prints in a rhythm is not met each time.
 */
const lookAgainMs = [40, 310, 130, 470, 70, 230];
/** Ctrl-C at a prompt is answered with a new prompt within milliseconds, except by fish with an empty line. */
const withdrawMs = 1000;
const withdrawTries = 3;
/** A harmless end mark is answered at once by a shell that is there. */
const sentinelMs = 3000;
/** Silence after which a program without marks is taken to wait. */
const quietMs = 2000;
const longestWaitMs = 30_000;

/** What is typed, where, and until when. */
export interface TypingRequest extends StopRequest {
  readonly text: string;
  /** How long somebody is given to finish what stands on the line (default: not at all). */
  readonly draftMs?: number;
}

/** Makes it durable that this is typed now, before the first byte leaves; gives its command_id. */
export type Intend = (prompt: Pick<EntryDraft, "k" | "n" | "typed_as">) => Promise<string>;

export interface Typed {
  readonly command_id: string;
  readonly end: CommandEnd;
  readonly duration_ms: number;
  /** False: this session can type nothing more. */
  readonly usable: boolean;
}

/** `no`: provably nothing arrived; `unknown`: the answer to the keys was lost. */
type Sent = "yes" | "no" | "unknown";

const notSent: CommandEnd = { outcome: "not_sent", exit_code: null, known_by: "none", output: undefined };

const rejected: CommandEnd = { outcome: "rejected", exit_code: null, known_by: "probe", output: undefined };

/**
 * A program that reads lines from the terminal gets long ones cut off, and nobody would know. Throws `request_invalid`.
 */
function refuseLongLines({ text, session }: TypingRequest): void {
  const encoder = new TextEncoder();
  const longest = Math.max(...text.split("\n").map((line) => encoder.encode(line).length));
  if (longest <= canonicalLineBytes || session.editsLines) return;
  throw new OrchestratorError(
    "request_invalid",
    `A line of ${longest} bytes cannot be typed into ${session.identity.name}: its terminal may cut it off after ${canonicalLineBytes}.`,
    "Break the text into shorter lines, or put it into a file and type the file's name.",
  );
}

/** The keys of one command and its end, in each kind of session. The only place that types. */
export class CommandTyping {
  readonly #stop: CommandStop;

  constructor(
    private readonly server: SessionServer,
    private readonly clock: Clock,
    private readonly ids: Ids,
    /** Asked before every key: rejects once this process may type nothing more. */
    private readonly guard: () => Promise<void>,
  ) {
    this.#stop = new CommandStop(server, clock, guard);
  }

  /**
   * Which shell reads what is typed, by its own word and as a policy takes it; `program` where none does. Throws
   * `draft_on_line`, `session_busy`, `session_not_found` where it cannot be asked.
   */
  async reader(request: TypingRequest): Promise<string> {
    const { session, mode } = request;
    if (mode === "program") return "program";
    if (mode === "sentinel") return (await this.#plainShell(request)) === "fish" ? "fish" : posixShell;
    if (session.marks.shell === undefined) await this.#prompt(request);
    return session.marks.shell ?? unknownShell;
  }

  /**
   * Throws `draft_on_line`, `session_busy`, `session_not_found`, `request_invalid` (nothing was typed),
   * `server_unreachable`, and what `intend` throws.
   */
  type(request: TypingRequest, form: TypedForm, intend: Intend): Promise<Typed> {
    if (request.mode === "program") return this.#keys(request, intend);
    return request.mode === "sentinel" ? this.#withSentinel(request, intend) : this.#atPrompt(request, form, intend);
  }

  async #atPrompt(request: TypingRequest, form: TypedForm, intend: Intend): Promise<Typed> {
    const { session } = request;
    const n = await this.#prompt(request);
    const bytes = encodeCommand(request.text, { shell: session.marks.shell ?? "bash", form });
    const command_id = await intend({ k: session.identity.key, n, typed_as: form === "line" ? "paste" : "eval" });
    const begun = this.clock.monotonic();
    const typed = (end: CommandEnd, usable = true): Typed => ({
      command_id,
      end,
      usable: usable && !session.over && !session.marks.exited,
      duration_ms: this.clock.monotonic() - begun,
    });
    // While the intent went to the disk somebody may have typed here.
    const stillFree = (): boolean => session.atCleanPrompt && session.marks.n === n && !request.signal?.aborted;
    const { issued, prompts } = session;
    // The next prompt is there, and empty: nothing is left to be taken back. A terminal left raw has no Ctrl-C, and one
    // without echo no answer to a probe.
    const refused = (): boolean => session.issued > issued && session.atCleanPrompt && !session.accepted(n);
    // fish draws its prompt anew around a line that it refuses; where nobody can ask for that, it is the only sign.
    const standsRefused = (): boolean =>
      !session.canProbe && session.prompts > prompts && session.marks.ready && !session.accepted(n);
    const sent = await this.#sendUnlessEnded(session, n, bytes, stillFree);
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
    const { end, usable } = await this.ended(
      { ...request, ...left },
      (ms, signal) => session.endOfCommand(n, ms, signal),
      () => session.startedAt(n),
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
   * As `#send`; a quick command has ended before the server's answer to the keys is here, and that is answer enough.
   */
  async #sendUnlessEnded(session: ShellSession, n: number, bytes: string, may: () => boolean): Promise<Sent> {
    const done = new AbortController();
    const sending = this.#send(session, bytes, may);
    sending.catch(() => undefined);
    const ended = session
      .until(() => (session.endOf(n) ? "yes" : undefined), undefined, done.signal)
      .catch(() => undefined);
    try {
      return (await Promise.race([sending, ended])) ?? "yes";
    } finally {
      done.abort();
    }
  }

  /** When nobody knows, the prompt is asked later (shell-marks 1.5). `may` has the last word. */
  async #send(session: ShellSession, bytes: string, may = (): boolean => true): Promise<Sent> {
    await this.guard();
    if (!may()) return "no";
    try {
      await this.server.sendInput(session.identity.wire, bytes);
    } catch (error) {
      if (hasCode(error, "input_not_sent")) return "no";
      if (hasCode(error, "input_unconfirmed")) return "unknown";
      if (!hasCode(error, "session_not_found")) throw error;
      // Nobody is there to type to.
      await session.until(() => session.over, acceptMs);
      return "no";
    }
    return "yes";
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
      await session.interrupt();
      await session.until(() => (session.accepted(n) || session.prompts > before ? true : undefined), withdrawMs);
      // A Ctrl-C that comes while the shell draws may be lost; a redraw shows where it stands.
      if (session.prompts === before) await session.probe();
      if (!(await session.until(() => (session.atCleanPrompt && !session.accepted(n) ? undefined : true), redrawMs)))
        break;
    }
    return !session.accepted(n) && (await session.sees()) && !session.accepted(n) && session.marks.n === n;
  }

  async #withSentinel(request: TypingRequest, intend: Intend): Promise<Typed> {
    const { session } = request;
    await this.#plainPrompt(request);
    const shell = await this.#plainShell(request);
    const id = this.ids.secret(8);
    const bytes = encodeSentinel(request.text, { shell, id });
    const command_id = await intend({ k: session.identity.key, typed_as: "sentinel" });
    const begun = this.clock.monotonic();
    if (request.signal?.aborted || (await this.#send(session, bytes)) === "no")
      return { command_id, end: notSent, duration_ms: 0, usable: true };
    const { end, usable } = await this.ended(request, (ms, signal) =>
      this.#sentinelEnd(session, id, shell, ms, signal),
    );
    return { command_id, end, duration_ms: this.clock.monotonic() - begun, usable: usable && !session.over };
  }

  /** Which quoting the shell needs; it is asked once, at its prompt. */
  async #plainShell(request: TypingRequest): Promise<"posix" | "fish"> {
    const { session, signal } = request;
    if (session.plainShell) return session.plainShell;
    await this.#plainPrompt(request);
    return this.#askShell(session, signal);
  }

  /**
   * Which kind of shell this is, by its own answer. Throws `session_busy` when nothing answers: then it is no shell,
   * whatever it looks like.
   */
  async #askShell(session: ShellSession, signal: AbortSignal | undefined): Promise<"posix" | "fish"> {
    const id = this.ids.secret(8);
    await this.#send(session, encodeShellQuestion(id));
    await session.endOfSentinel(id, sentinelMs, signal);
    if (session.plainShell) return session.plainShell;
    throw new OrchestratorError(
      "session_busy",
      `What runs in ${session.identity.name} does not answer as a shell does.`,
      "Look at the session; end what runs there.",
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
      await this.#send(session, encodeSentinel(":", { shell, id: second }));
      if (await session.endOfSentinel(second, sentinelMs, signal))
        return { outcome: "unknown", exit_code: null, known_by: "sentinel", output: undefined };
    }
  }

  async #keys(request: TypingRequest, intend: Intend): Promise<Typed> {
    const { session } = request;
    refuseLongLines(request);
    const command_id = await intend({ typed_as: "keys" });
    const begun = this.clock.monotonic();
    if (request.signal?.aborted || (await this.#send(session, `${request.text.replaceAll("\n", "\r")}\r`)) === "no")
      return { command_id, end: notSent, duration_ms: 0, usable: true };
    const { end, usable } = await this.ended(request, (ms, signal) => this.#quiet(session, ms, signal));
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
        await session.until(() => session.over, acceptMs);
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

  /**
   * Waits for the end; time over or a stop brings it about (see CommandStop). `startedAt`: when it was seen to start,
   * by the monotonic clock.
   */
  async ended(request: StopRequest, wait: Wait, startedAt: () => number | undefined = () => undefined): Promise<Ended> {
    let end: CommandEnd | undefined;
    try {
      end = await wait(request.timeoutMs, request.signal);
    } catch (error) {
      if (!request.signal?.aborted) throw error;
    }
    return end ? { end, usable: true } : this.#stop.stop(request, startedAt(), wait);
  }

  /** The prompt to type at. Throws when there is none, or when somebody's text stands on it. */
  async #prompt({ session, signal, draftMs = 0 }: TypingRequest): Promise<number> {
    const { name } = session.identity;
    const begun = this.clock.monotonic();
    let drafts = 0;
    for (let look = 0; this.clock.monotonic() - begun < promptMs; look++) {
      const n = await session.cleanPrompt(lookAgainMs[look % lookAgainMs.length] ?? redrawMs, signal);
      if (session.over || session.marks.exited) {
        throw new OrchestratorError(
          "session_not_found",
          `The session ${name} has ended.`,
          "Run the project again; it makes a new session.",
        );
      }
      if (n !== undefined) return n;
      if (!(await session.sees(signal))) continue;
      drafts = session.marks.ready && (await this.#isDraft(session, signal)) ? drafts + 1 : 0;
      if (drafts >= draftLooks && this.clock.monotonic() - begun >= draftMs) break;
    }
    if (session.marks.ready) {
      throw new OrchestratorError(
        "draft_on_line",
        `Somebody's text stands on the prompt of ${name}, so nothing is typed there.`,
        "Finish or clear the line in that session, then try again.",
      );
    }
    throw new OrchestratorError(
      "session_busy",
      `Something else runs in ${name}.`,
      "Wait until it ends, or end it in that session.",
    );
  }

  /**
   * A job in the background may have printed into the prompt; a person's draft comes back when the prompt is drawn
   * again.
   */
  async #isDraft(session: ShellSession, signal: AbortSignal | undefined): Promise<boolean> {
    if (session.marks.continuation) return true;
    const answered = await session.probe(signal);
    const dirty = (ms: number): Promise<true | undefined> =>
      session.until(() => (session.marks.clean ? undefined : true), ms, signal);
    const drawn = await dirty(draftDrawnMs);
    if (drawn === undefined) await dirty(redrawMs - draftDrawnMs);
    return answered && drawn === true;
  }

  /**
   * A shell without marks can only be judged by its looks: what it shows must end like a prompt, soon if its last
   * command has just ended.
   */
  async #plainPrompt({ session, signal, draftMs = 0 }: TypingRequest): Promise<void> {
    const begun = this.clock.monotonic();
    do {
      if (session.over)
        throw new OrchestratorError(
          "session_not_found",
          `The session ${session.identity.name} has ended.`,
          "Run the project again; it makes a new session.",
        );
      if (looksLikePrompt(await this.server.screen(session.identity.wire, "plain", signal))) return;
      await session.until(() => session.over, lookAgainMs[0], signal);
    } while (this.clock.monotonic() - begun < Math.max(acceptMs, draftMs));
    throw new OrchestratorError(
      "session_busy",
      `The shell of ${session.identity.name} shows no empty prompt.`,
      "Look at the session; end what runs there, or clear its line.",
    );
  }
}
