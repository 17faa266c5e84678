import type { AnsweredTerminals } from "../../src/core/acts/answerPrompt";

/** For who answers questions that no program asked in its session. */
export const noTerminals: AnsweredTerminals = {
  reach: () => Promise.reject(new Error("No terminal is to be reached.")),
  catalog: () => Promise.reject(new Error("No rules are to be read.")),
};
