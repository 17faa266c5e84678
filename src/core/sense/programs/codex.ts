import type { Condition, ProgramRules } from "../programRules";

const noComposer: Condition = { in: "composer" };
/** What a failed turn ends with, where nothing came after it; a session that is resumed shows it again. */
const failure: Condition = { in: "last", first: true, matches: /^■ (?!Conversation interrupted)/u };

/** More choices, and lines of a command that are left out. */
const cutOff = /^[↓↑]$|^\[… \d+ lines?\]/u;

/** Codex, recorded from 0.165.0 to 0.171.0: full screen and inline, its dialogs and its failures. */
export const codex: ProgramRules = {
  program: "codex",
  title: "Codex",
  role: "agent",
  recorded: ["0.165.0", "0.168.0", "0.169.0", "0.171.0"],
  known: {
    commands: ["codex"],
    apps: ["codex"],
    resumes: ["resume", "fork"],
    screen: [{ in: "screen", matches: /^>_ OpenAI Codex \(v\d/u }],
  },
  fromLeftEdge: true,
  version: { in: "screen", matches: /\bOpenAI Codex \(v(\d+\.\d+\.\d+)/u },
  regions: {
    /** With the line of model and folder below it: before that it takes no text, and in a dialog `›` is the choice. */
    composer: { from: /^[›!](?:\s|$)/u, column: 0, to: /^\S+ .*· ?(?:[~/]|[A-Z]:\\)/u, closed: true },
    /** One that has no room on the screen for its text shows the end of it, and no line below. */
    scrolled: { from: /^›\s.*\s↑$/u, column: 0 },
    /** The same before it takes text. */
    last_line: { bottom: 1 },
    drawn: { from: /^›(?:\s|$)/u, column: 0, within: 3 },
    /** What it works on, with the key that ends it. */
    busy: { above: "composer", lines: 8, from: /^• .*\(\d[\dhms ]*•/u, column: 0 },
    /** From the first line of the dialog that stands there; one that was answered may stand above. */
    heading: {
      bottom: 24,
      from: /^(?:Trust this folder\?|Welcome to Codex\b|Sign in (?:with|another way)|Would you like to |Allow the .+ MCP server to run tool\b|Implement this plan\?|Resume a previous session)/u,
    },
    /** Above its dialog: the files and their lines. */
    change: { from: /^• .*\(\+\d+ -\d+\)$/u, column: 0 },
    asks: { bottom: 60, from: /^(?:Question|Field) \d+\/\d+\b/u },
    keys: { bottom: 2 },
    foot: { bottom: 3 },
    /** The last thing that stands above the composer. */
    last: { above: "composer", lines: 16, from: /^[›•■✔✗⚠]/u, column: 0 },
    ending: { above: "composer", lines: 2, from: /^Worked for /u },
  },
  composer: { in: ["composer", "scrolled"], mark: "›", more: /\s+↑$/u },
  turnOver: /^(?:Worked for \S.* • |\d+ background terminals? running\b)/u,
  turnStopped: { in: "last", first: true, matches: /^■ Conversation interrupted\b/u },
  steps: {
    says: /^• /u,
    does: /^[■⚠✔✗] |^ {2}└ Tip: /u,
    shows: /^• (?:Questions \d+\/\d+|Model changed to )|^• .*\(\+\d+ -\d+\)$|^ {2}└ (?!Tip: )/u,
  },
  rules: [
    {
      name: "trust",
      state: "waiting",
      kind: "trust",
      priority: 95,
      confidence: "high",
      answer: "list",
      about: { in: "heading", onlyWords: true },
      when: [
        { in: "heading", first: true, matches: /^Trust this folder\?/u },
        { in: "last_line", matches: /^(?:Press )?enter (?:to )?continue\b/iu },
      ],
      unless: [noComposer],
    },
    {
      name: "login",
      state: "waiting",
      kind: "login",
      priority: 94,
      confidence: "high",
      when: [
        { in: "heading", first: true, matches: /^Welcome to Codex\b|^Sign in (?:with|another way)/u },
        { in: "keys", matches: /^Press (?:enter|esc) to \w+/u },
      ],
      unless: [noComposer],
    },
    {
      name: "edit_permission",
      state: "waiting",
      kind: "permission",
      priority: 91,
      confidence: "high",
      answer: "list",
      about: { in: "change", until: /^ *Would you like to make the following edits\?/u, part: cutOff },
      when: [
        { in: "heading", first: true, matches: /^Would you like to make the following edits\?/u },
        { in: "keys", matches: /^Press enter to confirm/u },
      ],
      unless: [noComposer],
    },
    {
      name: "permission",
      state: "waiting",
      kind: "permission",
      priority: 90,
      confidence: "high",
      answer: "list",
      about: { in: "heading", from: /^ {2}\$ /u, part: cutOff },
      when: [
        { in: "heading", first: true, matches: /^Would you like to /u },
        { in: "keys", matches: /^Press enter to confirm/u },
      ],
      unless: [noComposer],
    },
    {
      name: "tool_permission",
      state: "waiting",
      kind: "permission",
      priority: 89,
      confidence: "high",
      answer: "list",
      about: { in: "heading", from: /^ *Allow the .*\?$/u, part: cutOff },
      when: [
        { in: "heading", first: true, matches: /^Allow the .+ MCP server to run tool\b/u },
        { in: "keys", matches: /\benter to submit \| esc to cancel$/u, joined: true },
      ],
      unless: [noComposer],
    },
    {
      name: "plan",
      state: "waiting",
      kind: "plan",
      priority: 87,
      confidence: "high",
      answer: "list",
      about: { in: "heading", onlyWords: true },
      when: [
        { in: "heading", first: true, matches: /^Implement this plan\?$/u },
        { in: "keys", matches: /^enter select · esc back$/u, cursor: "hidden" },
      ],
      unless: [noComposer],
    },
    {
      name: "question",
      state: "waiting",
      kind: "question",
      priority: 88,
      confidence: "high",
      answer: "list",
      about: { in: "asks", onlyWords: true, part: cutOff },
      when: [{ in: "keys", matches: /\benter to submit (?:answer|all)\b/u, joined: true }],
      unless: [noComposer],
    },
    {
      name: "action_required",
      state: "waiting",
      kind: "permission",
      priority: 80,
      confidence: "high",
      when: [{ in: "title", matches: /^\[ [!.] \] Action Required\b/u }],
      unless: [noComposer],
    },
    {
      name: "menu",
      state: "waiting",
      kind: "confirm",
      priority: 78,
      confidence: "high",
      // A menu may show the line of the model, too, as an example; where text is typed the cursor is seen.
      when: [
        {
          in: "keys",
          matches:
            /\besc (?:to )?(?:go )?(?:back|cancel|close|exit|dismiss|skip)\b|\besc (?:to )?(?!interrupt\b)[a-z]+(?:\/[a-z]+)?$/u,
          joined: true,
          cursor: "hidden",
        },
      ],
      unless: [{ in: "keys", matches: /^Browsing transcript · /u }],
    },
    {
      name: "sessions",
      state: "waiting",
      kind: "confirm",
      priority: 77,
      confidence: "high",
      when: [
        { in: "heading", first: true, matches: /^Resume a previous session$/u },
        { in: "foot", matches: /\benter resume\b.*\besc \w+/u, joined: true, cursor: "hidden" },
      ],
      unless: [noComposer],
    },
    {
      name: "working_title",
      state: "working",
      priority: 70,
      confidence: "high",
      when: [{ in: "title", matches: /^[\u2801-\u28ff] /u }],
    },
    {
      name: "working",
      state: "working",
      priority: 69,
      confidence: "medium",
      when: [{ in: "busy", first: true, matches: /• esc to interrupt\)/u }],
    },
    {
      name: "transcript",
      state: "idle",
      kind: "pager",
      priority: 66,
      confidence: "high",
      when: [{ in: "composer" }, { in: "keys", matches: /^Browsing transcript · |^Find: /u }],
    },
    {
      name: "pager",
      state: "idle",
      kind: "pager",
      priority: 65,
      confidence: "high",
      when: [
        { in: "last_line", matches: /^q close\b/u },
        { in: "keys", matches: /\bto scroll · .*\bto page\b/u },
      ],
      unless: [noComposer],
    },
    {
      name: "auth",
      state: "failed",
      kind: "auth",
      priority: 64,
      confidence: "medium",
      when: [failure, { in: "last", matches: /\bstatus 40[13]\b/u, joined: true }],
    },
    {
      name: "quota",
      state: "limited",
      kind: "quota",
      priority: 62,
      confidence: "medium",
      when: [failure, { in: "last", matches: /\bquota exceeded\b/iu, joined: true }],
    },
    {
      name: "usage",
      state: "limited",
      kind: "quota",
      priority: 63,
      confidence: "medium",
      when: [failure, { in: "last", matches: /^■ You[’']ve hit your usage limit\b/u }],
      // `6:10 AM`, or `Dec 4th, 2026 3:10 AM`.
      until: { in: "last", matches: /\btry again at (\S[^.]*?[AP]M)\b/u, joined: true },
    },
    {
      name: "rate",
      state: "limited",
      kind: "rate",
      priority: 61,
      confidence: "medium",
      when: [failure, { in: "last", matches: /\bstatus: 429\b/u, joined: true }],
    },
    {
      name: "network",
      state: "failed",
      kind: "network",
      priority: 60,
      confidence: "medium",
      when: [failure, { in: "last", matches: /error sending request|stream disconnected/iu, joined: true }],
    },
    {
      name: "server",
      state: "failed",
      kind: "server",
      priority: 59,
      confidence: "medium",
      when: [failure, { in: "last", matches: /high demand|\bstatus 5\d\d\b/u, joined: true }],
    },
    { name: "failure", state: "failed", priority: 58, confidence: "low", when: [failure] },
    {
      name: "done",
      state: "done_unseen",
      priority: 42,
      confidence: "medium",
      when: [{ in: "ending", matches: /^Worked for \S.* • \S+(?: \d+ background terminal.*)?$/u, joined: true }],
    },
    { name: "composer", state: "idle", priority: 40, confidence: "medium", when: [{ in: "composer" }] },
    { name: "scrolled", state: "idle", priority: 39, confidence: "medium", when: [{ in: "scrolled" }] },
    {
      name: "drawn",
      state: "starting",
      priority: 20,
      confidence: "medium",
      when: [{ in: "drawn" }, { in: "foot", matches: /^\? for shortcuts$/u }],
      unless: [noComposer],
    },
    {
      name: "start",
      state: "starting",
      // Nothing but the line that started it; what stands above is of others.
      priority: 97,
      confidence: "low",
      when: [{ in: "last_line", matches: /[$#%❯>] (?:\S*\/)?codex\b/u }],
      unless: [noComposer],
    },
  ],
};
