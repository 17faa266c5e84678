import type { ContextEntry } from "../model/entry";
import { seenDraft } from "../people/deliveries";
import type { OpenRecord } from "../record/projectRecord";
import type { Acting } from "./acting";

export interface SeeQuestionRequest {
  readonly question: ContextEntry;
}

export interface SeeQuestionResult {
  /** Undefined for a question that has its answer: nobody need know who saw it. */
  readonly entry: ContextEntry | undefined;
}

/** A person knows of a question, so that no message tells of it again. */
export async function seeQuestion(
  record: Pick<OpenRecord, "state" | "append">,
  { actor }: Pick<Acting, "actor">,
  { question }: SeeQuestionRequest,
): Promise<SeeQuestionResult> {
  if (record.state.escalations.get(question.id)?.answer) return { entry: undefined };
  return { entry: await record.append(seenDraft({ question, actor }), "written") };
}
