import type { Evidence, Outcome, EntryDraft } from "../model/entry";
import { hasCode, messageOf, OrchestratorError } from "../model/errors";
import type { Clock, Ids, Policy, PolicyDecision, SessionServer } from "../ports";
import { renderOutput } from "../sense/renderOutput";
import { looksLikePrompt } from "../sense/plainPrompt";
import { encodeCommand, encodeSentinel, interruptKey, type TypedForm, typedForm } from "../sense/typing";
import type { Journal } from "./journal";
import { commandSentence, resultSentence } from "./sentences";
import type { CommandEnd, SessionMode, ShellSession } from "./shellSession";

export interface CommandRequest {
  readonly text: string;
  readonly session: ShellSession;
  readonly mode: SessionMode;
  readonly role: string;
  readonly cwd: string;
  readonly actor: string;
  readonly task_id?: string;
  readonly attempt?: number;
  readonly step?: number;
  readonly timeoutMs?: number;
  /** Ends the command with Ctrl-C when aborted. */
  readonly signal?: AbortSignal;
  /** The answered escalation that allows what the policy would ask about. */
  readonly approval?: string;
  /** Which quoting a sentinel needs; default: that of POSIX shells. */
  readonly plainShell?: "posix" | "fish";
}

export interface CommandReport {
  readonly command_id: string | null;
  readonly outcome: Outcome;
  readonly exit_code: number | null;
  readonly known_by: Evidence;
  readonly duration_ms: number;
  readonly output: string;
  /** False: this session can type nothing more. */
  readonly sessionUsable: boolean;
  /** The policy does not allow it without a person; nothing was typed. */
  readonly decision?: PolicyDecision;
  /**
   * Resolves when the result is on the disk. The next command may be typed before: its own intent comes behind this result in the same
   * file, so neither can be there without the other.
   */
  readonly recorded: Promise<void>;
}

/** Input is answered by a start mark within milliseconds; this long without any output means the shell did not take the line (shell-marks 5). */
const acceptMs = 1000;
const promptMs = 10_000;
/** After Ctrl-C a well-behaved program ends at once; after this long the next stronger means is tried. */
const interruptMs = 3000;
const quitKey = "\x1c";
/** Silence after which a program without marks is taken to wait. */
const quietMs = 2000;
const attemptsToSend = 5;

interface Typed {
  readonly command_id: string;
  readonly end: CommandEnd;
  readonly duration_ms: number;
  readonly usable: boolean;
}

/** Types one command and follows it to its end: intent on disk, keys, end mark, screen, result on disk. The only place that types commands. */
export class CommandRunner {
  constructor(
    private readonly journal: Journal,
    private readonly server: SessionServer,
    private readonly policy: Policy,
    private readonly clock: Clock,
    private readonly ids: Ids,
    /** Asked before each send: false once another process drives the project. */
    private readonly mayType: () => boolean,
  ) {}

  /**
   * Runs `request.text`. A line that the shell does not take is typed once more as `eval`, which gives a status.
   * Throws `session_not_ready`, `session_busy`, `draft_on_line` (nothing was typed), `server_unreachable`, ledger errors.
   */
  async run(request: CommandRequest): Promise<CommandReport> {
    const decision = this.policy.decide(request.text, { shell: request.session.marks.shell ?? "bash", cwd: request.cwd });
    if (decision.verdict !== "allow" && request.approval === undefined) {
      return { command_id: null, outcome: "not_sent", exit_code: null, known_by: "none", duration_ms: 0, output: "", sessionUsable: true, decision, recorded: Promise.resolve() };
    }
    let form = typedForm(request.text);
    for (let attempt = 1; ; attempt++) {
      const report = await this.#once(request, form);
      if (report.outcome === "rejected" && form === "line") form = "eval";
      else if (report.outcome !== "not_sent" || attempt >= attemptsToSend || !this.#mayGoOn(request)) return report;
    }
  }

  async #once(request: CommandRequest, form: TypedForm): Promise<CommandReport> {
    if (request.mode === "program") return this.#finish(request, await this.#typeKeys(request));
    if (request.mode === "sentinel") return this.#finish(request, await this.#typeWithSentinel(request));
    return this.#finish(request, await this.#typeAtPrompt(request, form));
  }

  async #typeAtPrompt(request: CommandRequest, form: TypedForm): Promise<Typed> {
    const { session } = request;
    const n = await this.#prompt(request);
    const command_id = await this.#intend(request, { k: session.identity.key, n, typed_as: form === "line" ? "paste" : "eval" });
    const started = this.clock.monotonic();
    const typed = (end: CommandEnd, usable = true): Typed => ({ command_id, end, usable, duration_ms: this.clock.monotonic() - started });
    // While the intent went to the disk somebody may have typed here.
    if (!session.atCleanPrompt || session.marks.n !== n || !this.#mayGoOn(request)) return typed(notSent);
    const bytes = encodeCommand(request.text, { shell: session.marks.shell ?? "bash", form });
    const sending = this.#send(session, bytes);
    // A quick command has ended before the server's answer to the keys is here.
    const ended = session.until(() => (session.endOf(n) ? true : undefined), undefined, undefined);
    sending.catch(() => undefined);
    if (!(await Promise.race([sending, ended]))) return typed(notSent);
    if (!(await this.#accepted(session, n, bytes.length))) return typed(await this.#withdraw(session, n));
    const { end, usable } = await this.ended(request, (ms, signal) => session.endOfCommand(n, ms, signal));
    return typed(end, usable && !session.over && !session.marks.exited);
  }

  #mayGoOn(request: CommandRequest): boolean {
    return !request.signal?.aborted && this.mayType();
  }

  /** False: provably nothing arrived. When nobody knows, the prompt is asked (shell-marks 1.5). */
  async #send(session: ShellSession, bytes: string): Promise<boolean> {
    try {
      await this.server.sendInput(session.identity.wire, bytes);
    } catch (error) {
      if (hasCode(error, "input_not_sent")) return false;
      if (hasCode(error, "session_not_found")) return session.until(() => (session.over ? false : undefined), acceptMs).then(() => true);
      if (!hasCode(error, "input_unconfirmed")) throw error;
    }
    return true;
  }

  /** Whether the shell took the line; its echo counts as a sign that it is still reading. */
  async #accepted(session: ShellSession, n: number, length: number): Promise<boolean> {
    // A paste of 100 kB is read within a second by the slowest shell (shell-marks 4).
    const limit = acceptMs + length / 50;
    for (;;) {
      if (await session.until(() => (session.accepted(n) ? true : undefined), limit)) return true;
      if ((session.quietMs ?? limit) < acceptMs) continue;
      // A lost start mark and a refused line look alike from here: the prompt knows.
      const answered = await session.probe();
      if (session.accepted(n)) return true;
      if (!answered && !session.marks.continuation) return true;
      return false;
    }
  }

  /** Takes a line back that the shell did not accept: it provably did not run. */
  async #withdraw(session: ShellSession, n: number): Promise<CommandEnd> {
    await session.interrupt();
    await session.cleanPrompt(interruptMs);
    return session.endOf(n) ?? { outcome: "rejected", exit_code: null, known_by: "probe", output: undefined };
  }

  async #typeWithSentinel(request: CommandRequest): Promise<Typed> {
    const { session } = request;
    await this.#plainPrompt(session);
    const id = this.ids.secret(8);
    const command_id = await this.#intend(request, { k: session.identity.key, typed_as: "sentinel" });
    const started = this.clock.monotonic();
    const bytes = encodeSentinel(request.text, { shell: request.plainShell ?? "posix", id });
    if (!this.#mayGoOn(request) || !(await this.#send(session, bytes))) return { command_id, end: notSent, duration_ms: 0, usable: true };
    const { end, usable } = await this.ended(request, (ms, signal) => session.endOfSentinel(id, ms, signal));
    return { command_id, end, duration_ms: this.clock.monotonic() - started, usable: usable && !session.over };
  }

  async #typeKeys(request: CommandRequest): Promise<Typed> {
    const { session } = request;
    const command_id = await this.#intend(request, { typed_as: "keys" });
    const started = this.clock.monotonic();
    if (!this.#mayGoOn(request) || !(await this.#send(session, `${request.text.replaceAll("\n", "\r")}\r`))) return { command_id, end: notSent, duration_ms: 0, usable: true };
    const { end, usable } = await this.ended(request, (ms, signal) => this.#quiet(session, ms, signal));
    return { command_id, end, duration_ms: this.clock.monotonic() - started, usable: usable && !session.over };
  }

  async #quiet(session: ShellSession, ms: number | undefined, signal: AbortSignal | undefined): Promise<CommandEnd | undefined> {
    const deadline = ms === undefined ? Infinity : this.clock.monotonic() + ms;
    while (!session.over) {
      const left = deadline - this.clock.monotonic();
      if (left <= 0) return undefined;
      try {
        const result = await this.server.waitIdle(session.identity.wire, { quietMs, maxWaitMs: Math.min(left, 30_000) + quietMs, fresh: true }, signal);
        if (result.idle) return { outcome: "exited", exit_code: null, known_by: "quiet", output: undefined };
      } catch (error) {
        if (!hasCode(error, "session_not_found")) throw error;
        await session.until(() => (session.over ? true : undefined), acceptMs);
        break;
      }
    }
    return { outcome: "session_ended", exit_code: session.over?.exit_code ?? null, known_by: "session_end", output: undefined };
  }

  /** Waits for the end; time over or a stop is answered with Ctrl-C, then Ctrl-\, then the end of the session. */
  async ended(
    request: Pick<CommandRequest, "session" | "mode" | "signal" | "timeoutMs">,
    wait: (ms: number | undefined, signal: AbortSignal | undefined) => Promise<CommandEnd | undefined>,
  ): Promise<{ end: CommandEnd; usable: boolean }> {
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
      await this.server.sendInput(wire, key).catch(() => undefined);
      const stopped = request.mode === "program" ? undefined : await wait(interruptMs, undefined);
      if (stopped) return { end: session.over ? stopped : { ...stopped, outcome }, usable: true };
      if (request.mode === "program") return { end: { outcome, exit_code: null, known_by: "none", output: undefined }, usable: true };
    }
    await this.server.kill(wire).catch(() => undefined);
    return { end: { outcome, exit_code: null, known_by: "session_end", output: session.marks.runningOutput }, usable: false };
  }

  /** The prompt to type at. Throws when there is none, or when somebody's text stands on it. */
  async #prompt({ session, signal }: CommandRequest): Promise<number> {
    const n = await session.cleanPrompt(promptMs, signal);
    if (session.over) throw new OrchestratorError("session_not_found", `The session ${session.identity.name} has ended.`, "Run the project again; it makes a new session.");
    if (n !== undefined) return n;
    const { name } = session.identity;
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

  async #intend(request: CommandRequest, prompt: Pick<EntryDraft, "k" | "n" | "typed_as">): Promise<string> {
    const command_id = this.ids.next();
    await this.journal.append(
      {
        kind: "command",
        actor: request.actor,
        session_name: request.session.identity.name,
        text: commandSentence(request.text, request.task_id),
        input: request.text,
        command_id,
        role: request.role,
        cwd: request.cwd,
        ...prompt,
        ...taskFields(request),
        refs: [
          ...(request.task_id === undefined ? [] : [{ type: "task", id: request.task_id }]),
          ...(request.approval === undefined ? [] : [{ type: "entry", id: request.approval }]),
        ],
      },
      "synced",
    );
    return command_id;
  }

  async #finish(request: CommandRequest, { command_id, end, duration_ms, usable }: Typed): Promise<CommandReport> {
    const { output, complete } = await this.#output(request, end);
    const written = this.journal.append(
      {
        kind: "result",
        actor: "engine",
        session_name: request.session.identity.name,
        text: resultSentence(end, duration_ms),
        command_id,
        role: request.role,
        outcome: end.outcome,
        exit_code: end.exit_code,
        known_by: end.known_by,
        duration_ms: Math.round(duration_ms * 10) / 10,
        output,
        complete,
        ...taskFields(request),
        refs: [{ type: "command", id: command_id }],
      },
      "synced",
    );
    const recorded = written.then(() => undefined);
    // Whoever waits for it hears of a failure; nobody has to.
    recorded.catch(() => undefined);
    return { command_id, outcome: end.outcome, exit_code: end.exit_code, known_by: end.known_by, duration_ms, output, sessionUsable: usable, recorded };
  }

  /** What it printed: the bytes between the marks, or, when some were lost or there are no marks, what the screen still shows. */
  async #output({ session }: CommandRequest, end: CommandEnd): Promise<{ output: string; complete: boolean }> {
    const { rows, cols, wire } = session.identity;
    if (end.outcome === "not_sent") return { output: "", complete: true };
    if (end.output && !end.output.incomplete) {
      const rendered = await renderOutput(end.output.bytes(), { cols, rows, truncatedHead: end.output.truncatedHead });
      return { output: rendered.text, complete: end.outcome !== "unknown" };
    }
    if (session.over) return { output: session.lastLine, complete: false };
    try {
      const { lines } = await this.server.scrollback(wire, 200, "plain");
      return { output: lines.map((line) => (typeof line === "string" ? line : "")).join("\n").trimEnd(), complete: false };
    } catch (error) {
      return { output: `(The screen could not be read: ${messageOf(error)})`, complete: false };
    }
  }
}

const notSent: CommandEnd = { outcome: "not_sent", exit_code: null, known_by: "none", output: undefined };

function taskFields(request: CommandRequest): Partial<EntryDraft> {
  if (request.task_id === undefined) return {};
  return {
    task_id: request.task_id,
    ...(request.attempt === undefined ? {} : { attempt: request.attempt }),
    ...(request.step === undefined ? {} : { step: request.step }),
  };
}
