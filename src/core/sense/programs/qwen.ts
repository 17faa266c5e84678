import type { Condition, DialogPart, ProgramRules } from "../programRules";

const noComposer: Condition = { in: "composer" };
const failure: Condition = { in: "last", first: true, matches: /^✕ \[API Error/u };

/** Below the name of the tool, and above the question. */
const asksFor: DialogPart = {
  in: "heading",
  from: /^ *\? .*$/u,
  until: /^ *(?:Allow|Apply|Do you|Would you)\b.*\?[\s█│]*$/u,
  part: /\blines? hidden\b/iu,
};

/** Qwen Code, recorded from 0.23.4 to 0.24.4: the full screen, its dialogs and its failures. */
export const qwen: ProgramRules = {
  program: "qwen",
  title: "Qwen Code",
  role: "agent",
  recorded: ["0.23.4", "0.24.2", "0.24.4"],
  known: {
    commands: ["qwen"],
    resumes: ["--continue", "-c", "--resume", "-r"],
    screen: [{ in: "title", matches: /^(?:[◐✳]\ufe0e? )?Qwen - /u }],
    untitled: [
      { in: "composer" },
      { in: "keys", matches: /\(shift \+ tab to cycle\)|\? for shortcuts\b/u, joined: true },
    ],
  },
  regions: {
    /** Between two rules at the left edge, the lower one under a hint at times; what was sent is indented. */
    composer: { from: /^(?:[>!*]|\(r:\))/u, column: 0, below: /^─{8}/u, to: /─{8}/u, closed: true },
    /** What it works on, with the key that ends it. */
    busy: { above: "composer", lines: 5, from: /^[⠁-⣿] /u, column: 2 },
    dialog: { bottom: 24 },
    /** From what the dialog that stands there says of itself last. */
    heading: { bottom: 24, from: /^(?:\? [A-Z]\w+|↑\/↓: Navigate \||Would you like to proceed\?)/u },
    tool: { bottom: 60, from: /^\? [A-Z]\w+/u },
    keys: { bottom: 3 },
    last_line: { bottom: 1 },
    /** A box at the column of its menus that stands where the composer was, cut off where it is too high. */
    panel: { from: /^[╭┌]─{8}/u, column: 2 },
    /** The last thing that stands above the composer. */
    last: { above: "composer", lines: 16, from: /^(?:[◆✕●△?✓⊷✗-]\ufe0e?|>) /u, column: 2 },
  },
  composer: {
    in: ["composer"],
    mark: ">",
    placeholder: /^Type your message or @path\/to\/file$/u,
  },
  turnStopped: { in: "last", first: true, matches: /^●\ufe0e? Request cancelled\./u },
  steps: { says: /^ {2}◆\ufe0e? /u, does: /^ {2}[✓✕●△?╭-]/u },
  rules: [
    {
      name: "trust",
      state: "waiting",
      kind: "trust",
      priority: 95,
      confidence: "high",
      when: [
        { in: "dialog", matches: /^Do you trust this folder\?$/u },
        { in: "dialog", matches: /^› \d\. /u },
      ],
      unless: [
        noComposer,
        { in: "last_line", matches: /^Qwen Code is restarting\b/u },
        { in: "title", matches: /^✳/u },
      ],
    },
    {
      name: "question",
      state: "waiting",
      kind: "question",
      priority: 90,
      confidence: "high",
      answer: "list",
      about: { in: "tool", onlyWords: true },
      when: [
        { in: "title", matches: /^✳/u },
        { in: "heading", first: true, matches: /^\? AskUserQuestion\b|^↑\/↓: Navigate \|/u },
      ],
      unless: [noComposer],
    },
    {
      name: "plan",
      state: "waiting",
      kind: "plan",
      priority: 89,
      confidence: "high",
      answer: "list",
      about: { in: "tool", onlyWords: true, part: asksFor.part },
      when: [
        { in: "title", matches: /^✳/u },
        { in: "heading", first: true, matches: /^\? ExitPlanMode\b|^Would you like to proceed\?/u },
      ],
      unless: [noComposer],
    },
    {
      name: "permission",
      state: "waiting",
      kind: "permission",
      priority: 88,
      confidence: "high",
      answer: "list",
      about: asksFor,
      when: [{ in: "title", matches: /^✳/u }],
      unless: [noComposer],
    },
    {
      name: "confirmation",
      state: "waiting",
      kind: "permission",
      priority: 86,
      confidence: "high",
      answer: "list",
      about: asksFor,
      when: [{ in: "last_line", matches: /^[⠁-⣿] Waiting for user confirmation\b/u }],
      unless: [noComposer],
    },
    {
      name: "login",
      state: "waiting",
      kind: "login",
      priority: 84,
      confidence: "high",
      when: [
        { in: "last_line", matches: /^[╰└]─{8}/u },
        { in: "panel", matches: /^(?:Connect an? .*Provider|Terms of Services and Privacy Notice)/iu },
      ],
      unless: [noComposer],
    },
    {
      name: "menu",
      state: "waiting",
      kind: "confirm",
      priority: 80,
      confidence: "high",
      when: [{ in: "keys", matches: /\bEsc to (?:cancel|close|go back)|\bEnter to select/u, joined: true }],
      unless: [noComposer, { in: "title", matches: /^(?!.*\bQwen - )/u }],
    },
    {
      name: "panel",
      state: "waiting",
      kind: "confirm",
      priority: 60,
      confidence: "medium",
      when: [{ in: "panel" }],
      unless: [noComposer, { in: "title", matches: /^(?!Qwen - )/u }],
    },
    {
      name: "working_title",
      state: "working",
      priority: 70,
      confidence: "high",
      when: [{ in: "title", matches: /^◐/u }],
    },
    {
      name: "working",
      state: "working",
      priority: 69,
      confidence: "medium",
      when: [{ in: "busy", matches: /· esc to cancel\)/u, joined: true }],
    },
    {
      name: "auth",
      state: "failed",
      kind: "auth",
      priority: 64,
      confidence: "high",
      when: [failure, { in: "last", matches: /API Error: 40[13]\b/u, joined: true }],
    },
    {
      name: "quota",
      state: "limited",
      kind: "quota",
      priority: 62,
      confidence: "high",
      when: [failure, { in: "last", matches: /API Error: 429\b.*quota/iu, joined: true }],
    },
    {
      name: "rate",
      state: "limited",
      kind: "rate",
      priority: 61,
      confidence: "high",
      when: [failure, { in: "last", matches: /API Error: 429\b/u, joined: true }],
    },
    {
      name: "server",
      state: "failed",
      kind: "server",
      priority: 60,
      confidence: "high",
      when: [failure, { in: "last", matches: /API Error: 5\d\d\b/u, joined: true }],
    },
    {
      name: "network",
      state: "failed",
      kind: "network",
      priority: 59,
      confidence: "high",
      when: [failure, { in: "last", matches: /\bterminated\b/u, joined: true }],
    },
    { name: "failure", state: "failed", priority: 58, confidence: "medium", when: [failure] },
    { name: "composer", state: "idle", priority: 40, confidence: "medium", when: [{ in: "composer" }] },
    {
      name: "start",
      state: "starting",
      priority: 10,
      confidence: "low",
      when: [{ in: "screen" }],
      unless: [{ in: "title", matches: /\bQwen - /u }, noComposer],
    },
  ],
};
