import type { CommonRules, Condition } from "../programRules";
import { dialogRegions, dialogRules, namesKeys } from "./dialogRules";

const noComposer: Condition = { in: "composer" };
/** A choice: numbered, or with a letter to press. */
const choice = /^(?:[❯›●>→▶*✓] *)?(?:\d{1,2}[.)] +\S|[[(][a-z\d][\])] \S)/iu;

/**
 * What each agent of the recordings shows: a dialog takes the place of the composer, offers choices, and names its keys
 * at the bottom. Each agent's own rules name the dialogs that were recorded; these see those that were not. Every agent
 * names the region `composer`.
 */
export const anyAgent: CommonRules = {
  regions: {
    ...dialogRegions,
    menu: { bottom: 24 },
    menu_keys: { bottom: 1 },
    /** The lower edge of a box, and what stands in it last. */
    menu_box: { bottom: 3 },
    menu_edge: { bottom: 1 },
  },
  rules: [
    ...dialogRules(
      "unknown_dialog",
      52,
      [
        { in: "menu_keys", matches: namesKeys },
        { in: "menu", matches: choice },
      ],
      [noComposer],
    ),
    ...dialogRules(
      "unknown_dialog_in_a_box",
      51,
      [
        { in: "menu_edge", matches: /^[╰└┗╚][─━═]{8}/u },
        { in: "menu_box", matches: namesKeys },
        { in: "menu", matches: choice },
      ],
      [noComposer],
    ),
    // A box that ends with its choices, one of them chosen, needs to name no key.
    ...dialogRules(
      "unknown_choices_in_a_box",
      50,
      [
        { in: "menu_edge", matches: /^[╰└┗╚][─━═]{8}/u },
        { in: "menu_box", matches: choice },
        { in: "menu", matches: /^[❯›●▶] *\d{1,2}[.)] +\S/u },
      ],
      [noComposer],
    ),
  ],
};
