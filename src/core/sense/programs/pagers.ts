import type { Condition, ProgramRules } from "../programRules";

/** The last line of less, more and man: its prompt, a name with a part, or the end. */
export const pagerLine =
  /^:$|^\(END\)|\(END\)$|^-*More-*(?:\(.*\))?|^--More--|^ ?Manual page .+ (?:line \d+|\(END\))|^lines \d+-\d+|^\S.* lines \d+-\d+(?:\/\d+)?|^HELP -- |^Log file is already in use|press RETURN\)$|^--Type <RET> for more, q to quit/u;

const binary: Condition = { in: "before_cursor", matches: /may be a binary file\.\s+See it anyway\? ?\w?$/u };

/** less, more, man, and their kin. */
export const pagers: ProgramRules = {
  program: "pager",
  title: "pager",
  role: "pager",
  recorded: ["590"],
  known: { commands: ["less", "more", "man", "zless", "zmore", "most", "tig", "lnav", "pspg", "w3m"] },
  regions: { last: { bottom: 1 } },
  rules: [
    {
      name: "binary_file",
      state: "waiting",
      kind: "confirm",
      priority: 90,
      confidence: "high",
      when: [binary],
    },
    {
      name: "prompt",
      state: "idle",
      kind: "pager",
      priority: 70,
      confidence: "high",
      when: [{ in: "last", matches: pagerLine }],
    },
    {
      name: "screen",
      state: "idle",
      kind: "pager",
      priority: 60,
      confidence: "high",
      when: [{ alternate: true, in: "last" }],
    },
    /** Not on the alternate screen: the name of the file stands at the bottom, the cursor behind it. */
    {
      name: "file",
      state: "idle",
      kind: "pager",
      priority: 50,
      confidence: "medium",
      when: [{ in: "before_cursor", matches: /\S$/u }],
    },
  ],
};
