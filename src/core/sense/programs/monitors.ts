import type { ProgramRules } from "../programRules";

/** Programs that show what goes on, again and again, until they are left. */
export const monitors: ProgramRules = {
  program: "monitor",
  title: "monitor",
  role: "monitor",
  recorded: [],
  known: { commands: ["top", "htop", "btop", "watch"] },
  regions: {},
  rules: [{ name: "in_front", state: "working", kind: "monitor", confidence: "high", when: [{ running: true }] }],
};
