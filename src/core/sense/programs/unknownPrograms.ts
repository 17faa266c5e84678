import type { Condition, ProgramRules } from "../programRules";
import { arrow, shellInFront } from "./linePrompts";
import { watcherKeys } from "./watcherKeys";
import { dialogRegions, dialogRules, namesKeys } from "./dialogRules";

const yes = "(?:[✓✔] *)?(?:\\d[.)] *)?(?:Yes|Allow|Approve|Accept|Trust|Proceed)\\b";
const no = "(?:[✗✘✕×] *)?(?:\\d[.)] *)?(?:No|Deny|Reject|Decline|Cancel|Exit)\\b";
const mark = "[❯›▸→➤●] *";

/** A program draws there, and while its dialog stands nothing is typed: it hides the cursor. */
const drawn: Condition = { cursor: "hidden", running: true };
const keys: Condition = { in: "keys", matches: namesKeys };
/** The choice that is taken has a mark before it, or each has its number. */
const marked: Condition = { in: "choices", matches: /^(?:[❯›▸→➤●] *\S|> \S|(?:\d{1,2}[.)]|\[\d{1,2}\]) +\S)/u };
/** Choices side by side. */
const buttons: Condition = {
  in: "buttons",
  matches:
    /(?:^| {2})(?:Allow|Approve|Accept|Confirm|Yes|Proceed|Trust)\b.{0,60} {2}(?:Reject|Deny|Decline|Cancel|No)\b/u,
};
/** Each with the key that takes it behind it. */
const choicesWithKeys: Condition = {
  in: "answers",
  matches: /\((?:tab|shift\+tab|enter|return|y|a)\) .{1,200}\((?:esc|escape|n|ctrl\+c)\)/iu,
  joined: true,
};
/** One below the other, and one of them is marked. */
const yesOrNo: Condition = {
  in: "answers",
  matches: new RegExp(`(?:^| )(?:${mark}${yes}.{0,200}? ${no}|${yes}.{0,200}? ${mark}${no})`, "u"),
  joined: true,
};

/**
 * What agents show that nobody knows, and other programs that draw: a dialog offers choices and names its keys at the
 * bottom or behind each choice, or offers yes and no.
 */
/** A sign that programs read their lines behind, without a word or a part of something that is done before it. */
const signAlone = /^(?!#\?)(?![\d.\s]*%|[\d\s]*\/)[^\p{L}\s]{0,6}(?: [^\p{L}\s]{0,3})?(?:[>?#%&*$]|\?-) {1,2}$/u;

const interpreter = /^(?:python[\d.]*|node|nodejs|ruby|perl|php|deno|bun)$/u;

export const unknownPrograms: ProgramRules = {
  program: "unknown_program",
  title: "unknown program",
  role: "tool",
  recorded: [],
  known: { commands: [] },
  regions: {
    ...dialogRegions,
    choices: { bottom: 20 },
    buttons: { bottom: 5 },
    answers: { bottom: 6 },
    /** A rule, and a line or two of status, may stand below. */
    keys: { bottom: 4 },
  },
  rules: [
    ...dialogRules("dialog", 80, [drawn, keys, marked]),
    ...dialogRules("buttons", 60, [drawn, keys, buttons]),
    ...dialogRules("choices_with_keys", 55, [drawn, choicesWithKeys]),
    ...dialogRules("yes_or_no", 50, [drawn, yesOrNo]),
    /** Buttons without a mark, in rows of their own. */
    {
      name: "yes_and_no",
      state: "waiting",
      kind: "confirm",
      priority: 45,
      confidence: "medium",
      when: [
        drawn,
        { in: "answers", matches: /^Yes$/u },
        { in: "answers", matches: /^No$/u },
        { in: "choices", matches: /\?$/u },
      ],
    },
    /** A script in a language whose own prompts are known asks behind an arrow, without a line editor. */
    {
      name: "arrow_alone",
      state: "waiting",
      kind: "question",
      priority: 22,
      confidence: "medium",
      answer: "line",
      when: [
        { foreground: interpreter, cursor: "visible", alternate: false, running: true },
        { in: "before_cursor", matches: arrow },
      ],
      unless: [{ paste: true }],
    },
    {
      name: "sign_alone",
      state: "idle",
      kind: "repl",
      priority: 20,
      confidence: "medium",
      when: [{ in: "before_cursor", matches: signAlone, cursor: "visible", alternate: false, running: true }],
      // A test watcher takes its commands at the same sign.
      unless: [{ foreground: shellInFront }, { in: "choices", matches: watcherKeys }],
    },
  ],
};
