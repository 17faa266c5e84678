import { limitTime } from "./limitTime";
import type { StateKind } from "../../model/stateKinds";
import type { Condition, Pattern, ProgramRules, StateRule } from "../programRules";

/** The keys of a question, in the last line of its block; those of a permission are others. */
const choices = /\benter (?:submit|toggle)\b|↑↓ select|\besc dismiss\b/u;
/** The first and the last line of a block, beside the panel or not. */
const emptyBar = /^ {2}┃(?:\s*$|\s{30})/u;
const named: Condition = { in: "title", matches: /^(?:OpenCode$|OC \| )/u };
/** It takes no text before it has set its title; where nobody tells a title it may have. */
const notNamed: Condition = { in: "title", matches: /^(?!OpenCode$|OC \| )/u };
/** The first line of a menu that lies over the transcript: its title and, at its right edge, the key that closes it. */
const menuHead: Condition = { in: "screen", matches: /\S {6,}esc(?:\/enter)?(?: {2}|$)/u };
/** The turn is over: no spinner below the composer, and the line that ends the turn names no duration. */
const unfinished: Condition = { in: "ending", matches: /^ {5}▣ {2}(?!.*· (?:\d[\dhms. ]*s|interrupted)(?:\s{2}|$))/u };

const asksPermission: readonly Condition[] = [
  { in: "dialog", matches: /^ {2}┃ {2}△ /u },
  { in: "block", matches: /^ {2}┃/u },
];
const asksFor = {
  in: "asked",
  framed: /^ {2}┃/u,
  from: /^ {2}┃ {4}[#→⚙%◇✱*] .*$/u,
  until: /^ {2}┃ +(?:Allow once|Confirm)\b/u,
};

/** Why the turn gave no answer; of an older turn only where its end stands below it. */
function failure(
  name: string,
  priority: number,
  state: StateRule["state"],
  kind: StateKind,
  matches: Pattern,
): StateRule {
  return {
    name,
    state,
    kind,
    priority,
    confidence: "medium",
    when: [{ in: "composer" }, unfinished, { in: "error", matches, joined: true }],
    unless: [{ in: "error", matches: /^ {5}▣ {2}/u }],
  };
}

/**
 * opencode, recorded from 1.14.41 to 1.18.33: a transcript, and below it a composer or a dialog, each a block with a bar at its left
 * in the third column; what it quotes is indented further. From 121 columns on a panel stands at the right.
 */
export const opencode: ProgramRules = {
  program: "opencode",
  title: "opencode",
  role: "agent",
  recorded: ["1.14.41", "1.18.27", "1.18.33"],
  known: {
    commands: ["opencode"],
    resumes: ["--continue", "-c", "--session", "-s"],
    screen: [named, { in: "screen", matches: /\bctrl\+p commands\b|^╹▀{8}|\benter confirm\b|\besc dismiss\b/u }],
  },
  version: { in: "version", matches: /(?:• OpenCode |^[^ ].*\s{8,})(\d+\.\d+\.\d+)$/u },
  regions: {
    /** From its lower edge on. Below it: the spinner, an error that is tried again, keys. */
    composer: { from: /^ {2}╹▀{8}/u, within: 18, drawn: true },
    /** Before the first prompt it stands in the middle. */
    home: { from: /^ {3,}╹▀{8}/u, within: 18, drawn: true },
    version: { bottom: 2 },
    keys: { bottom: 6 },
    block: { bottom: 5, drawn: true },
    dialog: { bottom: 60, drawn: true },
    asked: { from: /^ {2}┃ {2}△ /u, drawn: true },
    edit: { from: /^ {2}┃ {4}→ Edit /u, below: /^ {2}┃ {2}△ /u, drawn: true },
    /** Agent and model of the last turn, with how long it took or that it was interrupted. */
    ending: { from: /^ {5}▣ {2}/u, within: 34, drawn: true },
    /** A second block below the prompt, right above the end of the turn: in place of an answer, why there is none. */
    error: { above: "ending", lines: 14, from: emptyBar, below: emptyBar, drawn: true },
  },
  // The lower edge of the composer, which is as wide as the transcript.
  panelEdge: /^ {2}╹▀{8,}/u,
  composer: { in: ["composer", "home"], mark: "", above: { rows: /^\s*┃/u, other: /^\s*┃ {2}Shell\b/u } },
  turnStopped: { in: "ending", first: true, matches: /^ {5}▣ {2}.* · interrupted(?:\s{2}|$)/u },
  turnOver: /^▣ {2}\S/u,
  steps: { does: /^ {2}┃|^ {5}[→←⚙%$] /u },
  rules: [
    {
      name: "edit_permission",
      state: "waiting",
      kind: "permission",
      priority: 91,
      confidence: "high",
      answer: "row",
      choices: ["Allow once", "Allow always", "Reject"],
      // It is always as high, and has a scroll bar where that is not enough.
      about: { ...asksFor, drawnPart: /[▀▄█]\s*$/u, tallest: 15 },
      when: [...asksPermission, { in: "edit" }],
      unless: [{ in: "composer" }],
    },
    {
      name: "permission",
      state: "waiting",
      kind: "permission",
      priority: 90,
      confidence: "high",
      answer: "row",
      choices: ["Allow once", "Allow always", "Reject", "Confirm", "Cancel"],
      // A command that is longer is cut off without any sign.
      about: { ...asksFor, tallest: 14 },
      when: asksPermission,
      unless: [{ in: "composer" }],
    },
    {
      name: "plan",
      state: "waiting",
      kind: "plan",
      priority: 93,
      confidence: "high",
      when: [
        { in: "keys", matches: choices, joined: true },
        { in: "block", matches: /^ {2}┃/u },
        { in: "dialog", matches: /^ {2}┃ {2}Plan at \S+ is complete\b/u },
      ],
      unless: [{ in: "composer" }],
    },
    {
      name: "question",
      state: "waiting",
      kind: "question",
      priority: 92,
      confidence: "high",
      when: [
        { in: "keys", matches: choices, joined: true },
        { in: "block", matches: /^ {2}┃/u },
      ],
      unless: [{ in: "composer" }],
    },
    {
      name: "block_without_composer",
      state: "waiting",
      kind: "question",
      priority: 60,
      confidence: "medium",
      when: [{ in: "block", matches: /^ {2}┃/u }, { cursor: "hidden" }],
      unless: [{ in: "composer" }, { in: "home" }, notNamed],
    },
    {
      name: "working",
      state: "working",
      priority: 70,
      confidence: "high",
      when: [{ in: "composer", matches: /^ {1,4}\S{0,9}[⬝■]|\besc (?:again to )?interrupt\b/u }],
    },
    {
      name: "retrying",
      state: "working",
      priority: 69,
      confidence: "high",
      when: [{ in: "composer", matches: /\bretrying (?:in \d|attempt #)|\battempt #\d+\]/u, joined: true }],
    },
    {
      name: "menu",
      state: "waiting",
      kind: "confirm",
      priority: 46,
      confidence: "medium",
      when: [menuHead, { cursor: "hidden" }],
      unless: [notNamed],
    },
    {
      name: "menu_search",
      state: "waiting",
      kind: "confirm",
      priority: 45,
      confidence: "medium",
      // The cursor is in the search field, not behind the bar of the composer.
      when: [menuHead, { cursor: "visible", in: "before_cursor", matches: /^(?! +┃)|\S {4,}$/u }],
      unless: [notNamed],
    },
    failure("auth", 59, "failed", "auth", /\bAPI key\b|\b40[13]\b|unauthori[sz]ed|authenticat|forbidden/iu),
    failure("quota", 58, "limited", "quota", /\bquota\b|\bbilling\b|\bcredits?\b|\busage limit/iu),
    {
      ...failure("rate", 57, "limited", "rate", /\brate limit|\b429\b|too many requests/iu),
      until: { in: "error", matches: limitTime, joined: true },
    },
    failure(
      "network",
      56,
      "failed",
      "network",
      /unable to connect|ECONN|ENOTFOUND|fetch failed|network error|connection (?:refused|reset|closed)/iu,
    ),
    // What a tool shows begins with its mark, an error with a word.
    failure("server", 55, "failed", "server", /^ {2}┃\s+┃ {2}[\p{L}\p{N}{]/u),
    {
      name: "done",
      state: "done_unseen",
      priority: 42,
      confidence: "medium",
      when: [{ in: "composer" }, { in: "ending", matches: /^ {5}▣ {2}.*· \d[\dhms. ]*s(?:\s{2}|$)/u }],
    },
    {
      name: "composer",
      state: "idle",
      priority: 40,
      confidence: "medium",
      when: [{ in: "composer" }],
      unless: [notNamed],
    },
    {
      name: "home",
      state: "idle",
      priority: 39,
      confidence: "medium",
      when: [{ in: "home" }, { cursor: "visible" }],
      unless: [notNamed],
    },
    {
      name: "start",
      state: "starting",
      priority: 10,
      confidence: "low",
      when: [{ in: "screen" }],
      unless: [named],
    },
  ],
};
