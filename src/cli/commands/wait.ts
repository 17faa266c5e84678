import { OrchestratorError } from "../../core/model/errors";
import { projectIdOf } from "../../core/model/names";
import type { Container } from "../container";
import { type ExitCode, exitCode } from "../exitCodes";
import { waitForProject } from "../projectWait";
import { waitForSession } from "../sessionWait";
import { advice } from "../../core/model/remedy";

export interface WaitOptions {
  /** Milliseconds. */
  readonly timeout?: number;
}

/** Longest time that a timer of node takes; nobody waits for longer than 24 days. */
const longestMs = 2 ** 31 - 1;

/** Waits for a project, or for the session of that name when there is no such project. */
export async function waitFor(container: Container, name: string, { timeout }: WaitOptions): Promise<ExitCode> {
  const { interrupts, clock } = container;
  const timeOver = new AbortController();
  const timer =
    timeout === undefined ? undefined : clock.after(Math.min(timeout, longestMs), () => timeOver.abort(tooLong(name)));
  const signal = AbortSignal.any([interrupts.signal, timeOver.signal]);
  interrupts.busy = true;
  try {
    return (await isProject(container, name))
      ? await waitForProject(container, name, signal)
      : await waitForSession(container, name, signal);
  } catch (error) {
    if (interrupts.signal.aborted) return exitCode.interrupted;
    throw error;
  } finally {
    interrupts.busy = false;
    timer?.dispose();
  }
}

function tooLong(name: string): OrchestratorError {
  return new OrchestratorError(
    "timeout",
    `${name} was still running when the time was up.`,
    advice("See what it does with: wsh-orchestrator status"),
  );
}

async function isProject(container: Container, name: string): Promise<boolean> {
  if (name.includes("::")) return false;
  const known = await container.store.list();
  return known.includes(projectIdOf(name)) || known.includes(name);
}
