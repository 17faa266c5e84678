import type { Disposable } from "../base/lifecycle";
import type { ContextEntry } from "../model/entry";
import { OrchestratorError } from "../model/errors";
import type { ConsentKeeper } from "../ports/consent";
import type { Clock, Processes } from "../ports/machine";
import type { PlanWork } from "../ports/plans";
import { runnerName, isOwn, untilNotRunning } from "../record/lease";
import type { OpenRecord } from "../record/projectRecord";

/** Who does something to a project, and what their process knows of its run. */
export interface Acting {
  /** `human:<user>` or `agent:<id>`. */
  readonly actor: string;
  readonly processes: Processes;
  readonly clock: Clock;
  readonly consents: ConsentKeeper;
  readonly plans: PlanWork;
  /**
   * The session of ours that this process runs below, by its logical name where that is known; undefined where a person
   * acts. What a person lets happen is not for a session to say.
   */
  readonly insideSession: string | undefined;
  /** This very process runs the project. */
  readonly runsHere: boolean;
}

/**
 * What follows from what somebody said to a project.
 *
 * - `runner_applies_it`: the process that runs it does.
 * - `resume_here`: nothing runs it, and whoever asked is to run it: `runProject`.
 * - `saved_not_running`: nothing runs it; the next run does it.
 * - `nothing`: no run waits for it.
 * - `typed`: it is typed where it was asked.
 */
export type Follows = "typed" | "runner_applies_it" | "resume_here" | "saved_not_running" | "nothing";

/** Throws `needs_person` below a session of ours. */
export function requirePerson({ insideSession }: Pick<Acting, "insideSession">): void {
  if (insideSession === undefined) return;
  throw new OrchestratorError(
    "needs_person",
    `This command runs in the session ${insideSession}, and a session cannot answer or confirm for you.`,
    { kind: "act_outside_session" },
  );
}

/**
 * The process that runs the project by the record as it is at this moment, as people read it; undefined while none
 * does.
 */
export async function runnerOf(
  record: Pick<OpenRecord, "state" | "catchUp">,
  { processes, runsHere }: Pick<Acting, "processes" | "runsHere">,
): Promise<string | undefined> {
  // What a window follows may lag behind.
  await record.catchUp();
  const { lease } = record.state;
  if (!lease) return undefined;
  const runs = isOwn(lease, processes) ? runsHere : (await processes.isAlive(lease)) !== false;
  return runs ? runnerName(lease, processes.host) : undefined;
}

/** An entry that somebody waits for, heard from now on. */
export interface AwaitedEntry extends Disposable {
  readonly signal: AbortSignal;
}

export function awaitEntry(record: Pick<OpenRecord, "onEntry">, isIt: (entry: ContextEntry) => boolean): AwaitedEntry {
  const met = new AbortController();
  const heard = record.onEntry((entry) => {
    if (isIt(entry)) met.abort();
  });
  return { signal: met.signal, dispose: () => heard.dispose() };
}

/**
 * Waits until the process that runs the project has written the entry: true. False once nothing runs it, without the
 * entry. Rejects with the signal's reason.
 */
export async function untilTakenUp(
  record: OpenRecord,
  { processes, clock, actor }: Acting,
  entry: AwaitedEntry,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await untilNotRunning(record, processes, clock, actor, AbortSignal.any([entry.signal, signal]));
    return entry.signal.aborted;
  } catch (error) {
    if (entry.signal.aborted) return true;
    throw error;
  }
}
