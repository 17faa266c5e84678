import { readablePlan } from "../core/run/readPlan";
import type { TypingTarget } from "../core/command/sessionTyping";
import type { PlanRole } from "../core/model/plan";
import { ProjectRecord } from "../core/record/projectRecord";
import { startedRole } from "../core/session/reachedSession";
import type { Container } from "./container";
import { MemoryLedger } from "./memoryLedger";
import type { FoundSession } from "./sessionLookup";

/**
 * The record that entries about this session go to, once for a session that was found; kept nowhere when it belongs to no
 * project here.
 */
export async function recordOf(container: Container, found: FoundSession): Promise<ProjectRecord> {
  const { clock, ids, logger } = container;
  if (!found.recorded) return ProjectRecord.open(new MemoryLedger(clock, ids), logger, { start: "beginning" });
  const { owner } = found.recorded;
  return ProjectRecord.resume(owner.ledger, logger, owner);
}

/** The session with what typing into it needs to know; a plan that cannot be read says nothing. */
export function typingTarget(container: Container, found: FoundSession): TypingTarget {
  const { context, owner } = found.recorded ?? {};
  const role = async (): Promise<PlanRole | undefined> => {
    // Sessions of other workspaces have no plan.
    const text = context && (await owner?.ledger.readPlan());
    return context && startedRole(context, await readablePlan(text, container.plans));
  };
  return { ...found, role, cwd: owner?.project.default_cwd ?? container.workspace };
}
