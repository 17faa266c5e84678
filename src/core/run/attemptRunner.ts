import type { ContextEntry } from "../model/entry";
import { hasCode, messageOf } from "../model/errors";
import type { PlanTask } from "../model/plan";
import type { Clock, Folders, Logger } from "../ports/machine";
import type { CommandReport, CommandRunner, HeldCommand } from "../command/commandRunner";
import { notesFor } from "../people/handoffs";
import { cannotBeShown, showHandoff } from "../people/handoffShowing";
import type { OpenRecord } from "../record/projectRecord";
import { brief, withoutStop } from "../model/sentences";
import { quotedWord } from "../sense/shellWord";
import type { OpenSession, RunningCommand } from "../session/openSession";
import { lastLineOf } from "../model/commandOutput";
import type { Approval } from "../safety/consent";
import { ProgramNotReady } from "../command/programNotReady";
import { questionAbout, sendOption } from "../people/escalations";
import { visibleText } from "../safety/controlCharacters";
import { checksApart } from "../session/checkRole";
import { limitOf, limitOver } from "../session/sensedStates";
import { pause } from "../session/pause";
import { type Asked, type AttemptResult, failureOf, promptEnd, ownSteps, type Step, stepAt, stepsOf } from "./attempt";
import { Parked } from "./parkedTasks";
import { untilOf, type UntilWorld } from "./planUntil";
import type { PromptAttempt, SendPrompt } from "./promptAttempt";
import { type KnownAgents, typedAgent } from "../command/typedAgent";

export interface AttemptRequest {
  readonly task: PlanTask;
  readonly attempt: number;
  readonly session: OpenSession;
  readonly cwd: string;
  readonly fromStep: number;
  /** A person's yes to a step, by step. */
  readonly approvals: ReadonlyMap<number, Approval>;
  readonly signal: AbortSignal;
  /** Where its check runs, when that is apart from `session`. */
  readonly checks: CheckSessions;
}

/** Lends a session of the same folder for a check. */
export interface CheckSessions {
  /** Throws what `SessionPool.acquire` throws. */
  acquire(): Promise<OpenSession>;
  release(session: OpenSession, usable: boolean): void;
}

/** A person who types in a session of the project gets this long to finish, before the task is said to be blocked. */
const draftMs = 10_000;
/** A server that was ended closes its port within this time. */
const closingMs = 3000;
const closingLookMs = 250;

/** Runs one attempt of one task in one session. */
export class AttemptRunner {
  /** The session that was typed in last: only there is the folder known to be what the prompt said. */
  #lastTyped: OpenSession | undefined;
  /** Questions about a program's screen whose answer, to send all the same, is used up. */
  readonly #sent = new Set<string>();

  constructor(
    private readonly record: OpenRecord,
    private readonly runner: CommandRunner,
    private readonly clock: Clock,
    private readonly folders: Folders,
    private readonly logger: Logger,
    private readonly until: UntilWorld,
    private readonly agents: KnownAgents,
    private readonly prompts: PromptAttempt,
  ) {}

  /** Throws only what must end the whole run: ledger errors, `server_unreachable`, `driven_elsewhere`. */
  async attempt(request: AttemptRequest): Promise<AttemptResult> {
    const progress = new Progress();
    const { task, session, signal } = request;
    const deadline = task.timeout_ms === undefined ? undefined : this.clock.monotonic() + task.timeout_ms;
    const limit = limitOf(this.until.states, session.shell);
    const before = limit.lastedMs;
    const waited = (): number => this.runner.waitedForKeyboardMs(session.shell);
    const waitedBefore = waited();
    const left = (): number | undefined =>
      deadline === undefined
        ? undefined
        : Math.max(1, deadline + limit.lastedMs - before + waited() - waitedBefore - this.clock.monotonic());
    try {
      const prepared = await this.#prepare(request, left());
      if (prepared) return progress.result(prepared.state, prepared.reason);
      for (const [step, text] of stepsOf(task).entries()) {
        if (step < request.fromStep) continue;
        if (signal.aborted) return progress.result("interrupted", "the run was stopped");
        const isApart = step >= ownSteps(task) && checksApart(task, session.role) && !session.role.checksOf;
        if (isApart) {
          const failure = await this.#checkApart(request, step, left(), progress);
          return failure ?? progress.result("succeeded", "");
        }
        progress.step = step;
        if (task.prompt === undefined) await this.#limitOver(session, signal);
        if (signal.aborted) return progress.result("interrupted", "the run was stopped");
        const taken = await this.#portTaken(stepAt(task, step), signal);
        if (taken !== undefined) return progress.result("blocked", taken);
        session.startedIn = undefined;
        this.#lastTyped = session;
        const send: SendPrompt = (words, more) =>
          this.runner.run({ ...this.#command(request, words, step, left()), ...more });
        const report = await (stepAt(task, step).isPrompt === true
          ? this.prompts.turns(request, send)
          : send(text, {}));
        // The session ended before the text was taken: nothing of it ran, and another session can do it.
        if (report.outcome === "not_sent" && !report.sessionUsable) {
          return {
            ...progress.result("failed", "its session ended before the command started"),
            session: "over",
            untouched: progress.commands === 0,
          };
        }
        progress.add(report);
        if (report.outcome === "still_running") progress.running = runningCommand(request, report, text);
        const failed = await this.#failure(request, report, step, progress);
        if (failed) return failed;
        if (
          !report.sessionUsable &&
          step + 1 < (checksApart(task, session.role) ? ownSteps(task) : stepsOf(task).length)
        )
          return progress.result("failed", "its session ended before the next command");
      }
      await progress.last?.recorded;
      return progress.result("succeeded", "");
    } catch (error) {
      return this.#failed(error, progress, signal);
    }
  }

  /** Why it could not be told when the command has opened its port; undefined where it can. */
  async #portTaken({ text, until }: Step, signal: AbortSignal): Promise<string | undefined> {
    if (until === undefined || !("port" in until)) return undefined;
    const { port } = until;
    const { ports } = this.until;
    if (!ports) return `its session runs on another machine, where port ${port} cannot be looked at from here`;
    // What an earlier try left behind may be about to close it.
    const deadline = this.clock.monotonic() + closingMs;
    while (await ports.isOpen(port)) {
      if (this.clock.monotonic() >= deadline)
        return `port ${port} is already used by another program, so it would not tell when "${brief(visibleText(text), 60)}" is ready; end that program first`;
      await pause(this.clock, closingLookMs, signal);
    }
    return undefined;
  }

  /** The result of an attempt that a command's outcome ends; undefined when the next step may follow. */
  async #failure(
    request: AttemptRequest,
    report: CommandReport,
    step: number,
    progress: Progress,
  ): Promise<AttemptResult | undefined> {
    const at = stepAt(request.task, step);
    const failure = failureOf(report, at);
    if (!failure) return undefined;
    await report.recorded;
    return {
      ...progress.result(failure.state, failure.reason),
      ...promptEnd(at, report),
      ...(report.shown === undefined ? {} : { shown: { step, ...report.shown } }),
      ...(report.held?.decision.verdict === "ask" ? { ask: askedOf(request, step, at.text, report.held) } : {}),
    };
  }

  /** Runs the check in a session of its own; undefined when it succeeded. */
  async #checkApart(
    request: AttemptRequest,
    step: number,
    timeoutMs: number | undefined,
    progress: Progress,
  ): Promise<AttemptResult | undefined> {
    const session = await request.checks.acquire();
    let usable = true;
    try {
      const there = { ...request, session };
      const prepared = await this.#enterFolder(there, timeoutMs);
      if (prepared) return progress.result(prepared.state, prepared.reason);
      session.startedIn = undefined;
      this.#lastTyped = session;
      const report = await this.runner.run(this.#command(there, stepAt(request.task, step).text, step, timeoutMs));
      usable = report.sessionUsable;
      progress.addApart(report);
      const failed = await this.#failure(there, report, step, progress);
      await report.recorded;
      return failed;
    } finally {
      request.checks.release(session, usable);
    }
  }

  /** What an error says of the attempt; throws those that end the whole run. */
  async #failed(error: unknown, progress: Progress, signal: AbortSignal): Promise<AttemptResult> {
    if (hasCode(error, "driven_elsewhere")) throw error;
    await progress.last?.recorded;
    if (signal.aborted) return progress.result("interrupted", "the run was stopped");
    const reason = withoutStop(messageOf(error));
    if (error instanceof Parked) return { ...progress.result("blocked", reason), session: "free", parked: error.asked };
    if (error instanceof ProgramNotReady) {
      const { screen } = error;
      const shown = screen && { step: progress.step, ...screen };
      return { ...progress.result("blocked", reason), session: "free", ...(shown === undefined ? {} : { shown }) };
    }
    // Only a session for its check is made in the middle of an attempt.
    if (hasCode(error, "session_not_ready", "session_limit", "needs_person"))
      return progress.result("blocked", `its check cannot run: ${reason}`);
    if (hasCode(error, "draft_on_line", "session_busy"))
      return { ...progress.result("blocked", reason), session: "leave" };
    if (hasCode(error, "session_not_found", "session_ended"))
      return { ...progress.result("failed", reason), session: "over", untouched: progress.commands === 0 };
    if (hasCode(error, "request_invalid")) return progress.result("failed", reason);
    throw error;
  }

  #command(
    { task, attempt, session, cwd, approvals, signal }: AttemptRequest,
    text: string,
    step: number | undefined,
    timeoutMs: number | undefined,
  ): Parameters<CommandRunner["run"]>[0] {
    const approval = step === undefined ? undefined : approvals.get(step);
    const passed = step === undefined ? undefined : this.#passed(task, step);
    const wanted = step === undefined ? undefined : stepAt(task, step).until;
    const until = wanted && untilOf(wanted, this.until);
    const agent = typedAgent(session.role, this.agents);
    return {
      text,
      session: session.shell,
      mode: session.mode,
      role: session.role.name,
      cwd,
      actor: "engine",
      task_id: task.id,
      attempt,
      signal,
      draftMs,
      states: this.until.states,
      ...(step === undefined ? {} : { step }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(approval === undefined ? {} : { approval }),
      ...(passed === undefined ? {} : { passed }),
      ...(until === undefined ? {} : { until }),
      ...(agent === undefined ? {} : { agent }),
    };
  }

  /** The screen that a person wants this step's text to be sent at, once. */
  #passed(task: PlanTask, step: number): string | undefined {
    const question = questionAbout(this.record.state, "blocked", task.id, step);
    const { id, screen } = question?.entry ?? { id: "" };
    if (question?.answer?.answer !== sendOption || screen === undefined || this.#sent.has(id)) return undefined;
    this.#sent.add(id);
    return screen;
  }

  /** Brings the session to the task's folder and shows it the notes that wait for it. Undefined when it is ready. */
  async #prepare(
    request: AttemptRequest,
    timeoutMs: number | undefined,
  ): Promise<{ state: AttemptResult["state"]; reason: string } | undefined> {
    const { session, cwd } = request;
    if (!(await this.folders.isFolder(cwd))) return { state: "failed", reason: `its folder ${cwd} does not exist` };
    // Notes stand in a prompt, which waits for the end of a limit by itself.
    if (request.task.prompt !== undefined) return undefined;
    await this.#limitOver(session, request.signal);
    if (request.signal.aborted) return { state: "interrupted", reason: "the run was stopped" };
    for (const note of notesFor(this.record, session.role.name, session.name)) await this.#show(request, note);
    return this.#enterFolder(request, timeoutMs);
  }

  /**
   * What a program that has reached a limit is sent is lost. What it had not done by then nobody tells it to do yet: that
   * needs to be known of each agent. A shell that is at its prompt has left what had a limit.
   */
  async #limitOver({ mode, shell }: OpenSession, signal: AbortSignal): Promise<void> {
    if (mode === "program") await limitOver(this.until.states, shell, this.clock, signal);
  }

  /** Undefined when the session's shell stands in the task's folder. */
  async #enterFolder(
    request: AttemptRequest,
    timeoutMs: number | undefined,
  ): Promise<{ state: AttemptResult["state"]; reason: string } | undefined> {
    const { session, cwd } = request;
    if (session.mode === "program" || session.startedIn === cwd) return undefined;
    // A folder may be created again while the shell is in the old one: only right after its own command does its prompt
    // tell the truth.
    if (this.#lastTyped === session && session.shell.marks.cwd === cwd) return undefined;
    const text = `cd ${quotedWord(cwd)}`;
    const report = await this.runner.run(this.#command(request, text, undefined, timeoutMs));
    await report.recorded;
    const failure = failureOf(report, { text });
    if (!failure || report.outcome !== "exited") return failure;
    return { ...failure, reason: `its folder ${cwd} cannot be entered: ${failure.reason}` };
  }

  async #show(request: AttemptRequest, note: ContextEntry): Promise<void> {
    const { session } = request;
    const command = this.#command(request, "", undefined, undefined);
    const showing = await showHandoff(this.record, this.runner, note, command);
    if (showing === "not_now") this.logger.warn(`The handoff note ${note.id} could not be shown in ${session.name}.`);
    if (showing === "cannot_be_shown") await this.record.append(cannotBeShown(note, session.name), "written");
  }
}

function askedOf({ cwd }: AttemptRequest, step: number, text: string, held: HeldCommand): Asked {
  const { reader, decision, objection } = held;
  return { step, text, cwd, shell: reader, decision, ...(objection === undefined ? {} : { former: objection }) };
}

/** What an attempt has typed so far. */
class Progress {
  commands = 0;
  /** The step that is worked at. */
  step = 0;
  last: CommandReport | undefined;
  running: RunningCommand | undefined;
  /** The newest of the task's own session: what becomes of that follows from it. */
  #own: CommandReport | undefined;

  add(report: CommandReport): void {
    this.#own = report;
    this.addApart(report);
  }

  /** A command in another session. */
  addApart(report: CommandReport): void {
    this.last = report;
    if (report.command_id !== null) this.commands++;
  }

  result(state: AttemptResult["state"], reason: string): AttemptResult {
    const { last } = this;
    const own = this.#own;
    return {
      state,
      reason,
      exit_code: last?.exit_code ?? null,
      command_id: last?.command_id ?? null,
      commands: this.commands,
      lastLine: last?.turn ? "" : lastLineOf(last?.output ?? ""),
      session:
        own?.outcome === "still_running"
          ? "runs"
          : own?.sessionUsable !== false
            ? "free"
            : own.means === "session_end"
              ? "stopped"
              : "over",
      untouched: false,
      ...(this.running === undefined ? {} : { running: this.running }),
    };
  }
}

function runningCommand(
  { task, session: { shell, mode } }: AttemptRequest,
  { command_id }: CommandReport,
  command: string,
): RunningCommand {
  const n = mode === "marks" ? shell.marks.n : undefined;
  return { task_id: task.id, command_id: command_id ?? "", command, n };
}
