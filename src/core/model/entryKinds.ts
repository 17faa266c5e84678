/** Kinds of the shared contract (cli.md). A reader meets others too; it keeps and shows them. */
export const entryKinds = [
  "project",
  "session",
  "task",
  "command",
  "result",
  "note",
  "handoff",
  "heartbeat",
  "state",
  "policy",
  "lease",
  "approval_needed",
  "blocked",
  "error",
  "delivery",
  "answer",
] as const;

export type KnownEntryKind = (typeof entryKinds)[number];

// `string & {}` keeps completion for the known kinds while any other string is accepted.
export type EntryKind = KnownEntryKind | (string & {});

/** The kinds that may need a human. */
export const escalationKinds: readonly string[] = ["approval_needed", "blocked", "error"] satisfies KnownEntryKind[];

/**
 * How a command's outcome is known, best first (shell-marks: mark, probe, sentinel; what it was waited for, or the state
 * that rules find; else a program's prompt that is back, or the session's end).
 */
export const evidences = [
  "mark",
  "probe",
  "sentinel",
  "screen",
  "port",
  "state",
  /** The rules of its program say that it is at rest again. */
  "rest",
  /** Its agent was seen to take it, and nobody waits for what the agent does about it. */
  "taken",
  "quiet",
  "session_end",
  "none",
] as const;

export const outcomes = [
  "exited",
  /** Its screen shows what was waited for; the command goes on running, and its end is no matter of its task. */
  "still_running",
  "rejected",
  "interrupted",
  "suspended",
  "timed_out",
  "cancelled",
  "session_ended",
  "not_sent",
  "unknown",
] as const;

/**
 * What it took to stop a command: its line was taken back before the shell began it, keys, or the end of its session
 * (the next task gets a new one).
 */
export const stopMeans = ["withdrawn", "ctrl_c", "ctrl_backslash", "session_end"] as const;

export type StopMeans = (typeof stopMeans)[number];

export type Evidence = (typeof evidences)[number];

export type Outcome = (typeof outcomes)[number];

/** A person looked at what a session has done: `event` of a `session` entry. */
export const sessionSeenEvent = "seen";
/** A person types in a session of which their terminal is one of several: `event` of a `session` entry. */
export const keyboardTakenEvent = "keyboard_taken";
/** …and no longer does; `refs` have the entry that said so, as those of `detached`. */
export const keyboardGivenEvent = "keyboard_given";
/** Another run continues in a session. */
export const sessionReusedEvent = "reused";
/** A program asks something in its session: `event` of a question. */
export const terminalAsksEvent = "terminal_asks";
/** A command of a task has printed nothing for long: `event` of a question. */
export const quietAsksEvent = "quiet_asks";
/** That question is none any more: `event` of a `note` with the question in its `refs`. */
export const quietOverEvent = "quiet_over";
/** What became of an answer that is typed into a session: `event` of a `note` with the question in its `refs`. */
export const answerTypedEvent = "answer_typed";
export const answerNotTypedEvent = "answer_not_typed";
/** A command that kept running after its task was done has ended: `event` of a `state` entry. */
export const commandEndedEvent = "command_ended";
/** A coding agent has reached a limit, and tasks wait for its end; or takes prompts again: `event` of a `state` entry. */
export const agentLimitedEvent = "agent_limited";
export const agentLimitOverEvent = "agent_limit_over";
/** A task waits for what a person says about another one, which its `refs` have as `asked`: `event` of a `task` entry. */
export const parkedEvent = "parked";
/** An agent continues the conversation of a task in another session: `event` of a `state` entry. */
export const agentResumedEvent = "agent_resumed";
/** Somebody wants a runner to leave everything as it is, for another one. */
export const handOverEvent = "handover_requested";
/** A person put a project away, took it back, or gave it another name for people: `event` of a `project` entry. */
export const archivedEvent = "archived";
export const restoredEvent = "restored";
export const renamedEvent = "renamed";
/** Somebody wants a session restarted. */
export const restartEvent = "restart_requested";
/** A handoff note was for a program, which takes none. */
export const notShownEvent = "not_shown";
/** Somebody wants a task retried. */
export const retryEvent = "retry_requested";
/** A person says that the state of a session was told wrongly: `event` of a `note`, which has the right one. */
export const stateWrongEvent = "state_wrong";
