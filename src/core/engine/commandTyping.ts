import type { EntryDraft, Outcome } from "../model/entry";
import { hasCode, OrchestratorError } from "../model/errors";
import type { SessionMode } from "../model/session";
import type { Clock, Ids, SessionServer } from "../ports";
import { looksLikePrompt } from "../sense/plainPrompt";
import { encodeCommand, encodeSentinel, interruptKey, type TypedForm } from "../sense/typing";
import type { CommandEnd, ShellSession } from "./shellSession";

/** Input is answered by a start mark within milliseconds; this long without any output means the shell did not take the line (shell-marks 5). */
const acceptMs = 1000;
/** Output that never pauses (a job in the background) may not keep the prompt from being asked for longer than this many times the limit. */
const acceptPatience = 4;
const promptMs = 10_000;
/** What was printed into a prompt is gone after a redraw; a person's draft comes back with it, within this time. */
const redrawMs = 100;
/** Pauses before the prompt is looked at again, uneven so that something that prints in a rhythm is not met each time. */
const lookAgainMs = [40, 310, 130, 470, 70, 230];
/** After Ctrl-C a well-behaved program ends at once; after this long the next stronger means is tried. */
const interruptMs = 3000;
const withdrawTries = 3;
const quitKey = "\x1c";
/** Silence after which a program without marks is taken to wait. */
const quietMs = 2000;
const longestWaitMs = 30_000;

/** What is typed, where, and until when. */
export interface TypingRequest {
  readonly text: string;
  readonly session: ShellSession;
  readonly mode: SessionMode;
  readonly timeoutMs?: number;
  /** Ends the command with Ctrl-C when aborted. */
  readonly signal?: AbortSignal;
  /** Told before the first Ctrl-C, so that the end is known for what it was even if nobody is there to see it. */
  readonly interrupting?: (outcome: Outcome) => Promise<void>;
  /** Which quoting a sentinel needs; default: that of POSIX shells. */
  readonly plainShell?: "posix" | "fish";
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

type Wait = (ms: number | undefined, signal: AbortSignal | undefined) => Promise<CommandEnd | undefined>;

const notSent: CommandEnd = { outcome: "not_sent", exit_code: null, known_by: "none", output: undefined };

const rejected: CommandEnd = { outcome: "rejected", exit_code: null, known_by: "probe", output: undefined };

/** The keys of one command and its end, in each kind of session. The only place that types. */
export class CommandTyping {
  constructor(
    private readonly server: SessionServer,
    private readonly clock: Clock,
    private readonly ids: Ids,
    /** Asked before every key: rejects once this process may type nothing more. */
    private readonly guard: () => Promise<void>,
  ) {}

  /** Throws `draft_on_line`, `session_busy`, `session_not_found`, `request_invalid` (nothing was typed), `server_unreachable`, and what `intend` throws. */
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
    if (!(await this.#sendUnlessEnded(session, n, bytes, stillFree))) return typed(notSent);
    if (!(await this.#accepted(request, n, bytes.length)) && (await this.withdraw(session, n))) return typed(rejected);
    const { end, usable } = await this.ended(request, (ms, signal) => session.endOfCommand(n, ms, signal));
    return typed(end, usable);
  }

  /** As `#send`; a quick command has ended before the server's answer to the keys is here, and that is answer enough. */
  async #sendUnlessEnded(session: ShellSession, n: number, bytes: string, may: () => boolean): Promise<boolean> {
    const done = new AbortController();
    const sending = this.#send(session, bytes, may);
    sending.catch(() => undefined);
    const ended = session.until(() => (session.endOf(n) ? true : undefined), undefined, done.signal).catch(() => true);
    try {
      return (await Promise.race([sending, ended])) === true;
    } finally {
      done.abort();
    }
  }

  /** False: provably nothing arrived. When nobody knows, the prompt is asked later (shell-marks 1.5). `may` has the last word. */
  async #send(session: ShellSession, bytes: string, may = (): boolean => true): Promise<boolean> {
    await this.guard();
    if (!may()) return false;
    try {
      await this.server.sendInput(session.identity.wire, bytes);
    } catch (error) {
      if (hasCode(error, "input_not_sent")) return false;
      if (hasCode(error, "session_not_found")) await session.until(() => session.over, acceptMs);
      else if (!hasCode(error, "input_unconfirmed")) throw error;
    }
    return true;
  }

  /** Whether the shell took the line; its echo counts as a sign that it is still reading. A stop or the end of time leaves that open: true. */
  async #accepted({ session, signal, timeoutMs }: TypingRequest, n: number, length: number): Promise<boolean> {
    // A paste of 100 kB is read within a second by the slowest shell (shell-marks 4).
    const limit = acceptMs + length / 50;
    const patience = Math.min(limit * acceptPatience, timeoutMs ?? Infinity);
    const begun = this.clock.monotonic();
    try {
      for (;;) {
        if (await session.until(() => (session.accepted(n) ? true : undefined), Math.min(limit, patience), signal)) return true;
        const waited = this.clock.monotonic() - begun;
        if (timeoutMs !== undefined && waited >= timeoutMs) return true;
        if ((session.quietMs ?? limit) < acceptMs && waited < patience) continue;
        // A lost start mark and a refused line look alike from here: the prompt knows.
        const answered = await session.probe(signal);
        return session.accepted(n) || (!answered && !session.marks.continuation);
      }
    } catch (error) {
      if (signal?.aborted) return true;
      throw error;
    }
  }

  /** Takes a line back that the shell did not accept: true when it provably did not run; false when it was taken in the meantime after all. */
  async withdraw(session: ShellSession, n: number): Promise<boolean> {
    for (let attempt = 0; attempt < withdrawTries; attempt++) {
      await this.guard();
      await session.interrupt();
      const settled = await session.until(() => (session.accepted(n) || session.atCleanPrompt ? true : undefined), interruptMs / withdrawTries);
      if (settled) break;
      // A Ctrl-C that comes while the shell draws may be lost; a redraw shows where it stands.
      await session.probe();
    }
    return !session.accepted(n);
  }

  async #withSentinel(request: TypingRequest, intend: Intend): Promise<Typed> {
    const { session } = request;
    await this.#plainPrompt(session);
    const id = this.ids.secret(8);
    const shell = request.plainShell ?? "posix";
    const bytes = encodeSentinel(request.text, { shell, id });
    const command_id = await intend({ k: session.identity.key, typed_as: "sentinel" });
    const begun = this.clock.monotonic();
    if (request.signal?.aborted || !(await this.#send(session, bytes))) return { command_id, end: notSent, duration_ms: 0, usable: true };
    const { end, usable } = await this.ended(request, (ms, signal) => this.#sentinelEnd(session, id, shell, ms, signal));
    return { command_id, end, duration_ms: this.clock.monotonic() - begun, usable: usable && !session.over };
  }

  /** A shell that refuses a line prints no end mark: when its prompt is back, a second, harmless one tells that the first will not come. */
  async #sentinelEnd(session: ShellSession, id: string, shell: "posix" | "fish", ms: number | undefined, signal: AbortSignal | undefined): Promise<CommandEnd | undefined> {
    const deadline = ms === undefined ? Infinity : this.clock.monotonic() + ms;
    for (;;) {
      const left = deadline - this.clock.monotonic();
      if (left <= 0) return session.endOfSentinel(id, 0, signal);
      const end = await session.endOfSentinel(id, Math.min(left, quietMs), signal);
      if (end) return end;
      if ((session.quietMs ?? quietMs) < quietMs || !looksLikePrompt(await this.server.screen(session.identity.wire, "plain", signal))) continue;
      const second = this.ids.secret(8);
      await this.#send(session, encodeSentinel(":", { shell, id: second }));
      if (await session.endOfSentinel(second, interruptMs, signal)) return { outcome: "unknown", exit_code: null, known_by: "sentinel", output: undefined };
    }
  }

  async #keys(request: TypingRequest, intend: Intend): Promise<Typed> {
    const { session } = request;
    const command_id = await intend({ typed_as: "keys" });
    const begun = this.clock.monotonic();
    if (request.signal?.aborted || !(await this.#send(session, `${request.text.replaceAll("\n", "\r")}\r`))) return { command_id, end: notSent, duration_ms: 0, usable: true };
    const { end, usable } = await this.ended(request, (ms, signal) => this.#quiet(session, ms, signal));
    return { command_id, end, duration_ms: this.clock.monotonic() - begun, usable: usable && !session.over };
  }

  async #quiet(session: ShellSession, ms: number | undefined, signal: AbortSignal | undefined): Promise<CommandEnd | undefined> {
    const deadline = ms === undefined ? Infinity : this.clock.monotonic() + ms;
    while (!session.over) {
      const left = deadline - this.clock.monotonic();
      if (left <= 0) return undefined;
      try {
        const result = await this.server.waitIdle(session.identity.wire, { quietMs, maxWaitMs: Math.min(left, longestWaitMs) + quietMs, fresh: true }, signal);
        if (result.idle) return { outcome: "exited", exit_code: null, known_by: "quiet", output: undefined };
      } catch (error) {
        if (!hasCode(error, "session_not_found")) throw error;
        await session.until(() => session.over, acceptMs);
        break;
      }
    }
    return { outcome: "session_ended", exit_code: session.over?.exit_code ?? null, known_by: "session_end", output: undefined };
  }

  /** Waits for the end; time over or a stop is answered with Ctrl-C, then Ctrl-\, then the end of the session. */
  async ended(request: Pick<TypingRequest, "session" | "mode" | "signal" | "timeoutMs" | "interrupting">, wait: Wait): Promise<{ end: CommandEnd; usable: boolean }> {
    let end: CommandEnd | undefined;
    try {
      end = await wait(request.timeoutMs, request.signal);
    } catch (error) {
      if (!request.signal?.aborted) throw error;
    }
    if (end) return { end, usable: true };
    const outcome: Outcome = request.signal?.aborted ? "interrupted" : "timed_out";
    const { session } = request;
    const { wire } = session.identity;
    for (const key of [interruptKey, quitKey]) {
      // A session that ended by itself has its own truth.
      const over = session.over ? await wait(0, undefined) : undefined;
      if (over) return { end: over, usable: false };
      if (key === interruptKey) await request.interrupting?.(outcome);
      await this.guard();
      await this.server.sendInput(wire, key).catch(() => undefined);
      const stopped = request.mode === "program" ? undefined : await wait(interruptMs, undefined);
      if (stopped) return { end: session.over ? stopped : { ...stopped, outcome }, usable: true };
      if (request.mode === "program") return { end: { outcome, exit_code: null, known_by: "none", output: undefined }, usable: true };
    }
    await this.guard();
    await this.server.kill(wire).catch(() => undefined);
    return { end: { outcome, exit_code: null, known_by: "session_end", output: session.marks.runningOutput }, usable: false };
  }

  /** The prompt to type at. Throws when there is none, or when somebody's text stands on it. */
  async #prompt({ session, signal }: TypingRequest): Promise<number> {
    const { name } = session.identity;
    const deadline = this.clock.monotonic() + promptMs;
    for (let look = 0; this.clock.monotonic() < deadline; look++) {
      const n = await session.cleanPrompt(lookAgainMs[look % lookAgainMs.length] ?? redrawMs, signal);
      if (session.over || session.marks.exited) {
        throw new OrchestratorError("session_not_found", `The session ${name} has ended.`, "Run the project again; it makes a new session.");
      }
      if (n !== undefined) return n;
      if (!session.marks.ready) continue;
      // A job in the background may have printed into the prompt; a draft of a person stays.
      await session.probe(signal);
      await session.until(() => (session.marks.clean ? undefined : true), redrawMs, signal);
    }
    if (session.marks.ready) {
      throw new OrchestratorError("draft_on_line", `Somebody's text stands on the prompt of ${name}, so nothing is typed there.`, "Finish or clear the line in that session, then try again.");
    }
    throw new OrchestratorError("session_busy", `Something else runs in ${name}.`, "Wait until it ends, or end it in that session.");
  }

  /** A shell without marks can only be judged by its looks: what it shows must end like a prompt. */
  async #plainPrompt(session: ShellSession): Promise<void> {
    const screen = await this.server.screen(session.identity.wire, "plain");
    if (looksLikePrompt(screen)) return;
    throw new OrchestratorError("session_busy", `The shell of ${session.identity.name} shows no empty prompt.`, "Look at the session; end what runs there, or clear its line.");
  }
}
