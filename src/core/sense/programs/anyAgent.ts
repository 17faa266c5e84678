import type { StateRule } from "../programRules";

/**
 * What each agent of the recordings shows: a dialog takes the place of the composer, offers choices, and names its keys
 * at the bottom. Each agent's own rules name the dialogs that were recorded; this one sees those that were not.
 */
export const anyAgent: readonly StateRule[] = [];
