import type { Condition, ProgramRules } from "../programRules";
import { pagerLine } from "./pagers";

const buttons = /<\s*(?:Yes|No|Ok|OK|Cancel|Continue)\s*>/u;
/** The lines at the foot of editors that another program started. */
const editorFoot =
  /^~$|^-- (?:INSERT|VISUAL|REPLACE)|\s\d+,\d+(?:-\d+)?\s+(?:All|Top|Bot|\d+%)$|^\^G (?:Get )?Help\b|^-UU|Alt-g: bindings|\(\d+,\d+\) \| ft:\S+ \|/u;
/** A field to fill in stands above buttons, with the cursor in it. */
const field: Condition = { in: "buttons", matches: buttons, alternate: true, cursor: "visible" };
const text: readonly Condition[] = [
  { in: "last", matches: pagerLine },
  { in: "foot", matches: editorFoot },
];
/** A choice between yes and no that a full-screen program asks in its last line. */
const yesNo = /[[(]\[?(?:y|yes)\]?\s*[/,]\s*\[?(?:n|no)\]?[\])]\s*[?:]*\s*$/iu;

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
  regions: { foot: { bottom: 3 }, last: { bottom: 1 }, buttons: { bottom: 14 } },
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
      when: [{ in: "buttons", matches: buttons, alternate: true, cursor: "hidden" }],
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
    {
      name: "asked_below",
      state: "waiting",
      kind: "confirm",
      priority: 84,
      confidence: "medium",
      when: [
        { in: "last", matches: yesNo, alternate: true, cursor: "visible" },
        { in: "before_cursor", matches: yesNo },
      ],
    },
    {
      name: "pager",
      state: "idle",
      kind: "pager",
      priority: 80,
      confidence: "high",
      when: [{ in: "last", matches: pagerLine, alternate: true }],
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
  ],
};
