import { isStopped, type TurnEnd } from "../model/agentTurn";
import type { CommandReport } from "../command/commandRunner";
import { isHeld } from "../command/resultSentences";
import { untilWords } from "./planUntil";
import type { PlanTask, PlanUntil } from "../model/plan";
import { brief, withoutStop } from "../model/sentences";
import type { PolicyDecision } from "../ports/safety";
import { visibleText } from "../safety/controlCharacters";
import type { RunningCommand } from "../session/openSession";
import type { Release } from "../session/sessionPool";

/** A command that waits for a person's word, and why. */
export interface Asked {
  readonly step: number;
  readonly text: string;
  readonly cwd: string;
  /** What reads it. */
  readonly shell: string;
  readonly decision: PolicyDecision;
  /** Who had answered, and why that does not count; absent or empty where nobody had. */
  readonly former?: string;
}

export interface AttemptResult {
  readonly state: "succeeded" | "failed" | "unknown" | "interrupted" | "blocked";
  readonly exit_code: number | null;
  /** For people; empty when it succeeded. */
  readonly reason: string;
  readonly command_id: string | null;
  readonly commands: number;
  readonly lastLine: string;
  readonly session: Release;
  /** What keeps running in its session. */
  readonly running?: RunningCommand;
  /** The session was gone before anything of the task was typed there. */
  readonly untouched: boolean;
  /** Its check has failed, and showed this: its agent can be told. */
  readonly check?: { readonly output: string };
  /** A person has ended the turn of its agent. */
  readonly stopped?: boolean;
  /** Nobody knows whether its agent has taken the prompt. */
  readonly stalled?: boolean;
  /** The session of its agent ended in the middle of a turn: it may be started again. */
  readonly agentEnded?: boolean;
  /** Its prompt waits until a person has said something about this task. */
  readonly parked?: string;
  /** A person has to allow this step first. */
  readonly ask?: Asked;
  /** Its text was not typed, because a program shows something else than its prompt: what a person is asked about. */
  readonly shown?: ShownProgram;
}

/** A program's screen that a text was not typed at. */
export interface ShownProgram {
  readonly step: number;
  readonly text: string;
  readonly fingerprint: string;
}

/** An attempt that could not begin. */
export function blockedBy(reason: string): AttemptResult {
  return {
    state: "blocked",
    exit_code: null,
    reason,
    command_id: null,
    commands: 0,
    lastLine: "",
    session: "over",
    untouched: true,
  };
}

/** Why a command is not typed that the policy forbids, which is nobody's to allow. `what` names it. */
export function forbidden(what: string, reason: string): string {
  return `the policy forbids ${reason.startsWith(what) ? "this" : what}: ${withoutStop(reason)}`;
}

/** What a task sends in its own session: its commands, or the one prompt. */
function ownTexts({ run, prompt }: PlanTask): readonly string[] {
  return prompt === undefined ? run : ["text" in prompt ? prompt.text : prompt.file];
}

/** How often a task may be tried in all. */
export function triesOf({ prompt, attempts, retries }: PlanTask): number {
  return prompt === undefined ? retries.attempts : (attempts ?? 1);
}

/** How many steps of a task are its own session's; the next one is its check. */
export function ownSteps(task: PlanTask): number {
  return task.prompt === undefined ? task.run.length : 1;
}

/** The texts of a task with their steps: `run` in order, or `prompt`, then `check`. */
export function stepsOf(task: PlanTask): string[] {
  return [...ownTexts(task), ...(task.check === undefined ? [] : [task.check])];
}

/** One command of a task, and what its end means for the task. */
export interface Step {
  readonly text: string;
  readonly isCheck?: boolean;
  /** It is for a coding agent; its text is written when it is sent. */
  readonly isPrompt?: boolean;
  /** Nothing behind it tells whether the task succeeded. */
  readonly decides?: boolean;
  readonly until?: PlanUntil | undefined;
}

export function stepAt(task: PlanTask, step: number): Step {
  const own = ownSteps(task);
  const last = step === own - 1;
  return {
    text: stepsOf(task)[step] ?? "",
    isCheck: step >= own,
    isPrompt: step < own && task.prompt !== undefined,
    decides: last && task.check === undefined,
    until: last ? task.until : undefined,
  };
}

/** Why a command's outcome ends its attempt; undefined when the next step may follow. */
export function failureOf(
  report: Pick<CommandReport, "outcome" | "exit_code" | "known_by" | "means" | "held" | "why" | "turn">,
  { text, isCheck, isPrompt, decides, until }: Step,
): { state: AttemptResult["state"]; reason: string } | undefined {
  const kind = isCheck === true ? "the check " : isPrompt === true ? "the prompt " : "";
  const what = `${kind}"${brief(visibleText(text))}"`;
  switch (report.outcome) {
    case "still_running":
      return undefined;
    case "exited":
      if (report.turn) return turnFailure(report.turn);
      if (isHeld(report.known_by) || report.known_by === "rest") return undefined;
      if (report.known_by === "quiet")
        return decides === true
          ? {
              state: "unknown",
              reason: `${what} has no exit code, and the task has no check and no until that would tell`,
            }
          : undefined;
      if (report.exit_code === 0)
        return until === undefined
          ? undefined
          : { state: "failed", reason: `${what} ended before ${untilWords(until)}` };
      return {
        state: "failed",
        reason:
          report.exit_code === null
            ? `${what} failed with an unknown exit code`
            : `${what} ended with exit code ${report.exit_code}`,
      };
    case "session_ended":
      if (report.exit_code === 0 && isPrompt !== true) return undefined;
      return {
        state: report.exit_code === null ? "unknown" : "failed",
        reason: `the session ended during ${what}${report.exit_code === null ? "" : ` with exit code ${report.exit_code}`}`,
      };
    case "rejected":
      return { state: "failed", reason: `the shell did not accept ${what}` };
    case "timed_out":
      return {
        state: "failed",
        reason: `${what} timed out${report.means === "session_end" ? ", and its session had to be ended" : ""}`,
      };
    case "suspended":
      return { state: "blocked", reason: `${what} was suspended` };
    case "interrupted":
      return { state: "interrupted", reason: `${what} was interrupted` };
    case "cancelled":
      return { state: "interrupted", reason: `${what} was cancelled before it ran` };
    case "not_sent":
      if (report.held?.decision.verdict === "deny")
        return { state: "blocked", reason: forbidden(what, report.held.decision.reason) };
      return {
        state: "blocked",
        reason: report.held
          ? `${what} needs approval: ${withoutStop(report.held.decision.reason)}`
          : `${what} could not be sent, because the session is in use`,
      };
    case "unknown":
      return {
        state: "unknown",
        reason: report.why === undefined ? `the end of ${what} was not seen` : `${what}: ${report.why}`,
      };
  }
}

/** What of a failure is its agent's to mend, or a new session's. */
export function promptEnd(
  { isPrompt, isCheck }: Step,
  { outcome, output, turn }: Pick<CommandReport, "outcome" | "output" | "turn">,
): Pick<AttemptResult, "check" | "agentEnded" | "stopped" | "stalled"> {
  if (isPrompt === true && isStopped(turn)) return { stopped: true };
  if (isPrompt === true && outcome === "unknown") return { stalled: true };
  if (isPrompt === true) return outcome === "session_ended" ? { agentEnded: true } : {};
  return isCheck === true && outcome === "exited" ? { check: { output } } : {};
}

/** A turn that no further prompt can mend by itself. */
function turnFailure({ state, kind, why }: TurnEnd): { state: AttemptResult["state"]; reason: string } {
  const next =
    kind === "auth"
      ? "; log in in its terminal, then retry"
      : state === "limited"
        ? ", and does not say until when; retry once it has ended"
        : "";
  return { state: "blocked", reason: `${withoutStop(why)}${next}` };
}
