import type { ProgramRules } from "../programRules";

/** Programs that show what goes on, again and again, until they are left. */
export const monitors: ProgramRules = {
  program: "monitor",
  title: "monitor",
  role: "monitor",
  recorded: [],
  known: { commands: ["top", "htop", "btop", "watch"] },
  regions: {},
  rules: [
    /** top asks on a line above its list which process is meant, and what is to be done; else it hides the cursor. */
    {
      name: "asks",
      state: "waiting",
      kind: "question",
      priority: 60,
      confidence: "high",
      when: [
        { in: "before_cursor", matches: /\S/u, cursor: "visible", foreground: /^top$/u },
        { in: "below_cursor", matches: /\S/u },
      ],
    },
    /** htop has its keys below; those of a list to choose from are two. */
    {
      name: "asks_to_choose",
      state: "waiting",
      kind: "question",
      priority: 59,
      confidence: "high",
      when: [{ in: "bottom_row", matches: /^Enter ?\p{L}+ +Esc ?Cancel\b/u, running: true }],
    },
    { name: "in_front", state: "working", kind: "monitor", confidence: "high", when: [{ running: true }] },
  ],
};
