import type { ContextEntry } from "../model/entry";
import { snoozedDraft } from "../people/deliveries";
import type { OpenRecord } from "../record/projectRecord";
import type { Acting } from "./acting";

export interface SnoozeQuestionRequest {
  readonly question: ContextEntry;
  /** Milliseconds from now. */
  readonly forMs: number;
}

export interface SnoozeQuestionResult {
  /** Undefined for a question that has its answer. */
  readonly entry: ContextEntry | undefined;
}

/** No message shows the question for a while. */
export async function snoozeQuestion(
  record: Pick<OpenRecord, "state" | "append">,
  { actor, clock }: Pick<Acting, "actor" | "clock">,
  { question, forMs }: SnoozeQuestionRequest,
): Promise<SnoozeQuestionResult> {
  if (record.state.escalations.get(question.id)?.answer) return { entry: undefined };
  const until = new Date(clock.now() + forMs).toISOString();
  return { entry: await record.append(snoozedDraft({ question, actor }, until, forMs), "written") };
}
