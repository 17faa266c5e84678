import type { Condition, ProgramRules } from "../programRules";

const noComposer: Condition = { in: "composer" };
const noFirstComposer: Condition = { in: "first_composer" };
/** The line below composer and dialogs alike. */
const foot: Condition = { in: "foot", matches: /\bAuto-approve all (?:enabled|disabled)\b/u };

/** Cline, recorded at 3.0.65: its footer is the same in every state, its spinner is the bullet of what it works on. */
export const cline: ProgramRules = {
  program: "cline",
  title: "Cline",
  role: "agent",
  recorded: ["3.0.65"],
  known: {
    commands: ["cline"],
    screen: [{ in: "title", matches: /^(?:Cline$|> )/u }, foot],
  },
  regions: {
    composer: { from: /^❯(?:\s|$)/u, below: /^─{8}/u, within: 16, drawn: true },
    /** In the middle of the screen before the first prompt. */
    first_composer: { from: /^ {4,}❯(?:\s|$)/u, below: /^ {4,}─{8}/u, within: 16, drawn: true },
    foot: { bottom: 4 },
    dialog: { bottom: 30, drawn: true },
    /** What it says since the last prompt, each block with a bullet in the second column. */
    turn: { from: /^ ❯ /u, drawn: true, to: /^─{8}/u },
    /** The last block of it. */
    ending: { from: /^ [*x❯⠀-⣿] /u, drawn: true, to: /^─{8}/u },
    first_screen: { bottom: 20 },
  },
  rules: [
    {
      name: "permission",
      state: "waiting",
      kind: "permission",
      priority: 90,
      confidence: "high",
      when: [{ in: "dialog", matches: /^ Cline needs permission$/u }, foot],
      unless: [noComposer],
    },
    {
      name: "question",
      state: "waiting",
      kind: "question",
      priority: 88,
      confidence: "high",
      when: [{ in: "dialog", matches: /^ Cline is asking a question$/u }, foot],
      unless: [noComposer],
    },
    {
      name: "promotion",
      state: "waiting",
      kind: "confirm",
      priority: 86,
      confidence: "high",
      when: [{ in: "first_screen", matches: /\bany other key to close\b/u }],
      unless: [noComposer],
    },
    {
      name: "working",
      state: "working",
      priority: 70,
      confidence: "high",
      when: [{ in: "composer" }, { in: "turn", matches: /^ [⠁-⣿] /u }],
    },
    {
      name: "auth",
      state: "failed",
      kind: "auth",
      priority: 64,
      confidence: "high",
      when: [
        { in: "composer" },
        { in: "ending", matches: /^ \* Error: .*(?:API key|\b401\b|unauthori[sz]ed|authentication)/iu, joined: true },
      ],
    },
    {
      name: "composer",
      state: "idle",
      priority: 40,
      confidence: "medium",
      when: [{ in: "composer" }, foot],
    },
    {
      name: "first_composer",
      state: "idle",
      priority: 39,
      confidence: "medium",
      when: [{ in: "first_composer" }, foot],
    },
    {
      name: "dialog",
      state: "waiting",
      kind: "confirm",
      priority: 20,
      confidence: "medium",
      when: [foot],
      unless: [noComposer, noFirstComposer],
    },
    {
      name: "start",
      state: "starting",
      priority: 10,
      confidence: "low",
      when: [{ alternate: false, in: "screen" }],
      unless: [{ in: "title", matches: /^(?:Cline$|> )/u }],
    },
  ],
};
