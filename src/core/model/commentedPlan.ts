import { Document, isMap } from "yaml";
import { documentText, type Plan, planFile } from "./plan";

/** Sentences for people, without line breaks. */
export interface PlanComments {
  readonly head: readonly string[];
  /** Above a task, by its id. */
  readonly tasks: ReadonlyMap<string, readonly string[]>;
}

/** The text of plan.yaml for a plan, as `planToYaml`, with comments. */
export function commentedPlan(plan: Plan, { head, tasks }: PlanComments): string {
  const document = new Document(planFile(plan), { aliasDuplicateObjects: false });
  const written = (lines: readonly string[]): string => lines.map((line) => ` ${line}`).join("\n");
  document.commentBefore = written(head);
  plan.tasks.forEach(({ id }, index) => {
    const node = document.getIn(["tasks", index]);
    const lines = tasks.get(id) ?? [];
    if (isMap(node) && lines.length > 0) node.commentBefore = written(lines);
  });
  return documentText(document);
}
