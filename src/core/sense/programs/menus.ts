import type { ProgramRules } from "../programRules";
import { tokenAsked } from "./asked";

/** How many of how many lines a fuzzy finder shows. */
export const finderCount = /^\d+\/\d+(?: \(\d+\))?(?: ?[─-]*$| ─{2,})/u;
/** The same with a line drawn behind it: below the prompt of a shell, too, it is nothing else. */
export const finderLine = /^\d+\/\d+(?: \(\d+\))? ─{2,}/u;
/** Where what is looked for is typed, within a frame or not. */
export const finderPrompt = /^[│┃| ]*[\w./-]{0,30}> /u;

/** Keys at the foot of a form: what Enter does with it is among them. */
const formKeys = /(?:^| • )enter (?:submit|confirm|select|choose)(?: • |$)/u;
/** The same of a choice between yes and no. */
const yesNoKeys = /^.*\btoggle • enter submit • y Yes • n No$/u;

/** A step that is open, and the end of the line that leads to it; without Unicode, too. */
const openStep = /^[◆*] {2}\S/u;
const openEnd = /^[└—](?:$| )/u;
const openYesNo = /^[●○>] *Yes *\/ *[●○>]? *No$/u;
/** What is to be chosen, and right below it the entry that is marked, in a row of its kind. */
const markedBelow =
  /\S[?:](?: [[(][^\])]{1,80}[\])])? {1,4}(?:[❯›▸»▶>] {0,2}(?:[●○◯◉◻◼☐☑■□]|\[[ x✔*]?\]|\([ *•]?\)|\d[.)])? ?\S)/u;
const otherEntry = /^ {1,6}(?:[●○◯◉◻◼☐☑■□]|\[[ x✔*]?\]|\([ *•]?\)|\d[.)])? ?[\p{L}\d]/u;

const markedSecret = new RegExp(
  String.raw`^\? .*(?:(?:pass\s?(?:word|phrase|code)|\bsecret|\bPIN)\b|${tokenAsked.source})`,
  "iu",
);

/** Lists to choose from with the arrow keys; the cursor is hidden while one stands. */
export const menus: ProgramRules = {
  program: "menu",
  title: "list to choose from",
  role: "tool",
  recorded: [],
  known: { commands: [] },
  regions: {
    list: { bottom: 20 },
    keyed: { from: /\(Use arrow keys|\[Use arrows to move|Use arrow-keys\. Return to submit/u, within: 20 },
    last: { bottom: 1 },
    marked: { from: /^\? \S/u, within: 16 },
    foot: { bottom: 3 },
    head: { top: 3, drawn: true },
    drawn_list: { bottom: 12, drawn: true },
  },
  rules: [
    {
      name: "keys",
      state: "waiting",
      kind: "question",
      priority: 70,
      confidence: "high",
      answer: "list",
      when: [{ in: "keyed", cursor: "hidden" }],
    },
    {
      name: "keys_below",
      state: "waiting",
      kind: "question",
      priority: 69.5,
      confidence: "high",
      answer: "list",
      when: [
        {
          in: "list",
          matches: /↑↓ navigate|Press <space> to select|- Space to select\. Return to submit/u,
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
    /** The answer that is taken is shown behind the choice; a hint may stand below. */
    {
      name: "marked_yes_no_shown",
      state: "waiting",
      kind: "confirm",
      priority: 69.2,
      confidence: "high",
      when: [{ in: "foot", matches: /^\? \S.* [([]y\/n[)\]] [›»>] (?:yes|no)$/iu, cursor: "hidden", alternate: false }],
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
      name: "list_below",
      state: "waiting",
      kind: "question",
      priority: 68,
      confidence: "medium",
      answer: "list",
      when: [
        { cursor: "hidden", alternate: false, running: true, in: "last" },
        { in: "drawn_list", matches: markedBelow, joined: true },
        { in: "drawn_list", matches: otherEntry },
      ],
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
      when: [{ in: "before_cursor", matches: markedSecret, alternate: false }],
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
    /** What is typed is not shown, and the cursor is left below. */
    {
      name: "marked_secret_above",
      state: "waiting",
      kind: "password",
      priority: 63,
      confidence: "medium",
      answer: "line",
      secret: true,
      when: [
        { in: "last", matches: /^\? \S.*(?:pass\s?(?:word|phrase|code)|\bsecret|\bPIN|\bkey)\b.{0,40}:$/iu },
        { in: "before_cursor", matches: /^$/u, alternate: false, running: true },
      ],
    },
    {
      name: "finder_in_line",
      state: "waiting",
      kind: "question",
      priority: 64,
      confidence: "high",
      when: [
        { in: "cursor_line", matches: /^[❯>] .*\d+\/\d+$/u, running: true },
        { in: "before_cursor", matches: /^[❯>] \S{0,20}$/u },
      ],
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
        { in: "list", matches: openStep },
        { in: "foot", matches: openYesNo },
        { in: "last", matches: openEnd },
      ],
    },
    {
      name: "open_secret",
      state: "waiting",
      kind: "password",
      priority: 68.5,
      confidence: "high",
      when: [
        { in: "list", matches: /^[◆*] {2}.*(?:pass\s?(?:word|phrase|code)|\bsecret|\bPIN)\b/iu },
        { in: "last", matches: openEnd },
      ],
    },
    /** It is all that the screen shows. */
    {
      name: "list_alone",
      state: "waiting",
      kind: "question",
      priority: 60,
      confidence: "medium",
      when: [
        { cursor: "hidden", alternate: true, running: true, in: "last" },
        { in: "head", matches: /^\S.{0,120}[?:] {1,3}[*❯›>] \S/u, joined: true },
      ],
    },
    {
      name: "open_step",
      state: "waiting",
      kind: "question",
      priority: 68,
      confidence: "high",
      when: [
        { in: "list", matches: openStep },
        { in: "last", matches: openEnd },
      ],
    },
  ],
};
