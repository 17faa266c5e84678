import type { ProgramRules } from "../programRules";

/** How many of how many lines a fuzzy finder shows. */
export const finderCount = /^\d+\/\d+(?: \(\d+\))?(?: ?[─-]*$| ─{2,})/u;
/** The same with a line drawn behind it: below the prompt of a shell, too, it is nothing else. */
export const finderLine = /^\d+\/\d+(?: \(\d+\))? ─{2,}/u;
/** Where what is looked for is typed, within a frame or not. */
export const finderPrompt = /^[│┃| ]*> /u;

/** Keys at the foot of a form: what Enter does with it is among them. */
const formKeys = /(?:^| • )enter (?:submit|confirm|select|choose)(?: • |$)/u;
/** The same of a choice between yes and no. */
const yesNoKeys = /^.*\btoggle • enter submit • y Yes • n No$/u;

/** Lists to choose from with the arrow keys; the cursor is hidden while one stands. */
export const menus: ProgramRules = {
  program: "menu",
  title: "list to choose from",
  role: "tool",
  recorded: [],
  known: { commands: [] },
  regions: {
    list: { bottom: 20 },
    last: { bottom: 1 },
    marked: { from: /^\? \S/u, within: 16 },
    foot: { bottom: 3 },
  },
  rules: [
    {
      name: "keys",
      state: "waiting",
      kind: "question",
      priority: 70,
      confidence: "high",
      answer: "list",
      when: [
        {
          in: "list",
          matches:
            /\(Use arrow keys|\[Use arrows to move|↑↓ navigate|Use arrow-keys\. Return to submit|Press <space> to select|- Space to select\. Return to submit/u,
          cursor: "hidden",
        },
      ],
    },
    {
      name: "yes_no_keys",
      state: "waiting",
      kind: "confirm",
      priority: 72,
      confidence: "high",
      when: [{ in: "last", matches: yesNoKeys, cursor: "hidden" }],
    },
    {
      name: "form_keys",
      state: "waiting",
      kind: "question",
      priority: 71,
      confidence: "high",
      when: [{ in: "last", matches: formKeys, cursor: "hidden" }],
    },
    {
      name: "marked_list",
      state: "waiting",
      kind: "question",
      priority: 69,
      confidence: "high",
      answer: "list",
      when: [{ in: "marked", matches: /^(?:[❯›▸>●◉◯]|\( ?\)|\[ ?\]) *\S/u, cursor: "hidden" }],
    },
    {
      name: "marked_yes_no",
      state: "waiting",
      kind: "confirm",
      priority: 67,
      confidence: "high",
      answer: "line",
      when: [{ in: "before_cursor", matches: /^\? \S.* [([]y\/n[)\]].{0,12}$/iu, alternate: false }],
    },
    {
      name: "marked_secret",
      state: "waiting",
      kind: "password",
      priority: 66,
      confidence: "high",
      answer: "line",
      secret: true,
      when: [
        { in: "before_cursor", matches: /^\? .*(?:pass\s?(?:word|phrase|code)|\bsecret|\bPIN)\b/iu, alternate: false },
      ],
    },
    {
      name: "marked_question",
      state: "waiting",
      kind: "question",
      priority: 65,
      confidence: "high",
      answer: "line",
      when: [{ in: "before_cursor", matches: /^\? \S/u, alternate: false }],
    },
    {
      name: "finder",
      state: "waiting",
      kind: "question",
      priority: 64,
      confidence: "high",
      when: [
        { in: "list", matches: finderCount },
        { in: "before_cursor", matches: finderPrompt },
      ],
    },
    {
      name: "open_yes_no",
      state: "waiting",
      kind: "confirm",
      priority: 69,
      confidence: "high",
      when: [
        { in: "list", matches: /^◆ {2}\S/u },
        { in: "foot", matches: /^[●○] Yes \/ [●○] No$/u },
        { in: "last", matches: /^└/u },
      ],
    },
    {
      name: "open_step",
      state: "waiting",
      kind: "question",
      priority: 68,
      confidence: "high",
      when: [
        { in: "list", matches: /^◆ {2}\S/u },
        { in: "last", matches: /^└/u },
      ],
    },
  ],
};
