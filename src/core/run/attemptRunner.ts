import type { ContextEntry } from "../model/entry";
import { hasCode, messageOf } from "../model/errors";
import type { PlanTask } from "../model/plan";
import type { Clock, Folders, Logger } from "../ports/machine";
import type { CommandReport, CommandRunner, HeldCommand } from "../command/commandRunner";
import { notesFor } from "../people/handoffs";
import { cannotBeShown, showHandoff } from "../people/handoffShowing";
import type { OpenRecord } from "../record/projectRecord";
import { withoutStop } from "../model/sentences";
import { quotedWord } from "../sense/shellWord";
import type { OpenSession } from "../session/openSession";
import { lastLineOf } from "../model/commandOutput";
import type { Approval } from "../safety/consent";
import { type Asked, type AttemptResult, failureOf, stepsOf } from "./attempt";

export interface AttemptRequest {
  readonly task: PlanTask;
  readonly attempt: number;
  readonly session: OpenSession;
  readonly cwd: string;
  readonly fromStep: number;
  /** A person's yes to a step, by step. */
  readonly approvals: ReadonlyMap<number, Approval>;
  readonly signal: AbortSignal;
}

/** A person who types in a session of the project gets this long to finish, before the task is said to be blocked. */
const draftMs = 10_000;

/** Runs one attempt of one task in one session. */
export class AttemptRunner {
  /** The session that was typed in last: only there is the folder known to be what the prompt said. */
  #lastTyped: OpenSession | undefined;

  constructor(
    private readonly record: OpenRecord,
    private readonly runner: CommandRunner,
    private readonly clock: Clock,
    private readonly folders: Folders,
    private readonly logger: Logger,
  ) {}

  /** Throws only what must end the whole run: ledger errors, `server_unreachable`, `driven_elsewhere`. */
  async attempt(request: AttemptRequest): Promise<AttemptResult> {
    const progress = new Progress();
    const { task, session, signal } = request;
    const deadline = task.timeout_ms === undefined ? undefined : this.clock.monotonic() + task.timeout_ms;
    const left = (): number | undefined =>
      deadline === undefined ? undefined : Math.max(1, deadline - this.clock.monotonic());
    try {
      const prepared = await this.#prepare(request, left());
      if (prepared) return progress.result(prepared.state, prepared.reason);
      for (const [step, text] of stepsOf(task).entries()) {
        if (step < request.fromStep) continue;
        if (signal.aborted) return progress.result("interrupted", "the run was stopped");
        session.startedIn = undefined;
        this.#lastTyped = session;
        const report = await this.runner.run(this.#command(request, text, step, left()));
        // The session ended before the line was taken: nothing of it ran, and another session can do it.
        if (report.outcome === "not_sent" && !report.sessionUsable) {
          return {
            ...progress.result("failed", "its session ended before the command started"),
            session: "over",
            untouched: progress.commands === 0,
          };
        }
        progress.add(report);
        const failure = failureOf(report, text, step >= task.run.length);
        if (failure) {
          await report.recorded;
          return {
            ...progress.result(failure.state, failure.reason),
            ...(report.held?.decision.verdict === "ask" ? { ask: askedOf(request, step, text, report.held) } : {}),
          };
        }
        if (!report.sessionUsable && step + 1 < stepsOf(task).length)
          return progress.result("failed", "its session ended before the next command");
      }
      await progress.last?.recorded;
      return progress.result("succeeded", "");
    } catch (error) {
      return this.#failed(error, progress, signal);
    }
  }

  /** What an error says of the attempt; throws those that end the whole run. */
  async #failed(error: unknown, progress: Progress, signal: AbortSignal): Promise<AttemptResult> {
    if (hasCode(error, "driven_elsewhere")) throw error;
    await progress.last?.recorded;
    if (signal.aborted) return progress.result("interrupted", "the run was stopped");
    const reason = withoutStop(messageOf(error));
    if (hasCode(error, "draft_on_line", "session_busy"))
      return { ...progress.result("blocked", reason), session: "leave" };
    if (hasCode(error, "session_not_found"))
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
      ...(step === undefined ? {} : { step }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(approval === undefined ? {} : { approval }),
    };
  }

  /** Brings the session to the task's folder and shows it the notes that wait for it. Undefined when it is ready. */
  async #prepare(
    request: AttemptRequest,
    timeoutMs: number | undefined,
  ): Promise<{ state: AttemptResult["state"]; reason: string } | undefined> {
    const { session, cwd } = request;
    if (!(await this.folders.isFolder(cwd))) return { state: "failed", reason: `its folder ${cwd} does not exist` };
    for (const note of notesFor(this.record, session.role.name, session.name)) await this.#show(request, note);
    if (session.mode === "program" || session.startedIn === cwd) return undefined;
    // A folder may be created again while the shell is in the old one: only right after its own command does its prompt
    // tell the truth.
    if (this.#lastTyped === session && session.shell.marks.cwd === cwd) return undefined;
    const text = `cd ${quotedWord(cwd)}`;
    const report = await this.runner.run(this.#command(request, text, undefined, timeoutMs));
    await report.recorded;
    const failure = failureOf(report, text, false);
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
  last: CommandReport | undefined;

  add(report: CommandReport): void {
    this.last = report;
    if (report.command_id !== null) this.commands++;
  }

  result(state: AttemptResult["state"], reason: string): AttemptResult {
    const { last } = this;
    return {
      state,
      reason,
      exit_code: last?.exit_code ?? null,
      command_id: last?.command_id ?? null,
      commands: this.commands,
      lastLine: lastLineOf(last?.output ?? ""),
      session: last?.sessionUsable !== false ? "free" : last.means === "session_end" ? "stopped" : "over",
      untouched: false,
    };
  }
}
