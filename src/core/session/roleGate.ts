import { OrchestratorError } from "../model/errors";
import { roleName } from "../model/names";
import type { PlanRole } from "../model/plan";
import type { Policy, RoleDecision } from "../ports/safety";
import type { Approval, ConsentSubject } from "../safety/consent";

/** A role whose settings a person has to allow before a session is started with them. */
export interface HeldRole {
  readonly decision: RoleDecision;
  readonly subject: ConsentSubject;
}

/** A session was not started: its role is held. Throwing it leaves nothing behind. */
export class RoleHeld extends OrchestratorError {
  constructor(
    readonly role: PlanRole,
    readonly held: HeldRole,
    /** Who had answered, and why that does not count; empty where nobody had. */
    readonly former: string,
  ) {
    super("needs_person", `The settings of the role ${role.name} need approval: ${held.decision.reason}`, {
      kind: "show_questions",
    });
  }
}

export interface RoleGatePlace {
  /** Absolute path of the workspace. */
  readonly workspace: string;
  readonly project_id: string;
}

/**
 * Stands in front of each session that is started. A yes counts for one process: for all sessions of the role that it
 * starts with the same settings.
 */
export class RoleGate {
  readonly #given = new Map<string, Approval>();
  readonly #declined = new Map<string, string>();
  /** The settings that sessions may be started with. */
  readonly #open = new Set<string>();

  constructor(
    private readonly policy: Policy,
    private readonly place: RoleGatePlace,
  ) {}

  /** Undefined: sessions of the role start without a question. */
  held(role: PlanRole): HeldRole | undefined {
    const { workspace, project_id } = this.place;
    const decision = this.policy.decideRole(role, { workspace });
    if (decision.verdict === "allow" || this.#open.has(keyOf(role, decision))) return undefined;
    const session = roleName(project_id, role.name);
    return { decision, subject: { what: "role", text: decision.text, cwd: workspace, shell: "sh", session } };
  }

  /** A person's yes, for the next session of the role. */
  allow(role: PlanRole, { decision }: HeldRole, yes: Approval): void {
    this.#given.set(keyOf(role, decision), yes);
  }

  /** A person's no, to all sessions of the role in this run. */
  decline(role: PlanRole, { decision }: HeldRole, by: string): void {
    this.#declined.set(keyOf(role, decision), by);
  }

  /** Who said no. */
  declinedBy(role: PlanRole, { decision }: HeldRole): string | undefined {
    return this.#declined.get(keyOf(role, decision));
  }

  /** Asked before anything of a session is made. Throws `RoleHeld`. */
  async enter({ checksOf, ...own }: PlanRole): Promise<void> {
    // What a role's checks run with is what the role runs with.
    const role = checksOf ?? own;
    const held = this.held(role);
    if (!held) return;
    const key = keyOf(role, held.decision);
    const yes = this.#given.get(key);
    this.#given.delete(key);
    const objection = yes === undefined ? "" : await yes.objection(held.subject);
    if (held.decision.verdict === "deny" || yes === undefined || objection !== undefined || !(await yes.use()))
      throw new RoleHeld(role, held, objection ?? "");
    this.#open.add(key);
  }
}

function keyOf({ name }: PlanRole, { text }: RoleDecision): string {
  return JSON.stringify([name, text]);
}
