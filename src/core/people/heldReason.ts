import type { Clock, Folders } from "../ports/machine";
import type { PolicyDecision } from "../ports/safety";
import { hitSentence } from "../safety/hitSentence";

export interface HeldPlace {
  readonly folders: Pick<Folders, "hitBy">;
  readonly clock: Pick<Clock, "now">;
  /** Absolute path of the folder of the own record. */
  readonly workspace: string;
}

/** Why somebody is asked, and what is there now that would be hit, where that is found within a second. */
export async function heldReason(
  { reason, targets = [] }: PolicyDecision,
  { folders, clock, workspace }: HeldPlace,
): Promise<string> {
  if (targets.length === 0) return reason;
  const hit = await folders.hitBy(targets, workspace).catch(() => undefined);
  return hit ? `${reason} ${hitSentence(hit, clock.now())}` : reason;
}
