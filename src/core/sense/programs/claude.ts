import type { Condition, DialogPart, ProgramRules } from "../programRules";

/** Its dialogs take the place of the composer, and nothing else does for long. */
const noComposer: Condition = { in: "composer" };
/** A rule below a question begins another menu. */
const anotherBelow: Condition = { in: "asked", matches: /^[─▔]{8}/u };
/** What the composer proposes after a turn that failed; it goes when the next one begins or something is typed. */
const failed: Condition = { in: "composer", matches: /^❯\s(?:Resend your message|Once fixed)/u };

/** Every menu of it ends with its keys; what stands below one of the past is not the end of the screen. */
const endsInKeys = /\bEsc to [a-z]+(?: [a-z]+)?(?: · [^·@#$%:>❯~]{1,48})*$/u;

/** Some of its menus end with their last choice. */
const lastChoice = /^(?:❯ )?\d{1,2}\. \S/u;

/** What it asks to allow stands between two dashed rules. */
const dashed = /^ *╌{8,} *$/u;
const cutOff = /^↑ \d+ more lines?$|\s[↓↑]$/u;
const asksFor: DialogPart = { in: "panel", from: dashed, until: dashed, part: cutOff };

/** Claude Code, recorded from 2.1.325 to 2.1.332: the full screen, its dialogs and its failures. */
export const claude: ProgramRules = {
  program: "claude",
  title: "Claude Code",
  role: "agent",
  recorded: ["2.1.325", "2.1.330", "2.1.331", "2.1.332"],
  known: {
    commands: ["claude"],
    apps: ["claude-code"],
    resumes: ["--continue", "-c", "--resume", "-r"],
    screen: [{ in: "title", matches: /^[✳◐◑] .*\bClaude Code\b/u }],
    untitled: [
      { in: "composer" },
      { in: "foot", matches: /(?:⏸|⏵⏵) \S.* on\b|\? for shortcuts\b|\besc to interrupt\b/u, joined: true },
    ],
  },
  fromLeftEdge: true,
  version: { in: "screen", matches: /\bClaude Code v(\d+\.\d+\.\d+)/u },
  regions: {
    /** Between two rules; what was sent before stands in the transcript without them. */
    composer: { from: /^[❯!](?:\s|$)/u, column: 0, below: /^─{8}/u, to: /^─{8}/u, closed: true },
    foot: { bottom: 3 },
    keys: { bottom: 2 },
    last_line: { bottom: 1 },
    dialog: { bottom: 16 },
    /** What it asks to be allowed, and the answers below. */
    asked: { bottom: 16, from: /^Do you want to /u },
    /** From the tabs of its questions. */
    asks: { bottom: 60, from: /^(?:☐|☒|← {1,2}[☐☒]) /u },
    /** From the rule that parts a menu from the transcript. */
    panel: { from: /^[─▔]{8}/u, column: 0 },
    /** The same where it begins near the bottom, as the lower edge of a composer does. */
    near_bottom: { from: /^[─▔]{8}/u, column: 0, within: 8 },
    /** From the edge at the top of a sheet, which may hold rules of its own, indented. */
    sheet: { from: /^▔{8}/u, column: 0 },
    /** The last thing that stands above the composer: what was sent, said, or how long the turn took. */
    last: { above: "composer", lines: 24, from: /^[❯●✻]/u, column: 0 },
    /** What a turn that failed ends with. */
    error: { above: "composer", lines: 24, from: /^[●⎿] /u },
  },
  composer: { in: ["composer"], mark: "❯" },
  turnOver: /^(?:✻ \S+ for \S|[◐◑◒◓○●] \w+ · \/effort)/u,
  turnStopped: { in: "last", matches: /^⎿\s+Interrupted · /u },
  steps: {
    says: /^● /u,
    does: /^ {2}Read \d+ files?(?: \(.*\))?$/u,
    shows: /^● (?:\p{L}+\(|(?:Answered|Declined to answer) Claude's questions:)|^ {2}⎿/u,
  },
  rules: [
    {
      name: "transcript",
      state: "idle",
      kind: "pager",
      priority: 99,
      confidence: "high",
      when: [{ in: "keys", matches: /^Showing detailed transcript · /u }],
      unless: [noComposer, { in: "title", matches: /^[◐◑] /u }],
    },
    {
      name: "dialog_behind_transcript",
      state: "waiting",
      kind: "confirm",
      priority: 98,
      confidence: "high",
      when: [{ in: "keys", matches: /^dialog waiting · Showing detailed transcript · /u }],
      unless: [noComposer],
    },
    {
      name: "trust",
      state: "waiting",
      kind: "trust",
      priority: 95,
      confidence: "high",
      answer: "list",
      about: { in: "panel", onlyWords: true },
      when: [
        { in: "last_line", matches: /^Enter to confirm · Esc to cancel$/u },
        { in: "panel", matches: /\btrust\b/iu },
      ],
      unless: [noComposer],
    },
    {
      name: "api_key",
      state: "waiting",
      kind: "login",
      priority: 94,
      confidence: "high",
      when: [
        { in: "keys", matches: endsInKeys, joined: true },
        { in: "panel", matches: /\bAPI key\?|^Select login method/iu },
      ],
      unless: [noComposer, { in: "asked", first: true, matches: /^Do you want to (?!use\b.*\bAPI key\b)/u }],
    },
    {
      name: "permission",
      state: "waiting",
      kind: "permission",
      priority: 90,
      confidence: "high",
      answer: "list",
      about: asksFor,
      when: [{ in: "asked" }, { in: "keys", matches: endsInKeys, joined: true }],
      unless: [noComposer, anotherBelow],
    },
    {
      name: "question",
      state: "waiting",
      kind: "question",
      priority: 88,
      confidence: "high",
      answer: "list",
      about: { in: "asks", onlyWords: true, part: cutOff },
      when: [{ in: "keys", matches: /Enter to select · .*\bnavigate\b.*Esc to cancel$/u, joined: true }],
      unless: [noComposer],
    },
    {
      name: "form",
      state: "waiting",
      kind: "question",
      priority: 89,
      confidence: "high",
      when: [
        { in: "panel", matches: /^MCP server .+ requests your input$/u },
        { in: "keys", matches: endsInKeys, joined: true },
      ],
      unless: [noComposer],
    },
    {
      name: "question_review",
      state: "waiting",
      kind: "question",
      priority: 87,
      confidence: "high",
      when: [
        { in: "dialog", matches: /^← .*✔ Submit/u },
        { in: "last_line", matches: lastChoice },
      ],
      unless: [noComposer],
    },
    {
      name: "plan",
      state: "waiting",
      kind: "plan",
      priority: 91,
      confidence: "high",
      answer: "list",
      about: { in: "panel", onlyWords: true, part: cutOff },
      when: [
        { in: "sheet", matches: /\bwritten up a plan\b.*\bWould you like to proceed\?/u, joined: true },
        { in: "dialog", matches: /^(?:❯ )?1\. Yes/u },
        { in: "keys", matches: /\bctrl\+g to edit in \S+ ·/u, joined: true },
      ],
      unless: [noComposer],
    },
    {
      name: "permission_choices",
      state: "waiting",
      kind: "permission",
      priority: 85,
      confidence: "high",
      answer: "list",
      about: asksFor,
      when: [{ in: "asked" }, { in: "panel", matches: /^❯ \d{1,2}\. /u }, { in: "last_line", matches: lastChoice }],
      unless: [noComposer, anotherBelow],
    },
    /** Where its auto mode cannot decide, choices have no numbers, and some such dialogs name no keys below. */
    {
      name: "permission_words",
      state: "waiting",
      kind: "permission",
      priority: 84,
      confidence: "high",
      answer: "list",
      about: asksFor,
      when: [
        { in: "asked", matches: /^❯ (?:Yes|No)\b/u },
        { in: "asked", matches: /^(?:Yes|No)\b/u },
      ],
      unless: [noComposer, anotherBelow],
    },
    {
      name: "plan_left",
      state: "waiting",
      kind: "plan",
      priority: 86,
      confidence: "high",
      answer: "list",
      about: { in: "panel", onlyWords: true, part: cutOff },
      when: [
        { in: "dialog", matches: /^Exit plan mode\?/u },
        { in: "last_line", matches: lastChoice },
      ],
      unless: [noComposer],
    },
    {
      name: "choices",
      state: "waiting",
      kind: "question",
      priority: 82,
      confidence: "medium",
      when: [
        { in: "panel", matches: /^❯ \d{1,2}\. /u },
        { in: "last_line", matches: lastChoice },
      ],
      unless: [noComposer],
    },
    {
      name: "menu",
      state: "waiting",
      kind: "confirm",
      priority: 80,
      confidence: "high",
      when: [{ in: "keys", matches: endsInKeys, joined: true }],
      unless: [noComposer],
    },
    {
      name: "sheet",
      state: "waiting",
      kind: "confirm",
      priority: 66,
      confidence: "medium",
      when: [{ in: "sheet" }],
      unless: [noComposer],
    },
    /** A notice that is longer than the screen, which does not show the keys at its end. */
    {
      name: "cut_off",
      state: "waiting",
      kind: "confirm",
      priority: 64,
      confidence: "medium",
      when: [
        { in: "panel", alternate: true },
        { in: "bottom_row", matches: /\S/u },
      ],
      unless: [noComposer, { in: "near_bottom" }],
    },
    {
      name: "working_foot",
      state: "working",
      priority: 70,
      confidence: "high",
      when: [{ in: "composer" }, { in: "foot", matches: /\besc to interrupt\b/u, joined: true }],
    },
    {
      name: "working_title",
      state: "working",
      priority: 68,
      confidence: "high",
      when: [{ in: "title", matches: /^[◐◑] /u }],
    },
    {
      name: "auth",
      state: "failed",
      kind: "auth",
      priority: 62,
      confidence: "high",
      when: [failed, { in: "error", matches: /Invalid API key|\blog ?in\b/iu, joined: true }],
    },
    {
      name: "quota",
      state: "limited",
      kind: "quota",
      priority: 61,
      confidence: "high",
      when: [failed, { in: "error", matches: /credit balance (?:is )?too low/iu, joined: true }],
    },
    {
      name: "rate",
      state: "limited",
      kind: "rate",
      priority: 60,
      confidence: "high",
      when: [failed, { in: "error", matches: /\b429\b|rate limit/iu, joined: true }],
    },
    {
      name: "network",
      state: "failed",
      kind: "network",
      priority: 59,
      confidence: "high",
      when: [failed, { in: "error", matches: /\bECONN|\bConnection (?:refused|dropped)\b/u, joined: true }],
    },
    {
      name: "server",
      state: "failed",
      kind: "server",
      priority: 58,
      confidence: "high",
      when: [failed, { in: "error", matches: /\b5\d\d\b|overloaded|server error/iu, joined: true }],
    },
    { name: "failure", state: "failed", priority: 57, confidence: "high", when: [failed, { in: "error" }] },
    { name: "failed_turn", state: "failed", priority: 56, confidence: "high", when: [failed] },
    {
      name: "done",
      state: "done_unseen",
      priority: 42,
      confidence: "medium",
      when: [{ in: "last", matches: /^✻ .+ for .+ · done /u }],
    },
    { name: "composer", state: "idle", priority: 40, confidence: "medium", when: [{ in: "composer" }] },
    {
      name: "start",
      state: "starting",
      priority: 10,
      confidence: "low",
      when: [{ alternate: false, in: "screen" }],
      unless: [{ in: "title", matches: /Claude Code/u }],
    },
  ],
};
