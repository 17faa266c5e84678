import type { Condition, ProgramRules } from "../programRules";

/** The cursor stands behind it, or behind the answer that is typed; what is typed at the prompt may look like it. */
const asks: Condition = { in: "before_cursor", matches: /\(Y\)es\/\(N\)o.*\[(?:Yes|No)\]: ?\S{0,12}$/u };
/** The prompt: its mode, `>`, and what is typed. The cursor stands in it; below may be what would complete a word. */
const composer: Condition = { in: "before_cursor", matches: /^(?:[a-z-]+ ?){0,3}>(?: |$)/u, cursor: "visible" };
/** What ended the turn, and not another try of it, and nothing was answered since. */
function failure(error: string): Condition {
  const after = "(?!.*(?:> |Retrying in |\\^C|Tokens: \\d))";
  return { in: "ending", matches: new RegExp(`\\blitellm\\.${error}${after}`, "u"), joined: true };
}

/**
 * aider, recorded at 0.83.0 and 0.86.2: lines in the ordinary screen and a prompt below them, a rule above it unless it was told to
 * be plain. While it works it hides the cursor, or what it and its commands write stands before it.
 */
export const aider: ProgramRules = {
  program: "aider",
  title: "aider",
  role: "agent",
  recorded: ["0.83.0", "0.86.2"],
  known: { commands: ["aider"], screen: [{ in: "screen", matches: /^Aider v\d/u }] },
  version: { in: "screen", matches: /^Aider v(\d+\.\d+\.\d+)/u },
  regions: {
    composer: { from: /^(?:[a-z-]+ ?){0,3}>(?: |$)/u, within: 14, drawn: true },
    /** From the last prompt on: it is past its start. */
    prompted: { from: /^(?:[a-z-]+ ?){0,3}>(?: |$)/u, drawn: true },
    /** A rule and the files of the chat may stand between. */
    ending: { above: "composer", lines: 10, drawn: true },
    last: { bottom: 3 },
  },
  rules: [
    {
      name: "permission",
      state: "waiting",
      kind: "permission",
      priority: 90,
      confidence: "high",
      when: [
        asks,
        { in: "before_cursor", matches: /\b(?:Run shell command|Add file|Create new file|Edit the|Allow)/u },
      ],
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
      when: [composer, failure("AuthenticationError: ")],
    },
    {
      name: "rate",
      state: "limited",
      kind: "rate",
      priority: 59,
      confidence: "high",
      when: [composer, failure("RateLimitError: ")],
    },
    {
      name: "network",
      state: "failed",
      kind: "network",
      priority: 58,
      confidence: "high",
      when: [composer, failure("\\w+Error: .*\\bConnection error\\b")],
    },
    {
      name: "server",
      state: "failed",
      kind: "server",
      priority: 57,
      confidence: "high",
      when: [composer, failure("\\w+Error: ")],
    },
    {
      name: "writing",
      state: "working",
      priority: 30,
      confidence: "medium",
      when: [{ in: "prompted", cursor: "visible" }],
      // A command that it runs may ask something itself.
      unless: [composer, { in: "before_cursor", matches: /[?:>\]] +$/u }],
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
