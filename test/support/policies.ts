import type { Policy } from "../../src/core/ports/safety";
import { RoleGate } from "../../src/core/session/roleGate";

export const allowAll: Policy = {
  decide: () => ({ verdict: "allow", reason: "", rule: "test" }),
  decideRole: () => ({ verdict: "allow", reason: "", rule: "test", text: "" }),
};

/** A gate that holds no role. */
export function openRoles(): RoleGate {
  return new RoleGate(allowAll, { workspace: "/site", project_id: "alpha" });
}
