import { limitTime } from "./limitTime";
import type { Condition, DialogPart, ProgramRules } from "../programRules";

/** At the first column, or behind the bar of the panel that can be opened at the left. */
function atLeft(pattern: string, flags = "u"): RegExp {
  return new RegExp(`^(?:.{20,70}?│)?${pattern}`, flags);
}

const composer: Condition = { in: "composer" };
/** Its dialogs end with the edge of a box, or with a rule over the whole width; below the composer there are keys. */
const dialogEnds: Condition = { in: "last", matches: atLeft("(?:╰─{8}|─{8})") };
/** Lists and menus of other kinds name their keys in the last lines, and hide the cursor or have it in a search field. */
const keys: Condition = {
  in: "keys",
  matches:
    /(?:↑\/?↓|\b[Ee]nter) (?:to )?\S.*\b[Ee]sc (?:to )?(?:cancel|close|go back|back|exit)\b|↑\/?↓ (?:to )?navigate\b.*\b[Ee]nter (?:to )?\S/u,
  joined: true,
};
/** A text to read: nothing is chosen there. */
const reading: Condition = {
  in: "keys",
  matches: /↑\/?↓ (?:to )?scroll\b(?!.*\benter\b)|^(?!.*\benter\b).*(?:^|\s)tab switch tabs$/iu,
  joined: true,
};

/** A box in the box of the dialog, where it has one. */
const asksFor: DialogPart = {
  in: "box",
  from: /^ ?│ ╭─{8,}╮ │ *$/u,
  until: /^ ?│ (?:Do you want to |.*\ballow\b.*\?)/iu,
};

/** GitHub Copilot CLI, recorded from 1.0.60 to 1.0.102: what it draws itself begins in the first column, what it quotes does not. */
export const copilot: ProgramRules = {
  program: "copilot",
  title: "GitHub Copilot",
  role: "agent",
  recorded: ["1.0.60", "1.0.86", "1.0.102"],
  known: {
    commands: ["copilot"],
    resumes: ["--continue", "--resume", "-r", "--session-id"],
    screen: [{ in: "title", matches: /(?:^| - )GitHub Copilot$/u }],
    untitled: [composer, { in: "keys", matches: /\bInteractive · \S.* Approval · |^[●◉○◎] .*\besc (?:esc|cancel)\b/u }],
  },
  version: { in: "screen", matches: /\bCopilot v(\d+\.\d+\.\d+)/u },
  regions: {
    /** `!` runs a command of the shell. Where it knows the terminal's background it draws a box of half blocks. */
    composer: {
      from: atLeft("(?:╻▄{8}|[❯!](?:\\s|$))"),
      below: atLeft("(?:─{8}| ▀{8}| (?:[/~]|[A-Z]:))"),
      within: 20,
      drawn: true,
    },
    last: { bottom: 1, drawn: true },
    foot: { bottom: 2, drawn: true },
    keys: { bottom: 2 },
    box: { from: atLeft("╭─{8}"), drawn: true },
    /** The end of a box whose beginning may be above the screen. */
    choices: { bottom: 16, drawn: true },
    dialog: { bottom: 30, drawn: true },
    /** What it does beside a turn, with how long, stands between the transcript and the line of the folder. */
    beside: { above: "composer", lines: 4, drawn: true },
    /** The last block of the transcript: an answer, a tool, or a failure. */
    ending: { from: atLeft("(?: [●✗❯$!]|[●✗]) "), drawn: true, to: atLeft("(?:─{8}| [/~])") },
  },
  composer: {
    in: ["composer"],
    mark: "❯",
    to: /^\s*─{8}/u,
    // With many colours it is drawn as a box.
    edges: { top: /^\s*╻▄{8}/u, bottom: /^\s*╹▀{8}/u, other: /^\s*Shell\b/u },
  },
  turnStopped: { in: "ending", first: true, matches: atLeft(" ● Operation cancelled by user\\b") },
  turnOver: /^(?:[~/]|[A-Z]:\\).* \[⎇ [^\]]*\]$/u,
  steps: {
    says: /^ ● /u,
    does: /^ [$✗✓!○] /u,
    shows:
      /^ ● (?:Asked user|Request failed|Response was interrupted|Operation cancelled|MCP Servers reloaded|Tip:)|^ {3}└ /u,
  },
  rules: [
    {
      name: "trust",
      state: "waiting",
      kind: "trust",
      priority: 95,
      confidence: "high",
      answer: "list",
      about: { in: "box", onlyWords: true },
      when: [dialogEnds, { in: "box", matches: /\btrust\b.*(?:folder|files|director)/iu, joined: true }],
      unless: [composer],
    },
    {
      name: "question",
      state: "waiting",
      kind: "question",
      priority: 92,
      confidence: "high",
      when: [dialogEnds, { in: "dialog", matches: atLeft(" Copilot needs information\\.") }],
      unless: [composer],
    },
    {
      name: "plan",
      state: "waiting",
      kind: "plan",
      priority: 91,
      confidence: "high",
      answer: "list",
      about: { in: "box", onlyWords: true },
      when: [dialogEnds, { in: "choices", matches: atLeft("│ [❯ ] \\d\\. (?:Accept|Approve) plan\\b") }],
      unless: [composer],
    },
    {
      name: "permission",
      state: "waiting",
      kind: "permission",
      priority: 90,
      confidence: "high",
      answer: "list",
      about: asksFor,
      when: [
        dialogEnds,
        { in: "choices", matches: atLeft("│ (?:Do you want to |.*\\ballow\\b.*\\?)", "iu") },
        { in: "choices", matches: atLeft("│ [❯ ] 1\\. ") },
      ],
      unless: [composer],
    },
    {
      name: "question_in_a_box",
      state: "waiting",
      kind: "question",
      priority: 89,
      confidence: "high",
      when: [dialogEnds, { in: "box", matches: atLeft("│ Question +│") }],
      unless: [composer],
    },
    {
      name: "dialog",
      state: "waiting",
      kind: "confirm",
      priority: 80,
      confidence: "medium",
      when: [dialogEnds, { in: "foot", matches: /\besc\b/iu }],
      unless: [composer],
    },
    {
      name: "list",
      state: "waiting",
      kind: "confirm",
      priority: 79,
      confidence: "medium",
      when: [keys],
      unless: [composer, reading],
    },
    { name: "reading", state: "idle", priority: 30, confidence: "low", when: [reading], unless: [composer] },
    {
      name: "working",
      state: "working",
      priority: 70,
      confidence: "high",
      // At rest its keys and modes stand there, without a mark; what it loads beside a turn is none.
      when: [composer, { in: "foot", matches: atLeft(" [○◎◉●] (?!Loading\\b)\\S") }],
    },
    {
      name: "working_beside",
      state: "working",
      priority: 69,
      confidence: "high",
      when: [composer, { in: "beside", matches: atLeft("[○◎◉●] \\S.*\\(\\d[\\dhms ]*s\\)") }],
    },
    {
      name: "auth",
      state: "failed",
      kind: "auth",
      priority: 64,
      confidence: "high",
      when: [composer, { in: "ending", matches: atLeft(" ?✗ (?:Authentication failed|.*\\b401\\b)"), joined: true }],
    },
    {
      name: "network",
      state: "failed",
      kind: "network",
      priority: 63,
      confidence: "high",
      when: [
        composer,
        {
          in: "ending",
          matches: atLeft(" ?✗ (?:Could not connect|.*\\b(?:ECONN|ENOTFOUND|network error))"),
          joined: true,
        },
      ],
    },
    {
      name: "quota",
      state: "limited",
      kind: "quota",
      priority: 62,
      confidence: "high",
      when: [
        composer,
        { in: "ending", matches: atLeft(" ?✗ .*\\b(?:quota|billing|credit|usage limit)", "iu"), joined: true },
      ],
    },
    {
      name: "rate",
      state: "limited",
      kind: "rate",
      priority: 61,
      confidence: "high",
      when: [
        composer,
        {
          in: "ending",
          matches: atLeft(" ?✗ (?:Failed to get response.*\\b(?:429|rate limit)|429 )", "iu"),
          joined: true,
        },
      ],
      until: { in: "ending", matches: limitTime, joined: true },
    },
    {
      name: "server",
      state: "failed",
      kind: "server",
      priority: 60,
      confidence: "high",
      when: [composer, { in: "ending", matches: atLeft(" ?✗ (?:Failed to get response|[45]\\d\\d )") }],
    },
    { name: "composer", state: "idle", priority: 40, confidence: "medium", when: [composer] },
    {
      name: "start",
      state: "starting",
      priority: 10,
      confidence: "low",
      when: [{ alternate: false, in: "screen" }],
      unless: [{ in: "title", matches: /GitHub Copilot/u }],
    },
    {
      name: "start_empty",
      state: "starting",
      priority: 9,
      confidence: "low",
      when: [{ in: "screen", matches: /^\s*$/u, joined: true }],
      unless: [{ in: "title", matches: /GitHub Copilot/u }],
    },
  ],
};
