import type { Condition, ProgramRules } from "../programRules";
import { pagerLine } from "./pagers";

const buttons = /<\s*(?:Yes|No|Ok|OK|Cancel|Continue|Exit|EXIT)\s*>/u;
/** Both: a value is asked for, an entry of a list or a text. */
const okOrCancel = /<\s*(?:Ok|OK)\s*>\s+<\s*Cancel\s*>/u;
/** Two of them side by side, in brackets of any kind. */
export const sideBySide =
  /[[<] ?<? ?(?:Yes|No|OK|Ok|Cancel|Close|Save|Discard|Quit|Abort|Retry|Continue) ?>? ?[\]>] {1,12}[[<] ?<? ?(?!Help\b)\p{Lu}\p{L}+ ?>? ?[\]>]/u;
const eitherButtons = new RegExp(`${buttons.source}|${sideBySide.source}`, "u");
/** The lines at the foot of editors that another program started. */
const editorFoot =
  /^~$|^-- (?:INSERT|VISUAL|REPLACE)|\s\d+,\d+(?:-\d+)?\s+(?:All|Top|Bot|\d+%)$|^\^G (?:Get )?Help\b|^-UU|Alt-g: bindings|\(\d+,\d+\) \| ft:\S+ \||^-{4,}\S{0,3}(?:Mg|Jed): |^L: +\d+ C: +\d+ /u;
/** The line above the text of joe and mcedit. */
const editorHead = /\bRow \d+ +Col \d+$|\[[-*M]{4}\] +\d+ L:\[/u;
/** `/etc/services`, `notes.txt`, and which of several it is. */
const fileName = /^(?:[\w.@+~-]*\/(?:[\w.@+-]+\/)*[\w.@+-]+|[\w@+-]+\.\w{1,8})(?: \(file \d+ of \d+\))?$/u;
/** What git writes into a file that it has a person edit. */
const gitsText =
  /^# (?:Please enter the commit message|Rebase [0-9a-f]+\.\.|Write\/edit the notes|Manual hunk edit mode)/u;
/** A field to fill in stands above buttons, with the cursor in it. */
const field: Condition = { in: "buttons", matches: buttons, alternate: true, cursor: "visible" };
const text: readonly Condition[] = [
  { in: "last", matches: pagerLine },
  { in: "foot", matches: editorFoot },
];
/** A choice between yes and no that a full-screen program asks in its last line. */
const yesNo = /(?:[[(]\[?(?:y|yes)\]?\s*[/,]\s*\[?(?:n|no)\]?[\])]\s*[?:]*|\? \((?:y|n)\))\s*$/iu;

/** The same with more answers: `Save it? (y, n, !, q)`, `Quit without saving? [y/N]`. */
export const asksBelow =
  /\?\s*[[(]\[?(?:y|yes)\]?(?:\s*[/,]\s*\[?(?:n|no)\b)[^\])]{0,20}[\])]+\s*$|\bare you sure\?:? ?\S{0,3}$/iu;

/** The row of buttons in a frame that stands before everything else: `│ [ Yes ]    [ No ] │`, `│ yes    no    never │`. */
const popupYesNo =
  /(?:^|│) *(?:[[<] ?<? ?Yes ?>? ?[\]>] {1,12}[[<] ?<? ?No ?>? ?[\]>]|yes {2,12}no(?: {2,12}[^│?]{2,40})?) *(?:│|$)/u;
/** What such a frame asks. */
const popupAsks = /\?(?: *│|$)|(?:^|│) *(?:Are you sure|Really|Do you) /iu;
/** What is typed into the last row: `Enter start time, leave blank for an all-day event:`. */
const enterBelow = /^(?:Enter|Type|Give|Specify) \p{L}[^│]{2,150}:$/u;

/** Answers whose letter stands in brackets, in any language: `[L]esen, (e)ditieren, (B)eenden: `. */
export const letteredWords = /(?:[([]\p{L}[)\]]\p{L}*[ \p{L}-]{0,30}, ?){2,}.{1,40}[:?] {0,2}$/u;
/** Letters to press, of which one is taken: `(s, q, p, ?)`. */
export const lettersToPress = /\S \((?:[^\s,()]{1,3}, ?){1,8}[^\s,()]{1,3}\)\? {0,2}$/u;

/**
 * What stands on the alternate screen of a program that is no pager or editor by its name: one that it started, as git does. Text
 * there is what it shows, not what it asks.
 */
export const fullScreens: ProgramRules = {
  program: "full_screen",
  title: "full screen",
  role: "tool",
  recorded: [],
  known: { commands: [] },
  regions: { head: { top: 1 }, foot: { bottom: 3 }, last: { bottom: 1 }, buttons: { bottom: 14 } },
  rules: [
    {
      name: "swap_file",
      state: "waiting",
      kind: "question",
      priority: 90,
      confidence: "high",
      when: [{ in: "before_cursor", matches: /\(Q\)uit, \(A\)bort: ?$/u, alternate: true }],
    },
    /** The cursor stands on the button that Enter presses. */
    {
      name: "value_button",
      state: "waiting",
      kind: "question",
      priority: 89,
      confidence: "high",
      when: [
        { in: "cursor_line", matches: okOrCancel },
        { in: "before_cursor", matches: /<\s*$/u },
      ],
    },
    {
      name: "value_buttons",
      state: "waiting",
      kind: "question",
      priority: 87.5,
      confidence: "medium",
      when: [{ in: "buttons", matches: okOrCancel, alternate: true, cursor: "hidden" }],
    },
    {
      name: "button_in_brackets",
      state: "waiting",
      kind: "confirm",
      priority: 88,
      confidence: "high",
      when: [
        { in: "cursor_line", matches: /\[ ?(?:Yes|No|Ok|OK|Cancel|Continue|Close|Exit) ?\]/u },
        { in: "before_cursor", matches: /\[ ?$/u, alternate: true },
      ],
    },
    {
      name: "button",
      state: "waiting",
      kind: "confirm",
      priority: 88,
      confidence: "high",
      when: [
        { in: "cursor_line", matches: buttons },
        { in: "before_cursor", matches: /<\s*$/u },
      ],
    },
    {
      name: "buttons",
      state: "waiting",
      kind: "confirm",
      priority: 87,
      confidence: "medium",
      when: [{ in: "buttons", matches: eitherButtons, alternate: true, cursor: "hidden" }],
    },
    {
      name: "popup_yes_no",
      state: "waiting",
      kind: "confirm",
      priority: 86.5,
      confidence: "medium",
      when: [
        { in: "screen", matches: popupYesNo, alternate: true, running: true },
        { in: "screen", matches: popupAsks },
      ],
      unless: text,
    },
    {
      name: "secret_field",
      state: "waiting",
      kind: "password",
      priority: 86,
      confidence: "high",
      when: [field, { in: "buttons", matches: /\bpass\s?(?:word|phrase)\b|\bPIN\b/iu }],
      unless: text,
    },
    {
      name: "field",
      state: "waiting",
      kind: "question",
      priority: 85,
      confidence: "medium",
      when: [field],
      unless: text,
    },
    /** Below the prompt of a shell that has drawn no screen of its own. */
    {
      name: "secret_field_on_line",
      state: "waiting",
      kind: "password",
      priority: 84.6,
      confidence: "medium",
      when: [
        { in: "last", matches: /^[╰└][─━]{8}/u, running: true, alternate: false },
        { in: "foot", matches: buttons },
        { in: "buttons", matches: /\bpass\s?(?:word|phrase)\b|\bPIN\b/iu },
      ],
    },
    {
      name: "field_on_line",
      state: "waiting",
      kind: "question",
      priority: 84.5,
      confidence: "medium",
      when: [
        { in: "last", matches: /^[╰└][─━]{8}/u, running: true, alternate: false },
        { in: "foot", matches: buttons },
      ],
    },
    /** What is to be done stands below the list, and the list has the keys. */
    {
      name: "select_above",
      state: "waiting",
      kind: "question",
      priority: 82,
      confidence: "medium",
      when: [
        { in: "last", matches: /^(?:Select|Choose|Pick) an? \S.{0,120}\bpress\b/u, alternate: true, cursor: "hidden" },
      ],
    },
    /** A list of what is found, below what is typed. */
    {
      name: "finder_above",
      state: "waiting",
      kind: "question",
      priority: 81,
      confidence: "medium",
      when: [
        { in: "head", matches: /^\w{0,12}> .*\d+\/\d+\)?\]?$/u, alternate: true, cursor: "visible" },
        { in: "before_cursor", matches: /^\w{0,12}> /u },
      ],
    },
    {
      name: "asked_below",
      state: "waiting",
      kind: "confirm",
      priority: 84,
      confidence: "medium",
      when: [
        // A narrow screen wraps it.
        { in: "last", matches: /[:?\])]$/u, alternate: true, cursor: "visible" },
        { in: "before_cursor", matches: yesNo },
      ],
    },
    /** The keys of the program stand below. */
    {
      name: "asked_above_keys",
      state: "waiting",
      kind: "confirm",
      priority: 83.5,
      confidence: "medium",
      when: [{ in: "before_cursor", matches: yesNo, alternate: true, cursor: "visible", running: true }],
      unless: text,
    },
    /** Some draw a cursor of their own, or leave it in the text. */
    {
      name: "asked_in_last_row",
      state: "waiting",
      kind: "confirm",
      priority: 83,
      confidence: "medium",
      when: [{ in: "bottom_row", matches: asksBelow, alternate: true, running: true }],
    },
    {
      name: "value_in_last_row",
      state: "waiting",
      kind: "question",
      priority: 82.5,
      confidence: "medium",
      when: [{ in: "last", matches: enterBelow, alternate: true, running: true }],
      unless: text,
    },
    {
      name: "pager",
      state: "idle",
      kind: "pager",
      priority: 80,
      confidence: "high",
      when: [{ in: "last", matches: pagerLine, alternate: true }],
    },
    /** less begins with the name of its file in the last row, and the cursor stands behind it. */
    {
      name: "pager_of_file",
      state: "idle",
      kind: "pager",
      priority: 79.5,
      confidence: "medium",
      when: [
        { in: "bottom_row", matches: fileName, alternate: true, cursor: "visible", running: true },
        { in: "before_cursor", matches: fileName },
      ],
    },
    /** Without the alternate screen, as git starts its pager in many systems. */
    {
      name: "pager_on_line",
      state: "idle",
      kind: "pager",
      priority: 79,
      confidence: "medium",
      when: [{ in: "before_cursor", matches: pagerLine, cursor: "visible" }],
    },
    {
      name: "editor",
      state: "idle",
      kind: "editor",
      priority: 78,
      confidence: "high",
      when: [
        {
          in: "foot",
          matches: editorFoot,
          alternate: true,
        },
      ],
    },
    /** joe draws on the screen of the shell. */
    {
      name: "editor_below_head",
      state: "idle",
      kind: "editor",
      priority: 77,
      confidence: "high",
      when: [{ in: "head", matches: editorHead, cursor: "visible", running: true }],
      unless: [{ in: "head", matches: editorHead, canonical: true }],
    },
    /** Whichever editor it is: git itself takes its lines whole. */
    {
      name: "editor_of_git",
      state: "idle",
      kind: "editor",
      priority: 76,
      confidence: "medium",
      when: [
        { in: "screen", matches: gitsText, foreground: /^git$/u, canonical: false },
        { in: "last", cursor: "visible" },
      ],
    },
  ],
};
