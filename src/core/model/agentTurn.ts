import type { ContextEntry, EntryDraft } from "./entry";
import { agentResumedEvent } from "./entryKinds";
import { stateKind, type StateKind } from "./stateKinds";

/** It failed, a limit ended it, or a person did, in its terminal; `withdrawn`: so that its prompt is to be entered again. */
const unfinished = ["failed", "limited", "stopped", "withdrawn"] as const;

/** How the turn of a coding agent ended that did not just finish. */
export interface TurnEnd {
  readonly state: (typeof unfinished)[number];
  readonly kind: StateKind | undefined;
  /** A sentence for people. */
  readonly why: string;
  /** When the limit ends, in milliseconds since 1970; undefined: it has none, or does not say. */
  readonly limitEnd: number | undefined;
}

/** How a turn of an agent ended, or that the check behind it failed. */
export const turnEnds = ["finished", "failed", "limited", "stopped", "ended", "check"] as const;

/** What has become of the prompts of a task, by the record. */
export interface TaskTurns {
  /** Prompts that were sent since somebody began the task. */
  readonly sent: number;
  /** Since then: turns in a row that failed and may go better next time. */
  readonly failures: number;
  /** Since then: sessions that ended in the middle of a turn. */
  readonly ended: number;
  /** Key of the session whose conversation has what was sent. */
  readonly k?: string | undefined;
  /** Of the newest prompt; absent while that is under way, and where nobody knows. */
  readonly last?: (typeof turnEnds)[number] | undefined;
  /** The result of the check that failed last. */
  readonly check?: ContextEntry | undefined;
  /** Of the newest prompt: a limit of its agent was told since it was sent, or ended its turn and is not told yet. */
  readonly limit?: "told" | "untold" | undefined;
}

const none: TaskTurns = { sent: 0, failures: 0, ended: 0 };

/** A person has ended it in its terminal. */
export function isStopped(turn: TurnEnd | undefined): boolean {
  return turn?.state === "stopped" || turn?.state === "withdrawn";
}

/** Whether other prompts for the same agent and account would end the same way, until that is over. */
export function isHeldBack({ state, kind }: TurnEnd): boolean {
  return state === "limited" || kind === "auth";
}

/** The fields of a result that say how the turn ended. */
export function turnFields(turn: TurnEnd | undefined): Pick<EntryDraft, "turn"> {
  if (turn === undefined) return {};
  const { state, kind, why, limitEnd } = turn;
  return {
    turn: {
      state,
      reason: why,
      ...(kind === undefined ? {} : { state_kind: kind }),
      ...(limitEnd === undefined ? {} : { not_before: new Date(limitEnd).toISOString() }),
    },
  };
}

/** How a result says that the turn ended. */
export function turnOf({ turn }: Pick<ContextEntry, "turn">): TurnEnd | undefined {
  const state = unfinished.find((each) => each === turn?.state);
  if (turn === undefined || state === undefined) return undefined;
  return {
    state,
    kind: stateKind(turn.state_kind),
    why: turn.reason ?? "",
    limitEnd: turn.not_before === undefined ? undefined : Date.parse(turn.not_before),
  };
}

/** The same after a command or a result of the task, or after its conversation was taken up in another session. */
export function turnsAfter(
  turns: TaskTurns | undefined,
  entry: ContextEntry,
  command?: ContextEntry,
): TaskTurns | undefined {
  const now = turns ?? none;
  if (entry.kind === "command" && entry.typed_as === "prompt")
    return { ...now, sent: now.sent + 1, k: entry.k, last: undefined, limit: undefined };
  if (entry.kind === "state" && entry.event === agentResumedEvent) return { ...now, k: entry.k };
  if (turns === undefined || entry.kind !== "result") return turns;
  if (command?.typed_as === "prompt") return afterPrompt(turns, entry);
  const hasFailed = entry.outcome === "exited" && entry.exit_code !== 0;
  return entry.step === undefined ? turns : { ...turns, ...(hasFailed ? { last: "check", check: entry } : {}) };
}

function afterPrompt(turns: TaskTurns, entry: ContextEntry): TaskTurns {
  const turn = turnOf(entry);
  switch (entry.outcome) {
    case "not_sent":
      return { ...turns, sent: turns.sent - 1 };
    case "exited":
      if (turn?.state === "withdrawn") return turns;
      if (turn?.state === "stopped") return { ...turns, last: turn.state };
      if (!turn) return { ...turns, last: "finished", failures: 0 };
      return {
        ...turns,
        ...(turn.state === "limited" ? { last: turn.state } : { last: "failed", failures: turns.failures + 1 }),
        ...(isHeldBack(turn) ? { limit: turns.limit ?? "untold" } : {}),
      };
    case "session_ended":
      return { ...turns, last: "ended", ended: turns.ended + 1 };
    case "interrupted":
    case "timed_out":
      return { ...turns, last: "stopped" };
    default:
      return turns;
  }
}

/** The same once somebody has the task tried again: what was sent stands in its conversation. */
export function turnsAgain({ k, last, check }: TaskTurns): TaskTurns {
  return { ...none, k, last, check };
}
