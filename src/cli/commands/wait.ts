import { OrchestratorError } from "../../core/model/errors";
import { openIfNamed } from "../../core/acts/projectLookup";
import { shellWord } from "../../core/sense/shellWord";
import type { Container } from "../container";
import { type ExitCode, exitCode } from "../../protocol/exitCodes";
import { waitForProject } from "../projectWait";
import { waitForSession } from "../sessionWait";
import { type ConditionOptions, notMet, type WaitCondition, waitCondition } from "../waitCondition";
import { advice } from "../../core/model/remedy";

export interface WaitOptions extends ConditionOptions {
  /** Milliseconds. */
  readonly timeout?: number;
}

/** Longest time that a timer of node takes; nobody waits for longer than 24 days. */
const longestMs = 2 ** 31 - 1;

/** Waits for a project, or for the session of that name when there is no such project. Throws `usage` for bad options. */
export async function waitFor(container: Container, name: string, options: WaitOptions): Promise<ExitCode> {
  const { interrupts, clock } = container;
  const { timeout } = options;
  const condition = waitCondition(options);
  const timeOver = new AbortController();
  const timer =
    timeout === undefined
      ? undefined
      : clock.after(Math.min(timeout, longestMs), () => timeOver.abort(tooLong(name, condition)));
  const signal = AbortSignal.any([interrupts.signal, timeOver.signal]);
  interrupts.busy = true;
  try {
    if (!(await isProject(container, name))) return await waitForSession(container, name, condition, signal);
    if (condition) throw onlySessions(name);
    return await waitForProject(container, name, signal);
  } catch (error) {
    if (interrupts.signal.aborted) return exitCode.interrupted;
    throw error;
  } finally {
    interrupts.busy = false;
    timer?.dispose();
  }
}

function tooLong(name: string, condition: WaitCondition | undefined): OrchestratorError {
  if (condition)
    return new OrchestratorError("timeout", `${name} ${notMet(condition)} before the time was up.`, {
      kind: "look_at_session",
      session: name,
    });
  return new OrchestratorError(
    "timeout",
    `${name} was still running when the time was up.`,
    advice("See what it does with: wsh-orchestrator status"),
  );
}

function onlySessions(name: string): OrchestratorError {
  return new OrchestratorError(
    "usage",
    `${name} is a project: --state, --text and --stable wait for a session.`,
    advice(`List the sessions of ${name} with: wsh-orchestrator sessions ${shellWord(name)}`),
  );
}

async function isProject(container: Container, name: string): Promise<boolean> {
  if (name.includes("::")) return false;
  return (await openIfNamed(container.store, name)) !== undefined;
}
