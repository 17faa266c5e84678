import type { Condition, ProgramRules } from "../programRules";

const composer: Condition = { in: "composer" };
const firstComposer: Condition = { in: "first_composer" };
const keys: Condition = {
  in: "keys",
  matches: /↑\/↓ navigate|\bEnter to (?:select|confirm|continue|submit|save)\b|\bEsc to (?:go back|cancel)\b/u,
  joined: true,
};
/** The line below composer and dialogs alike. */
const foot: Condition = { in: "foot", matches: /\bAuto-approve all (?:enabled|disabled)\b/u };

/** Cline, recorded at 3.0.57 and 3.0.65: its footer is the same in every state, its spinner is the bullet of what it works on. */
export const cline: ProgramRules = {
  program: "cline",
  title: "Cline",
  role: "agent",
  recorded: ["3.0.57", "3.0.65"],
  known: {
    commands: ["cline"],
    resumes: ["--id"],
    screen: [{ in: "title", matches: /^(?:Cline$|> )/u }, foot],
    untitled: [foot],
  },
  regions: {
    composer: { from: /^❯(?:\s|$)/u, below: /^─{8,}$/u, within: 16, drawn: true },
    /** In the middle of the screen before the first prompt. */
    first_composer: { from: /^ {4,}❯(?:\s|$)/u, below: /^ {4,}─{8,}$/u, within: 16, drawn: true },
    foot: { bottom: 4 },
    keys: { bottom: 3 },
    dialog: { bottom: 30, drawn: true },
    permission: { from: /^ Cline needs permission$/u, drawn: true },
    /** What it said, each block with a bullet in the second column; the one it works on has a spinner there. */
    transcript: { above: "composer", drawn: true },
    /** What waits for the end of the turn. */
    queued: { above: "composer", lines: 8, from: /^╭─{8}/u, drawn: true },
    /** The same since the last prompt, where that is on the screen. */
    turn: { above: "composer", from: /^ ❯ /u, drawn: true },
    /** The last block of it. */
    ending: { from: /^ (?:[*x❯⠀-⣿](?: |$)|\*Error: )/u, drawn: true, to: /^─{8}/u },
    first_screen: { bottom: 34 },
  },
  composer: { in: ["composer", "first_composer"], mark: "❯", to: /^\s*─{8}/u },
  steps: { says: /^ \* /u, does: /^ \*Error: /u, shows: /^ \* (?:[a-z_]+\(|Error: )|^ {3}⎿/u },
  rules: [
    {
      name: "command_permission",
      state: "waiting",
      kind: "permission",
      priority: 91,
      confidence: "high",
      answer: "key",
      about: { in: "permission", from: /^ {2,}\$ /u, until: /^ *\[y\] /u },
      when: [
        { in: "dialog", matches: /^ run_commands$/u },
        { in: "dialog", matches: /^ Cline needs permission$/u },
        foot,
      ],
      unless: [composer],
    },
    {
      name: "permission",
      state: "waiting",
      kind: "permission",
      priority: 90,
      confidence: "high",
      answer: "key",
      about: { in: "permission", from: /^ *Approve tool call\?.*$/u, until: /^ *\[y\] /u },
      when: [{ in: "dialog", matches: /^ Cline needs permission$/u }, foot],
      unless: [composer],
    },
    {
      name: "question",
      state: "waiting",
      kind: "question",
      priority: 88,
      confidence: "high",
      when: [{ in: "dialog", matches: /^ Cline is asking a question$/u }, foot],
      unless: [composer],
    },
    {
      name: "login",
      state: "waiting",
      kind: "login",
      priority: 87,
      confidence: "medium",
      when: [keys, { in: "first_screen", matches: /\bsign(?:ing)? in\b|\bAPI key\b|\bprovider\b|\blog ?in\b/iu }],
      unless: [composer, firstComposer, foot],
    },
    {
      name: "menu",
      state: "waiting",
      kind: "confirm",
      priority: 85,
      confidence: "medium",
      when: [
        { in: "dialog", matches: /^ {5}.*(?:\bEsc (?:to )?(?:close|cancel|back)\b|↑\/↓ navigate, )/u },
        { cursor: "hidden" },
        foot,
      ],
    },
    {
      name: "promotion",
      state: "waiting",
      kind: "confirm",
      priority: 86,
      confidence: "high",
      when: [{ in: "first_screen", matches: /\bany other key to close\b/u }],
      unless: [composer],
    },
    {
      name: "search",
      state: "waiting",
      kind: "confirm",
      priority: 84,
      confidence: "medium",
      // The composer has no frame at its left, the search field of a menu over it has.
      when: [{ in: "before_cursor", matches: /^[^❯]*│ [^│]*$/u, cursor: "visible" }, { alternate: true }],
    },
    {
      name: "working",
      state: "working",
      priority: 70,
      confidence: "high",
      when: [{ in: "composer" }, { in: "turn", matches: /^ [⠁-⣿](?: |$)/u }],
    },
    {
      name: "working_long",
      state: "working",
      priority: 69,
      confidence: "high",
      when: [{ in: "composer" }, { in: "transcript", matches: /^ [⠁-⣿](?: |$)/u }],
      unless: [{ in: "turn" }],
    },
    {
      name: "working_queued",
      state: "working",
      priority: 68,
      confidence: "high",
      when: [{ in: "composer" }, { in: "queued", matches: /^│ Queued messages:/u }],
    },
    {
      name: "auth",
      state: "failed",
      kind: "auth",
      priority: 64,
      confidence: "high",
      when: [
        composer,
        { in: "ending", matches: /^ \* ?Error: .*(?:API key|\b40[13]\b|unauthori[sz]ed|authenticat)/iu, joined: true },
      ],
    },
    {
      name: "quota",
      state: "limited",
      kind: "quota",
      priority: 63,
      confidence: "high",
      when: [
        composer,
        { in: "ending", matches: /^ \* ?Error: .*\b(?:quota|billing|credits?|usage limit)/iu, joined: true },
      ],
    },
    {
      name: "rate",
      state: "limited",
      kind: "rate",
      priority: 62,
      confidence: "high",
      when: [
        composer,
        { in: "ending", matches: /^ \* ?Error: .*(?:\b429\b|\brate limit|too many requests)/iu, joined: true },
      ],
    },
    {
      name: "network",
      state: "failed",
      kind: "network",
      priority: 61,
      confidence: "high",
      when: [
        composer,
        {
          in: "ending",
          matches:
            /^ \* ?Error: .*(?:unable to connect|cannot connect|ECONN|ENOTFOUND|fetch failed|network|connection)/iu,
          joined: true,
        },
      ],
    },
    {
      name: "server",
      state: "failed",
      kind: "server",
      priority: 60,
      confidence: "high",
      when: [composer, { in: "ending", matches: /^ \* ?Error: \S/iu, joined: true }],
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
      // What would complete a command may cover the line below it.
      when: [{ in: "first_composer", cursor: "visible", alternate: true }],
    },
    {
      name: "dialog",
      state: "waiting",
      kind: "confirm",
      priority: 20,
      confidence: "medium",
      when: [foot],
      unless: [composer, firstComposer],
    },
    {
      name: "start",
      state: "starting",
      priority: 10,
      confidence: "low",
      when: [{ alternate: false, in: "screen" }],
      unless: [{ in: "title", matches: /^(?:Cline$|> )/u }],
    },
    {
      name: "start_empty",
      state: "starting",
      priority: 9,
      confidence: "low",
      when: [{ in: "screen", matches: /^\s*$/u, joined: true }],
      unless: [{ in: "title", matches: /^(?:Cline$|> )/u }],
    },
  ],
};
