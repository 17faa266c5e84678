export const projectStatuses = ["planned", "running", "waiting", "blocked", "done", "failed", "stopped"] as const;

export type ProjectStatus = (typeof projectStatuses)[number];

export const sessionStates = [
  "starting",
  "working",
  "waiting",
  "idle",
  "done_unseen",
  "limited",
  "failed",
  "exited",
  "lost",
  "unclear",
] as const;

export type SessionState = (typeof sessionStates)[number];

/** Whether the session is over, so that one which has its name later is another one. */
export function hasEnded(state: SessionState): boolean {
  return state === "exited" || state === "lost";
}

/** Whether there is something to look at or type to; what is left of a start that failed is not. */
export function isLiving({
  state,
  state_kind,
}: {
  readonly state: SessionState;
  readonly state_kind?: string;
}): boolean {
  return !hasEnded(state) && !(state === "failed" && state_kind === "start");
}

/** Whether it is at rest, as far as is known: its shell stands at its prompt. */
export function isAtRest(state: SessionState): boolean {
  return state === "idle" || state === "done_unseen";
}

/**
 * How commands are run in a session, best first: by shell marks, by a printed end mark, until it is quiet (shell-marks
 * 1, 6).
 */
export const sessionModes = ["marks", "sentinel", "program"] as const;

export type SessionMode = (typeof sessionModes)[number];

export const taskStates = [
  "pending",
  "ready",
  "running",
  "succeeded",
  "failed",
  "blocked",
  "skipped",
  "cancelled",
  "unknown",
] as const;

export type TaskState = (typeof taskStates)[number];

/** Whether a task in this state may be tried again: it came to an end, or to a stand, without succeeding. */
export function mayBeRetried(state: TaskState): boolean {
  return ["failed", "unknown", "blocked", "cancelled", "skipped"].includes(state);
}
