import { countText } from "./sentences";

export const maxTasks = 1000;
/** In bytes of a file, and in characters of a text: what a thousand tasks with long commands need many times over. */
export const maxPlanLength = 1024 * 1024;
/** In characters; a longer text for an agent belongs into a file that the agent reads itself. */
export const maxPromptLength = 100_000;
/** Aliases make small files large; a plan needs few of them. */
export const maxAliases = 1000;
/** A plan is five levels deep; what it keeps below `x-` may be deeper. */
export const maxDepth = 50;
/** Each key is compared with those before it. */
export const maxKeys = 1000;
/** Words, signs and spaces: a thousand tasks of twenty lines. */
export const maxLexemes = 200_000;

export const severalPlans = "divide it into several plans";

export const tooLarge = `the plan is larger than 1 MiB; ${severalPlans}`;
export const tooManyTasks = `must have at most ${countText(maxTasks)} tasks; ${severalPlans}`;
export const tooManyAliases = `the plan has more than ${countText(maxAliases)} aliases, those within aliases included`;
