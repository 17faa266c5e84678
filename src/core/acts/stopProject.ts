import type { ContextEntry } from "../model/entry";
import { OrchestratorError } from "../model/errors";
import { durationText } from "../model/sentences";
import { requestStop } from "../people/runnerRequests";
import { untilNotRunning } from "../record/lease";
import type { OpenRecord } from "../record/projectRecord";
import { type Acting, runnerOf } from "./acting";
import { advice } from "../model/remedy";

export interface StopProjectRequest {
  /** Waits until the run has ended, or this is aborted. Absent: it is only asked to. */
  readonly wait?: AbortSignal;
  /** How a run of this very process is stopped. */
  readonly stopHere?: () => void;
}

export type StopProjectResult =
  | { readonly how: "not_running" | "stopped_here" }
  | {
      /** `ended`: it was waited for. */
      readonly how: "asked" | "ended";
      readonly entry: ContextEntry;
      /** The process that runs, or ran, the project, as people read it. */
      readonly runner: string;
    };

/** A run interrupts what it runs, with stronger means every few seconds, before it ends. */
const patienceMs = 30_000;

/**
 * Ends a project's run wherever it is; its sessions stay. Throws `timeout` when the run has not ended in 30 s, and the
 * signal's reason.
 */
export async function stopProject(
  record: OpenRecord,
  by: Acting,
  { wait, stopHere }: StopProjectRequest,
): Promise<StopProjectResult> {
  if (by.runsHere && stopHere) {
    stopHere();
    return { how: "stopped_here" };
  }
  const runner = await runnerOf(record, by);
  const { lease } = record.state;
  if (runner === undefined || !lease) return { how: "not_running" };
  const entry = await requestStop(record, lease, by.actor);
  if (!wait) return { how: "asked", entry, runner };
  await untilEnded(record, by, wait, runner);
  return { how: "ended", entry, runner };
}

async function untilEnded(record: OpenRecord, by: Acting, wait: AbortSignal, runner: string): Promise<void> {
  const late = new AbortController();
  const timer = by.clock.after(patienceMs, () =>
    late.abort(
      new OrchestratorError(
        "timeout",
        `${record.ledger.project_id} did not stop within ${durationText(patienceMs)}; it still runs in ${runner}.`,
        advice("It may still stop by itself. If it does not, end that process."),
      ),
    ),
  );
  try {
    await untilNotRunning(record, by.processes, by.clock, by.actor, AbortSignal.any([late.signal, wait]));
  } finally {
    timer.dispose();
  }
}
