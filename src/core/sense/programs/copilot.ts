import type { Condition, ProgramRules } from "../programRules";

const noComposer: Condition = { in: "composer" };
/** Its dialogs end with the edge of a box, or with a rule over the whole width; below the composer there are keys. */
const dialogEnds: Condition = { in: "last", matches: /^(?:╰─{8}|─{8})/u };
const composerStands: Condition = { in: "composer" };

/** GitHub Copilot CLI, recorded at 1.0.102: what it draws itself begins in the first column, what it quotes does not. */
export const copilot: ProgramRules = {
  program: "copilot",
  title: "GitHub Copilot",
  role: "agent",
  recorded: ["1.0.102"],
  known: {
    commands: ["copilot"],
    screen: [{ in: "title", matches: /(?:^| - )GitHub Copilot$/u }],
  },
  version: { in: "screen", matches: /\bCopilot v(\d+\.\d+\.\d+)/u },
  regions: {
    composer: { from: /^❯(?:\s|$)/u, below: /^─{8}/u, within: 20, drawn: true },
    last: { bottom: 1, drawn: true },
    foot: { bottom: 2, drawn: true },
    box: { from: /^╭─{8}/u, drawn: true },
    dialog: { bottom: 30 },
    /** The last block of the transcript: an answer, a tool, or a failure. */
    ending: { from: /^ [●✗❯$!] /u, drawn: true, to: /^(?:─{8}| [/~])/u },
  },
  rules: [
    {
      name: "trust",
      state: "waiting",
      kind: "trust",
      priority: 95,
      confidence: "high",
      when: [dialogEnds, { in: "box", matches: /\btrust\b.*(?:folder|files|director)/iu, joined: true }],
      unless: [noComposer],
    },
    {
      name: "question",
      state: "waiting",
      kind: "question",
      priority: 92,
      confidence: "high",
      when: [dialogEnds, { in: "dialog", matches: /^Copilot needs information\./u }],
      unless: [noComposer],
    },
    {
      name: "permission",
      state: "waiting",
      kind: "permission",
      priority: 90,
      confidence: "high",
      when: [dialogEnds, { in: "box", matches: /Do you want to |Allow /u }, { in: "box", matches: /[❯ ] 1\. /u }],
      unless: [noComposer],
    },
    {
      name: "dialog",
      state: "waiting",
      kind: "confirm",
      priority: 80,
      confidence: "medium",
      when: [dialogEnds, { in: "foot", matches: /\besc\b/iu }],
      unless: [noComposer],
    },
    {
      name: "working",
      state: "working",
      priority: 70,
      confidence: "high",
      when: [composerStands, { in: "last", matches: /^ [○◎◉●] \S.*\besc\b/u }],
    },
    {
      name: "auth",
      state: "failed",
      kind: "auth",
      priority: 64,
      confidence: "high",
      when: [composerStands, { in: "ending", matches: /^ ✗ (?:Authentication failed|.*\b401\b)/u, joined: true }],
    },
    {
      name: "network",
      state: "failed",
      kind: "network",
      priority: 63,
      confidence: "high",
      when: [
        composerStands,
        { in: "ending", matches: /^ ✗ (?:Could not connect|.*\b(?:ECONN|ENOTFOUND|network error))/u, joined: true },
      ],
    },
    {
      name: "quota",
      state: "limited",
      kind: "quota",
      priority: 62,
      confidence: "high",
      when: [composerStands, { in: "ending", matches: /^ ✗ .*\b(?:quota|billing|credit|usage limit)/iu, joined: true }],
    },
    {
      name: "rate",
      state: "limited",
      kind: "rate",
      priority: 61,
      confidence: "high",
      when: [
        composerStands,
        { in: "ending", matches: /^ ✗ Failed to get response.*\b(?:429|rate limit)/iu, joined: true },
      ],
      until: { in: "ending", matches: /\btry again (?:in|at) (\S+?)[.,]?(?:\s|$)/iu },
    },
    {
      name: "server",
      state: "failed",
      kind: "server",
      priority: 60,
      confidence: "high",
      when: [composerStands, { in: "ending", matches: /^ ✗ Failed to get response/u }],
    },
    { name: "composer", state: "idle", priority: 40, confidence: "medium", when: [composerStands] },
    {
      name: "start",
      state: "starting",
      priority: 10,
      confidence: "low",
      when: [{ alternate: false, in: "screen" }],
      unless: [{ in: "title", matches: /GitHub Copilot/u }],
    },
  ],
};
