import type { Condition, ProgramRules } from "../programRules";

/** The lower edge of its composer; a dialog stands where that was. */
const noComposer: Condition = { in: "composer" };
/** The keys that its dialogs name at the bottom of their block. */
const choices = /\benter (?:confirm|submit|toggle)\b|⇆ select|↑↓ select|\besc dismiss\b/u;

/** opencode, recorded at 1.18.33: a transcript, and below it a composer or a dialog in a block with a bar at its left. */
export const opencode: ProgramRules = {
  program: "opencode",
  title: "opencode",
  role: "agent",
  recorded: ["1.18.33"],
  known: {
    commands: ["opencode"],
    screen: [
      { in: "title", matches: /^(?:OpenCode$|OC \| )/u },
      { in: "screen", matches: /\bctrl\+p commands\b|^╹▀{8}|\benter confirm\b|\besc dismiss\b/u },
    ],
  },
  version: { in: "screen", matches: /(?:^|\s)(\d+\.\d+\.\d+)$/u },
  regions: {
    composer: { from: /^ {0,80}╹▀{8}/u, within: 6, drawn: true },
    /** Below the composer: the spinner with its key, and which keys there are. */
    foot: { from: /^ {0,80}╹▀{8}/u, within: 6, drawn: true },
    keys: { bottom: 3 },
    dialog: { bottom: 30 },
    /** In place of an answer: a block with the message, right above the end of the turn. */
    error: { from: /^ {2}┃ {2}\S/u, above: "ending", lines: 4, drawn: true },
    /** Model and agent of the last turn, with how long it took or that it was interrupted. */
    ending: { from: /^▣ {2}/u, within: 8 },
  },
  rules: [
    {
      name: "permission",
      state: "waiting",
      kind: "permission",
      priority: 90,
      confidence: "high",
      when: [
        { in: "dialog", matches: /^△ Permission required/u },
        { in: "keys", matches: choices, joined: true },
      ],
      unless: [noComposer],
    },
    {
      name: "question",
      state: "waiting",
      kind: "question",
      priority: 88,
      confidence: "high",
      when: [{ in: "keys", matches: choices, joined: true }],
      unless: [noComposer],
    },
    {
      name: "working",
      state: "working",
      priority: 70,
      confidence: "high",
      when: [{ in: "foot", matches: /\besc (?:again to )?interrupt\b/u, joined: true }],
    },
    {
      name: "auth",
      state: "failed",
      kind: "auth",
      priority: 60,
      confidence: "medium",
      when: [{ in: "error", matches: /API key|\b401\b|unauthori[sz]ed|authentication/iu, joined: true }],
    },
    {
      name: "done",
      state: "done_unseen",
      priority: 42,
      confidence: "medium",
      when: [{ in: "composer" }, { in: "ending", matches: /· \d[\dmhs. ]*s$/u }],
    },
    {
      name: "composer",
      state: "idle",
      priority: 40,
      confidence: "medium",
      when: [{ in: "composer" }, { in: "title", matches: /^(?:OpenCode$|OC \| )/u }],
    },
    {
      name: "start",
      state: "starting",
      priority: 10,
      confidence: "low",
      when: [{ in: "screen" }],
      unless: [{ in: "title", matches: /^(?:OpenCode$|OC \| )/u }],
    },
  ],
};
