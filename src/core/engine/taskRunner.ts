import type { ContextEntry } from "../model/entry";
import { hasCode, messageOf } from "../model/errors";
import type { PlanTask } from "../model/plan";
import type { Clock, Folders, Logger } from "../ports";
import type { CommandReport, CommandRunner } from "./commandRunner";
import { handoffCommand, notesFor } from "./handoffs";
import type { Journal } from "./journal";
import type { OpenSession } from "./sessionPool";

export interface AttemptRequest {
  readonly task: PlanTask;
  readonly attempt: number;
  readonly session: OpenSession;
  readonly cwd: string;
  readonly fromStep: number;
  /** Answered escalations that allow a step, by step. */
  readonly approvals: ReadonlyMap<number, string>;
  readonly signal: AbortSignal;
}

export interface AttemptResult {
  readonly state: "succeeded" | "failed" | "unknown" | "interrupted" | "blocked";
  readonly exit_code: number | null;
  /** For people; empty when it succeeded. */
  readonly reason: string;
  readonly command_id: string | null;
  readonly commands: number;
  readonly lastLine: string;
  readonly sessionUsable: boolean;
}

/** The commands of a task with their steps: `run` in order, then `check`. */
export function stepsOf(task: PlanTask): string[] {
  return task.check === undefined ? [...task.run] : [...task.run, task.check];
}

/** A shell word that every supported shell reads as exactly this text. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Runs one attempt of one task in one session. */
export class TaskRunner {
  constructor(
    private readonly journal: Journal,
    private readonly runner: CommandRunner,
    private readonly clock: Clock,
    private readonly folders: Folders,
    private readonly logger: Logger,
  ) {}

  /** Throws only what must end the whole run: ledger errors and `server_unreachable`. */
  async attempt(request: AttemptRequest): Promise<AttemptResult> {
    const deadline = request.task.timeout_ms === undefined ? undefined : this.clock.monotonic() + request.task.timeout_ms;
    let last: CommandReport | undefined;
    let commands = 0;
    const result = (state: AttemptResult["state"], reason: string): AttemptResult => ({
      state,
      reason,
      exit_code: last?.exit_code ?? null,
      command_id: last?.command_id ?? null,
      commands,
      lastLine: last?.output.split("\n").findLast((line) => line.trim() !== "") ?? "",
      sessionUsable: last?.sessionUsable ?? true,
    });
    try {
      const prepared = await this.#prepare(request);
      if (prepared) return result("failed", prepared);
      for (const [step, text] of stepsOf(request.task).entries()) {
        if (step < request.fromStep) continue;
        if (request.signal.aborted) return result("interrupted", "it was stopped");
        const left = deadline === undefined ? undefined : Math.max(1, deadline - this.clock.monotonic());
        // Any command may change the folder that the next one starts in.
        request.session.cwd = undefined;
        last = await this.runner.run(this.#command(request, text, step, left));
        commands++;
        const failure = failureOf(last, text, step >= request.task.run.length);
        if (failure) {
          await last.recorded;
          return result(failure.state, failure.reason);
        }
        if (!last.sessionUsable && step + 1 < stepsOf(request.task).length) return result("failed", "its session ended before the next command");
      }
      await last?.recorded;
      return result("succeeded", "");
    } catch (error) {
      await last?.recorded;
      if (request.signal.aborted) return result("interrupted", "it was stopped");
      if (hasCode(error, "draft_on_line", "session_busy", "session_not_ready")) return { ...result("blocked", error.message), sessionUsable: false };
      if (hasCode(error, "session_not_found")) return { ...result("failed", error.message), sessionUsable: false };
      throw error;
    }
  }

  #command({ task, attempt, session, cwd, approvals, signal }: AttemptRequest, text: string, step: number | undefined, timeoutMs: number | undefined): Parameters<CommandRunner["run"]>[0] {
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
      ...(step === undefined ? {} : { step }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(approval === undefined ? {} : { approval }),
    };
  }

  /** Brings the session to the task's folder and shows it the notes that wait for it. A sentence when that is not possible. */
  async #prepare(request: AttemptRequest): Promise<string | undefined> {
    const { session, cwd } = request;
    if (!(await this.folders.isFolder(cwd))) return `its folder ${cwd} does not exist`;
    for (const note of notesFor(this.journal, session.role.name, session.name)) await this.#deliver(request, note);
    const at = session.shell.marks.cwd ?? session.cwd;
    if (session.mode === "program" || at === cwd) return undefined;
    const report = await this.runner.run(this.#command(request, `cd ${quoted(cwd)}`, undefined, undefined));
    session.cwd = undefined;
    return report.exit_code === 0 ? undefined : `it could not go to ${cwd}: ${report.output}`;
  }

  async #deliver(request: AttemptRequest, note: ContextEntry): Promise<void> {
    const { session } = request;
    if (session.mode === "marks") {
      try {
        await this.runner.run(this.#command(request, handoffCommand(note), undefined, undefined));
      } catch (error) {
        if (request.signal.aborted) throw error;
        this.logger.warn(`The note ${note.id} could not be shown in ${session.name}: ${messageOf(error)}`);
      }
    }
    await this.journal.append(
      {
        kind: "delivery",
        actor: "engine",
        session_name: session.name,
        event: "delivered",
        text: `${session.name} received the handoff of ${note.session_name ?? note.actor}.`,
        refs: [{ type: "entry", id: note.id }],
      },
      "synced",
    );
  }
}

/** Why a command's outcome ends its attempt; undefined when the next step may follow. */
export function failureOf(report: Pick<CommandReport, "outcome" | "exit_code" | "known_by" | "decision">, text: string, isCheck: boolean): { state: AttemptResult["state"]; reason: string } | undefined {
  const what = isCheck ? `the check "${text}"` : `"${text}"`;
  switch (report.outcome) {
    case "exited":
      if (report.exit_code === 0 || report.known_by === "quiet") return undefined;
      return { state: "failed", reason: `${what} ended with exit code ${report.exit_code ?? "unknown"}` };
    case "session_ended":
      if (report.exit_code === 0) return undefined;
      return { state: report.exit_code === null ? "unknown" : "failed", reason: `the session ended during ${what}${report.exit_code === null ? "" : ` with code ${report.exit_code}`}` };
    case "rejected":
      return { state: "failed", reason: `the shell did not take ${what}` };
    case "timed_out":
      return { state: "failed", reason: `${what} ran out of time` };
    case "suspended":
      return { state: "blocked", reason: `${what} was suspended` };
    case "interrupted":
    case "cancelled":
      return { state: "interrupted", reason: `${what} was interrupted` };
    case "not_sent":
      return { state: "blocked", reason: report.decision ? `${what} needs a person: ${report.decision.reason}` : `${what} could not be typed, because somebody uses the session` };
    case "unknown":
      return { state: "unknown", reason: `how ${what} ended is unknown` };
  }
}
