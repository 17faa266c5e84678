import type { PlanTask } from "../model/plan";
import type { ProjectState } from "../model/projectState";
import type { Policy } from "../ports/safety";
import { questionAbout } from "../people/escalations";
import { type Asked, stepsOf } from "./attempt";
import type { Resume } from "./taskStanding";

/** Whether a task may begin, as far as its commands are concerned. */
export type Permission =
  /** `approvals`: the answered questions that allow steps, by step. */
  | { readonly kind: "given"; readonly approvals: ReadonlyMap<number, string> }
  /** A person is to be asked this first; nothing in it: all is asked already. */
  | { readonly kind: "awaited"; readonly ask: readonly Asked[] }
  /** Somebody said no: the actor of that answer. */
  | { readonly kind: "declined"; readonly by: string }
  /** What the policy forbids is nobody's to allow. */
  | { readonly kind: "forbidden"; readonly text: string; readonly reason: string };

export interface PermissionRequest {
  readonly task: PlanTask;
  readonly definition: string | undefined;
  readonly resume: Resume | undefined;
  /** What the role's commands are typed at: a shell's name, or `program`. */
  readonly shell: string;
  readonly cwd: string;
}

/** What policy and answers say of the commands that a task has still to run. */
export function permissionFor(
  { task, definition, resume, shell, cwd }: PermissionRequest,
  state: ProjectState,
  policy: Policy,
): Permission {
  const approvals = new Map<number, string>();
  const ask: Asked[] = [];
  let asked = false;
  for (const [step, text] of stepsOf(task).entries()) {
    if (step < (resume?.step ?? 0)) continue;
    const question = questionAbout(state, "approval_needed", task.id, step);
    const open = question?.settled === false && question.entry.definition === definition ? question : undefined;
    if (open?.answer?.answer === "run") approvals.set(step, open.entry.id);
    else if (open?.answer) return { kind: "declined", by: open.answer.actor };
    else if (open) asked = true;
    // Of a try that is over nobody is asked; another one may follow, which asks for itself.
    else if (!resume?.verdict) {
      const decision = policy.decide(text, { shell, cwd });
      if (decision.verdict === "deny") return { kind: "forbidden", text, reason: decision.reason };
      if (decision.verdict === "ask") ask.push({ step, text, decision });
    }
  }
  return asked || ask.length > 0 ? { kind: "awaited", ask } : { kind: "given", approvals };
}
