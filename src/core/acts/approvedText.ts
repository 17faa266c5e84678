import { hiddenText } from "../command/hiddenText";
import { actorName } from "../model/actorName";
import { OrchestratorError } from "../model/errors";
import { advice } from "../model/remedy";
import { brief } from "../model/sentences";
import { type HeldPlace, heldReason } from "../people/heldReason";
import type { PolicyDecision } from "../ports/safety";
import type { OpenRecord } from "../record/projectRecord";
import { type Approval, saidHere } from "../safety/consent";
import { visibleText } from "../safety/controlCharacters";
import { type ConfirmingWorld, confirmed } from "./confirming";

export interface ApprovingWorld extends ConfirmingWorld, HeldPlace {
  readonly record: Pick<OpenRecord, "append">;
  readonly actor: string;
}

/** What somebody wants to be typed, and what the policy says of it. */
export interface JudgedText {
  readonly session_name: string;
  /** What was judged: what stands there once the text is typed. */
  readonly line: string;
  readonly decision: PolicyDecision;
  /** It is a secret. */
  readonly hidden: boolean;
}

/**
 * The word of who let a text pass that the policy does not allow by itself, which counts for this process and now only;
 * undefined when they did not. Throws `needs_person` for what it forbids, and what `confirm` throws.
 */
export async function approvalOf(world: ApprovingWorld, judged: JudgedText): Promise<Approval | undefined> {
  const { record, actor } = world;
  const { session_name, line, decision, hidden } = judged;
  const { verdict, rule } = decision;
  if (verdict === "deny")
    throw new OrchestratorError(
      "needs_person",
      `The policy forbids this: ${decision.reason}`,
      advice("If you must run it, type it in the session yourself."),
    );
  const text = hidden ? hiddenText : visibleText(line);
  const reason = await heldReason(decision, world);
  if (!(await confirmed(world, { act: "send", session_name, reason, text, destructive: true }))) return undefined;
  const entry = await record.append(
    {
      kind: "policy",
      actor,
      session_name,
      text: `${actorName(actor)} allowed "${brief(text, 200)}": ${reason}`,
      ...(hidden ? {} : { input: text }),
      rule,
      event: "confirmed",
    },
    "synced",
  );
  return saidHere(entry.id);
}
