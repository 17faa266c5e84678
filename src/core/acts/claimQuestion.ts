import type { ContextEntry } from "../model/entry";
import { deliveredDraft } from "../people/deliveries";
import type { OpenRecord } from "../record/projectRecord";
import type { Acting } from "./acting";

export interface ClaimQuestionRequest {
  readonly question: ContextEntry;
  /** Higher than that of whoever told of it before and is gone; from 1. */
  readonly attempt: number;
}

export interface ClaimQuestionResult {
  readonly entry: ContextEntry;
}

/** Says that a window of this process tells the person of a question. Rejects where the record cannot be written. */
export async function claimQuestion(
  record: Pick<OpenRecord, "append">,
  { actor, processes }: Pick<Acting, "actor" | "processes">,
  { question, attempt }: ClaimQuestionRequest,
): Promise<ClaimQuestionResult> {
  return { entry: await record.append(deliveredDraft({ question, actor }, processes, attempt), "written") };
}
