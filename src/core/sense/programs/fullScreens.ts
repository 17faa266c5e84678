import type { ProgramRules } from "../programRules";
import { pagerLine } from "./pagers";

const buttons = /<\s*(?:Yes|No|Ok|OK|Cancel|Continue)\s*>/u;

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
          matches:
            /^~$|^-- (?:INSERT|VISUAL|REPLACE)|\s\d+,\d+(?:-\d+)?\s+(?:All|Top|Bot|\d+%)$|^\^G (?:Get )?Help\b|^-UU|Alt-g: bindings/u,
          alternate: true,
        },
      ],
    },
  ],
};
