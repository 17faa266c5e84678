import type { Condition, DialogPart, ProgramRules } from "../programRules";

const noComposer: Condition = { in: "composer" };
const failure: Condition = { in: "last", first: true, matches: /^✕ \[API Error/u };

/** Its dialogs are boxes, at the end of the screen. */
const boxEdge = /^╰─{8}/u;

/** A box in the box of the dialog. */
const asksFor: DialogPart = {
  in: "box",
  from: /^│ ╭─{8,}╮ │ *$/u,
  until: /^│ ╰─{8,}╯ │ *$/u,
  part: /\bto expand\b|\blines? hidden\b/iu,
};

/** Gemini CLI, recorded from 0.56.0 to 0.61.0: inline, its dialogs and its failures. Its title says what it does, but for dialogs of its own. */
export const gemini: ProgramRules = {
  program: "gemini",
  title: "Gemini CLI",
  role: "agent",
  recorded: ["0.56.0", "0.60.0", "0.61.0"],
  known: {
    commands: ["gemini"],
    resumes: ["--resume", "-r", "--session-file"],
    screen: [{ in: "title", matches: /^(?:◇ {2}Ready|✦ {2}Working|✋ {2}Action Required)/u }],
    untitled: [{ in: "composer" }, { in: "keys", matches: /^workspace \(\/directory\).*\/model$/u }],
  },
  fromLeftEdge: true,
  version: { in: "screen", matches: /^Gemini CLI v(\d+\.\d+\.\d+)/u },
  regions: {
    /**
     * What was sent stands between the same bars, rules without colours, and has none where there are few colours; only the
     * composer has the folder's line below it, and above it what Shift+Tab does.
     */
    composer: {
      from: /^ (?:[>!*]|\(r:\))(?:\s|$)/u,
      below: /^[▄─]{8}|\bshift ?\+ ?tab\b|\bctrl ?\+ ?y\b|^ *shell mode enabled\b/iu,
      to: /^ (?:\S+)? *workspace \(\/directory\)/u,
      closed: true,
      drawn: true,
    },
    composer_edge: { above: "composer", lines: 1 },
    /** What it works on, with the key that ends it. */
    busy: { above: "composer_edge", lines: 5, from: /^[⠁-⣿] /u, column: 1 },
    dialog: { bottom: 18 },
    box: { from: /^╭─{8}/u, column: 0 },
    trust_box: { from: /^╭─{8}/u },
    last_line: { bottom: 1 },
    keys: { bottom: 8 },
    /** The last thing that stands above the composer, and above the notes that belong to it. */
    last: { above: "composer_edge", lines: 24, from: /^(?:[✦✕▄╭⚠]|ℹ (?!This request failed))/u, column: 0 },
  },
  composer: {
    in: ["composer"],
    mark: ">",
    to: /^[▀─]{8}/u,
    placeholder: /^Type your message or @path\/to\/file$/u,
  },
  turnStopped: { in: "last", first: true, matches: /^ℹ Request cancelled\./u },
  turnOver: /^(?:\? for shortcuts$|─{8}|Shift\+Tab to accept edits\b)/u,
  steps: { says: /^✦ /u, does: /^(?:[╭ℹ✕]| {1,3}✓ {2}\p{L})/u },
  rules: [
    {
      name: "trust",
      state: "waiting",
      kind: "trust",
      priority: 95,
      confidence: "high",
      answer: "list",
      about: { in: "trust_box", onlyWords: true },
      when: [
        { in: "dialog", matches: /^Do you trust the files in this folder\?/u },
        { in: "last_line", matches: boxEdge },
        { in: "dialog", matches: /^● \d\. /u },
      ],
      unless: [noComposer, { in: "title", matches: /^✋/u }],
    },
    {
      name: "login",
      state: "waiting",
      kind: "login",
      priority: 94,
      confidence: "high",
      when: [
        { in: "last_line", matches: boxEdge },
        { in: "box", matches: /^(?:Enter Gemini API Key|How would you like to authenticate)/u },
      ],
      unless: [noComposer, { in: "title", matches: /^✋/u }],
    },
    {
      name: "plan",
      state: "waiting",
      kind: "plan",
      priority: 91,
      confidence: "high",
      answer: "list",
      about: { in: "box", onlyWords: true, part: /\blines? hidden\b/iu },
      when: [
        { in: "title", matches: /^✋/u },
        { in: "dialog", matches: /^(?:● +)?1\. +Yes, automatically accept edits/u },
        { in: "keys", matches: /\bCtrl\+G to edit plan\b/u, joined: true },
      ],
      unless: [noComposer],
    },
    {
      name: "question",
      state: "waiting",
      kind: "question",
      priority: 90,
      confidence: "high",
      answer: "list",
      about: { in: "box", onlyWords: true },
      when: [
        { in: "title", matches: /^✋/u },
        { in: "dialog", matches: /Enter to (?:select|submit)\b.*Esc to cancel/u, joined: true },
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
      when: [{ in: "title", matches: /^✋/u }],
      unless: [noComposer],
    },
    {
      name: "permission_choices",
      state: "waiting",
      kind: "permission",
      priority: 86,
      confidence: "high",
      answer: "list",
      about: asksFor,
      when: [
        { in: "dialog", matches: /^(?:Allow execution|Apply this change|Do you want to proceed)/u },
        { in: "last_line", matches: boxEdge },
        { in: "dialog", matches: /^● \d\. /u },
      ],
      unless: [noComposer],
    },
    {
      name: "menu",
      state: "waiting",
      kind: "confirm",
      priority: 80,
      confidence: "high",
      when: [
        { in: "last_line", matches: boxEdge },
        { in: "keys", matches: /\bEsc to (?:close|cancel|exit)|\bUse Enter to select/u, joined: true },
      ],
      unless: [noComposer],
    },
    {
      name: "sessions",
      state: "waiting",
      kind: "confirm",
      priority: 79,
      confidence: "high",
      when: [
        { in: "dialog", matches: /^Chat Sessions \(\d/u },
        { in: "dialog", matches: /\bQuit: q\b/u },
      ],
      unless: [noComposer, { in: "title", matches: /^[^◇]/u }],
    },
    {
      name: "working_title",
      state: "working",
      priority: 70,
      confidence: "high",
      when: [{ in: "title", matches: /^✦/u }],
    },
    {
      name: "working",
      state: "working",
      priority: 69,
      confidence: "medium",
      when: [{ in: "busy", matches: /\(esc to cancel\b/u, joined: true }],
    },
    {
      name: "auth",
      state: "failed",
      kind: "auth",
      priority: 64,
      confidence: "high",
      when: [
        failure,
        { in: "last", matches: /"code":40[13]|UNAUTHENTICATED|API key not valid|API_KEY_INVALID/u, joined: true },
      ],
    },
    {
      name: "quota",
      state: "limited",
      kind: "quota",
      priority: 62,
      confidence: "high",
      when: [failure, { in: "last", matches: /"code":429\b.*quota/iu, joined: true }],
    },
    {
      name: "rate",
      state: "limited",
      kind: "rate",
      priority: 61,
      confidence: "high",
      when: [failure, { in: "last", matches: /"code":429\b/u, joined: true }],
    },
    {
      name: "server",
      state: "failed",
      kind: "server",
      priority: 60,
      confidence: "high",
      when: [failure, { in: "last", matches: /"code":5\d\d\b/u, joined: true }],
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
      unless: [{ in: "title", matches: /^[◇✦✋]/u }, noComposer],
    },
  ],
};
