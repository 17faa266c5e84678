import type { Policy } from "../../src/core/ports/safety";

export const allowAll: Policy = {
  decide: () => ({ verdict: "allow", reason: "", rule: "test" }),
  decideRole: () => ({ verdict: "allow", reason: "", rule: "test", text: "" }),
};
