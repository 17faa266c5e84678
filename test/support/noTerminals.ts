import type { AnsweredTerminals } from "../../src/core/acts/answerPrompt";

/** For who answers questions that no program asked in its session. */
export const noTerminals: AnsweredTerminals = {
  reach: () => Promise.reject(new Error("No terminal is to be reached.")),
  catalog: () => Promise.reject(new Error("No rules are to be read.")),
  policy: () => Promise.reject(new Error("Nothing is to be judged.")),
  confirm: () => Promise.reject(new Error("Nobody is to be asked.")),
  redactor: () => Promise.reject(new Error("There is no secret.")),
  folders: () => ({ hitBy: () => Promise.resolve(undefined) }),
  workspace: "/site",
};
