import type { PlanRole, PlanTask } from "../model/plan";
import type { ProjectState } from "../model/projectState";
import type { Policy } from "../ports/safety";
import { questionAbout, questionAboutRole, runOption } from "../people/escalations";
import { type Approval, type Consents, objectionSentence } from "../safety/consent";
import type { RoleGate } from "../session/roleGate";
import { type Asked, ownSteps, stepAt, stepsOf } from "./attempt";
import type { Resume } from "./taskStanding";

/** Whether a task may begin, as far as its commands are concerned. */
export type Permission =
  /** `approvals`: a person's yes to steps, by step. */
  | { readonly kind: "given"; readonly approvals: ReadonlyMap<number, Approval> }
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
  /** …and its check, where that runs apart. */
  readonly checkShell?: string | undefined;
  readonly cwd: string;
}

/**
 * What policy and answers say of the commands that a task has still to run. A question or a yes that is not one to the
 * very command that would be typed is none: it is asked anew, and said who had answered.
 */
export async function permissionFor(
  { task, definition, resume, shell: own, checkShell = own, cwd }: PermissionRequest,
  state: ProjectState,
  policy: Policy,
  consents: Consents,
): Promise<Permission> {
  const approvals = new Map<number, Approval>();
  const ask: Asked[] = [];
  let asked = false;
  const steps = stepsOf(task);
  for (const [step, text] of steps.entries()) {
    // A prompt is text for an agent, which asks by itself about what it runs.
    if (step < (resume?.step ?? 0) || stepAt(task, step).isPrompt === true) continue;
    const shell = step < ownSteps(task) ? own : checkShell;
    const question = questionAbout(state, "approval_needed", task.id, step);
    const open = question?.settled === false && question.entry.definition === definition ? question : undefined;
    if (open?.answer && open.answer.answer !== runOption) return { kind: "declined", by: open.answer.actor };
    // Which shell reads it, the session may have told only in the middle of the try: the last gate looks again.
    const reader = open && consents.isGenuine(open.entry) ? (open.entry.shell ?? shell) : shell;
    const subject = consents.commandSubject({ text, cwd, shell: reader, role: task.role });
    const objection = open && (await consents.objection(open, subject));
    if (open && !objection) {
      if (open.answer) approvals.set(step, consents.approvalOf(open, subject));
      else asked = true;
    }
    // Of a try that is over nobody is asked; another one may follow, which asks for itself.
    else if (!resume?.verdict) {
      const decision = policy.decide(text, {
        shell: reader,
        cwd,
        before: task.prompt === undefined ? steps.slice(0, step) : [],
      });
      if (decision.verdict === "deny") return { kind: "forbidden", text, reason: decision.reason };
      if (decision.verdict === "ask")
        ask.push({
          step,
          text,
          cwd,
          shell: reader,
          decision,
          ...(objection ? { former: objectionSentence(objection) } : {}),
        });
    }
  }
  return asked || ask.length > 0 ? { kind: "awaited", ask } : { kind: "given", approvals };
}

/**
 * What answers say of the settings of a role that a person has to allow first; undefined: whoever starts a session finds
 * out whether that needs a question. A yes is handed to the gate.
 */
export async function rolePermission(
  role: PlanRole,
  state: ProjectState,
  gate: RoleGate,
  consents: Consents,
): Promise<Extract<Permission, { kind: "awaited" | "declined" }> | undefined> {
  const held = gate.held(role);
  if (!held) return undefined;
  const question = questionAboutRole(state, role.name);
  if (question?.answer && question.answer.answer !== runOption) gate.decline(role, held, question.answer.actor);
  const by = gate.declinedBy(role, held);
  if (by !== undefined) return { kind: "declined", by };
  if (!question) return undefined;
  if (await consents.objection(question, held.subject)) return undefined;
  if (!question.answer) return { kind: "awaited", ask: [] };
  gate.allow(role, held, consents.approvalOf(question, held.subject));
  return undefined;
}
