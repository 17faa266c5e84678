import type { SendWorld } from "../core/acts/send";
import type { PromptWorld } from "../core/acts/prompt";
import type { TypingTarget } from "../core/command/sessionTyping";
import { OrchestratorError } from "../core/model/errors";
import { shortSession } from "../core/model/names";
import { clockTime, runningTime } from "../core/model/sentences";
import { tellQuestion } from "./askedMeanwhile";
import type { Container } from "./container";
import type { ExitCode } from "../protocol/exitCodes";
import { findSession } from "./sessionLookup";
import { recordOf, typingTarget } from "./sessionRecord";
import { type LimitOptions, WaitLimit } from "./waitLimit";

/** A session that somebody types into, and how long they wait for what comes of it. */
export interface HandTyping {
  readonly name: string;
  readonly target: TypingTarget;
  readonly world: Omit<SendWorld, "insideSession" | "redactor" | "folders" | "confirm"> & Omit<PromptWorld, "agents">;
  readonly limit: WaitLimit;
}

/** Finds the session, tells what it asks meanwhile, and gives the exit code of `work`. Throws as finding it and `work`. */
export async function typeByHand(
  container: Container,
  query: string,
  limits: LimitOptions,
  work: (typing: HandTyping) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { interrupts, clock, ids, actor, consents, logger, workspace } = container;
  const found = await findSession(container, query);
  const target = typingTarget(container, found);
  const record = await recordOf(container, found);
  interrupts.busy = limits.wait === true;
  const limit = new WaitLimit(container, limits);
  const asks = record.onEntry((entry) => tellQuestion(container, found.name, entry));
  try {
    const [policy, processes] = await Promise.all([container.policy(), container.processes]);
    const rules = (): ReturnType<Container["programRules"]> => container.programRules();
    const world = { record, policy, clock, ids, actor, processes, workspace, rules, consents, logger };
    return limit.codeOf(await work({ name: found.name, target, world, limit }));
  } finally {
    asks.dispose();
    limit.dispose();
    interrupts.busy = false;
    await record.close();
  }
}

/** That nobody waits any more; it is told as an error, since nobody knows how that ends. `what`: `"make" still runs`. */
export function leftAtWork(
  { clock }: Pick<Container, "clock">,
  { name, limit: { why = "interrupted" } }: Pick<HandTyping, "name" | "limit">,
  what: string,
  duration_ms: number,
): OrchestratorError {
  const since = clockTime(new Date(clock.now() - duration_ms).toISOString());
  return new OrchestratorError(
    why,
    `${what} in ${shortSession(name)}, since ${since} (for ${runningTime(duration_ms)}).`,
    { kind: "follow_session", session: name },
  );
}
