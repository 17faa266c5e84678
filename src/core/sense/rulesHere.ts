import type { RuleWork } from "../ports/rules";

/** Rules are checked in this very thread; what does it is loaded with the first of them. */
export const rulesHere: RuleWork = {
  checkRules: async (files) => {
    const [{ checkRules }, { shippedCatalog }] = await Promise.all([
      import("./checkRules"),
      import("./programs/catalog"),
    ]);
    return checkRules(files, shippedCatalog);
  },
};
