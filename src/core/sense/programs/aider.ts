import type { Condition, ProgramRules } from "../programRules";

/** At the end of the screen, with the cursor behind it; what is typed at the prompt may look like it. */
const asks: Condition = { in: "question", matches: /\(Y\)es\/\(N\)o.*\[(?:Yes|No)\]: ?\S{0,12}$/u, joined: true };
const composer: Condition = { in: "composer", cursor: "visible" };

/** aider, recorded at 0.86.2: lines in the ordinary screen, a rule and a prompt behind them; it hides the cursor while it works. */
export const aider: ProgramRules = {
  program: "aider",
  title: "aider",
  role: "agent",
  recorded: ["0.86.2"],
  known: { commands: ["aider"], screen: [{ in: "screen", matches: /^Aider v\d/u }] },
  version: { in: "screen", matches: /^Aider v(\d+\.\d+\.\d+)/u },
  regions: {
    /** The prompt: its mode, `>` and what is typed. */
    composer: { from: /^(?:[a-z-]+ ?){0,3}>(?: |$)/u, within: 3, drawn: true },
    question: { bottom: 2 },
    /** From the rule above the prompt on; files of the chat stand between. */
    rule: { from: /^─{20}/u, within: 14, drawn: true },
    ending: { above: "rule", lines: 6, drawn: true },
    last: { bottom: 3 },
  },
  rules: [
    {
      name: "permission",
      state: "waiting",
      kind: "permission",
      priority: 90,
      confidence: "high",
      when: [asks, { in: "question", matches: /\b(?:Run shell command|Add file|Create new file|Edit the|Allow)/u }],
      unless: [composer],
    },
    {
      name: "confirm",
      state: "waiting",
      kind: "confirm",
      priority: 88,
      confidence: "high",
      when: [asks],
      unless: [composer],
    },
    {
      name: "working",
      state: "working",
      priority: 70,
      confidence: "high",
      when: [{ in: "last", matches: /[░█] {1,}Waiting for \S/u, cursor: "hidden" }],
    },
    {
      name: "cursor_hidden",
      state: "working",
      priority: 68,
      confidence: "medium",
      when: [{ in: "last", cursor: "hidden" }],
    },
    {
      name: "auth",
      state: "failed",
      kind: "auth",
      priority: 60,
      confidence: "high",
      when: [
        composer,
        { in: "ending", matches: /litellm\.AuthenticationError: .*Check your API key\.\s*$/u, joined: true },
      ],
    },
    { name: "composer", state: "idle", priority: 40, confidence: "medium", when: [composer] },
    {
      name: "start",
      state: "starting",
      priority: 10,
      confidence: "low",
      when: [{ in: "screen" }],
      unless: [{ in: "screen", matches: /^Aider v\d/u }, composer],
    },
  ],
};
