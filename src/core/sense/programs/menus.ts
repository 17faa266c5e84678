import type { ProgramRules } from "../programRules";

/** Lists to choose from with the arrow keys; the cursor is hidden while one stands. */
export const menus: ProgramRules = {
  program: "menu",
  title: "list to choose from",
  role: "tool",
  recorded: [],
  known: { commands: [] },
  regions: {
    list: { bottom: 20 },
    last: { bottom: 1 },
  },
  rules: [
    {
      name: "keys",
      state: "waiting",
      kind: "question",
      priority: 70,
      confidence: "high",
      when: [
        {
          in: "list",
          matches:
            /\(Use arrow keys|\[Use arrows to move|↑↓ navigate|Use arrow-keys\. Return to submit|Press <space> to select|- Space to select\. Return to submit/u,
          cursor: "hidden",
        },
      ],
    },
    {
      name: "open_step",
      state: "waiting",
      kind: "question",
      priority: 68,
      confidence: "high",
      when: [
        { in: "list", matches: /^◆ {2}\S/u },
        { in: "last", matches: /^└/u },
      ],
    },
  ],
};
