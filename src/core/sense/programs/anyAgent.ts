import type { CommonRules, Condition } from "../programRules";

const noComposer: Condition = { in: "composer" };
/** A choice: numbered, or with a letter to press. */
const choice = /^(?:[❯›●>→▶*✓] *)?(?:\d{1,2}[.)] +\S|[[(][a-z\d][\])] \S)/iu;
/** Keys and what they do, as menus name them in their last lines. */
const keys =
  /(?:\b(?:enter|return|esc(?:ape)?|tab|space|any key|arrows?|y\/n|ctrl\+[a-z])\b|↑\/?↓|⏎|↵)\W{0,12}(?:or .{0,12})?(?:to |key to )?(?:confirm|select|choose|submit|continue|proceed|accept|approve|allow|cancel|navigate|move|go back|back|close|exit|quit|dismiss|reject|decline|deny|skip|toggle|save|edit|amend)/iu;

/**
 * What each agent of the recordings shows: a dialog takes the place of the composer, offers choices, and names its keys
 * at the bottom. Each agent's own rules name the dialogs that were recorded; these see those that were not. Every agent
 * names the region `composer`.
 */
export const anyAgent: CommonRules = {
  regions: {
    menu: { bottom: 24 },
    menu_keys: { bottom: 1 },
    /** The lower edge of a box, and what stands in it last. */
    menu_box: { bottom: 3 },
    menu_edge: { bottom: 1 },
  },
  rules: [
    {
      name: "unknown_dialog",
      state: "waiting",
      kind: "question",
      priority: 52,
      confidence: "medium",
      when: [
        { in: "menu_keys", matches: keys },
        { in: "menu", matches: choice },
      ],
      unless: [noComposer],
    },
    {
      name: "unknown_dialog_in_a_box",
      state: "waiting",
      kind: "question",
      priority: 51,
      confidence: "medium",
      when: [
        { in: "menu_edge", matches: /^[╰└┗╚][─━═]{8}/u },
        { in: "menu_box", matches: keys },
        { in: "menu", matches: choice },
      ],
      unless: [noComposer],
    },
  ],
};
