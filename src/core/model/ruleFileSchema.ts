import * as z from "zod/mini";
import { programRoles } from "./programRoles";
import { answerForms, confidences, type StateKind, stateKinds } from "./stateKinds";
import { sessionStates } from "./states";

/** The name of a program, of a region, of a rule. */
const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const mostRules = 100;
const mostExamples = 100;
const mostLines = 200;

/** What no screen can tell: that a terminal ended, or is gone. */
const untold: readonly string[] = ["exited", "lost"];
export const ruleStates = sessionStates.filter((state) => !untold.includes(state));
const ruleKinds = [...new Set(Object.values(stateKinds).flatMap((kinds): readonly StateKind[] => kinds))];

const name = (description: string): z.ZodMiniString =>
  z
    .string()
    .check(
      z.regex(namePattern, "must be 1 to 64 letters, digits, dots, underscores or hyphens, and begin with no sign"),
      z.describe(description),
    );
const text = (description: string): z.ZodMiniString =>
  z.string().check(z.minLength(1, "must not be empty"), z.describe(description));
const pattern = (description: string): z.ZodMiniString =>
  text(
    `${description} A regular expression as JavaScript writes them, for one line; (?i) at its beginning takes upper and lower case alike. Look-around and references back are not known.`,
  );
const lines = (description: string): z.ZodMiniNumber =>
  z
    .int("must be a whole number")
    .check(z.gte(1, "must be at least 1"), z.lte(mostLines, `must be at most ${mostLines}`), z.describe(description));
const list = <Item extends z.ZodMiniType>(item: Item, description: string): z.ZodMiniArray<Item> =>
  z.array(item).check(z.describe(description));
const yesOrNo = (description: string): z.ZodMiniBoolean => z.boolean().check(z.describe(description));

const region = z
  .strictObject({
    bottom: z.optional(lines("So many of the last lines that are not empty.")),
    top: z.optional(lines("So many of the first lines that are not empty.")),
    from: z.optional(pattern("From the last line that matches, itself included; the region is absent without one.")),
    below: z.optional(pattern("The line right above the one where it begins matches this.")),
    column: z.optional(
      z
        .int("must be a whole number")
        .check(
          z.gte(0, "must not be negative"),
          z.describe("The first line begins at this column, zero-based, without a frame."),
        ),
    ),
    to: z.optional(pattern("Up to the next line that matches, itself excluded; to the end without one.")),
    closed: z.optional(yesOrNo("The region is absent where no line matches `to`.")),
    within: z.optional(lines("`from` is looked for in so many of the last lines only.")),
    above: z.optional(text("The lines right above another region; absent where that one is.")),
    lines: z.optional(lines("So many lines: above the other region, or from the line where it begins.")),
    drawn: z.optional(yesOrNo("The lines as they are drawn, with frames and indentation.")),
  })
  .check(z.describe("A part of the screen, in lines that are not empty, without the frames around them."));

const joined = yesOrNo("The lines are joined by a blank first, as what a narrow terminal has wrapped.");

const condition = z
  .strictObject({
    in: z.optional(
      text(
        "A region of this file, or one that each screen has: title, screen, bottom_row, cursor_line, before_cursor or below_cursor.",
      ),
    ),
    matches: z.optional(pattern("A line of the region matches. Without it the region has to be there.")),
    first: z.optional(yesOrNo("The first line of the region has to match.")),
    joined: z.optional(joined),
    cursor: z.optional(z.enum(["visible", "hidden"]).check(z.describe("Whether the cursor is shown."))),
    alternate: z.optional(yesOrNo("The alternate screen is on, as in full-screen programs.")),
    mouse: z.optional(yesOrNo("The program has asked for mouse events.")),
    paste: z.optional(yesOrNo("A line editor reads: bracketed paste is on. Does not hold where that is unknown.")),
    echo: z.optional(yesOrNo("The terminal shows what is typed. Does not hold where that is unknown.")),
    canonical: z.optional(yesOrNo("What is typed is given line by line. Does not hold where that is unknown.")),
    progress: z.optional(
      z.enum(["busy", "error", "paused", "none"]).check(z.describe("The progress that the program shows (OSC 9;4).")),
    ),
    foreground: z.optional(pattern("The name of the program in front matches.")),
  })
  .check(z.describe("All that is said in it must hold."));

const foundFields = {
  in: text("The region where it stands."),
  matches: pattern("Its first group is what is shown."),
};
const found = (description: string): z.ZodMiniObject<typeof foundFields, z.core.$strict> =>
  z.strictObject(foundFields).check(z.describe(description));

const rule = z
  .strictObject({
    name: name("Its name, as it is shown with what it finds. One of a shipped rule replaces that rule."),
    state: z.enum(ruleStates).check(z.describe("The state that it tells.")),
    kind: z.optional(z.enum(ruleKinds).check(z.describe("What more there is to say of the state."))),
    priority: z.optional(
      z
        .int("must be a whole number")
        .check(
          z.gte(0, "must be at least 0"),
          z.lte(1000, "must be at most 1000"),
          z.describe("The rule with the highest number is heard first, 0 to 1000. Default: 50."),
        ),
    ),
    confidence: z.optional(z.enum(confidences).check(z.describe("How sure it is. Default: high."))),
    when: z
      .array(condition)
      .check(z.minLength(1, "must have a condition"), z.describe("All of these conditions must hold.")),
    unless: z.optional(list(condition, "None of these conditions may hold.")),
    until: z.optional(
      z
        .strictObject({ ...foundFields, joined: z.optional(joined) })
        .check(z.describe("Where a limit's end stands; of several lines that match, the last.")),
    ),
    answer: z.optional(
      z
        .enum(answerForms)
        .check(
          z.describe(
            "How what is asked is answered from a question: line (a text and Enter), enter, list (arrow keys and Enter), row (the same for the choices, which stand in one row), or key (the one that the answer names, as in [y] Approve). Default: only in its terminal.",
          ),
        ),
    ),
    choices: z.optional(list(text("An answer."), "The answers, where the prompt does not name them.")),
    secret: z.optional(yesOrNo("The answer is a secret, which is not recorded.")),
  })
  .check(z.describe("A screen that the program shows, and the state that it means."));

const example = z
  .strictObject({
    screen: z.string().check(z.describe("The lines of a recorded screen, as its terminal showed it.")),
    cols: z.optional(lines("Columns of the terminal. Default: the length of the longest line.")),
    cursor: z.optional(
      z
        .strictObject({
          x: z.int().check(z.gte(0), z.describe("Column, zero-based.")),
          y: z.int().check(z.gte(0), z.describe("Row, zero-based.")),
          visible: z.optional(yesOrNo("Default: true.")),
        })
        .check(z.describe("Where the cursor stands. Default: at the beginning of the last line that is not empty.")),
    ),
    title: z.optional(z.string().check(z.describe("The title of the terminal."))),
    alternate: z.optional(yesOrNo("The alternate screen is on. Default: false.")),
    mouse: z.optional(yesOrNo("The program has asked for mouse events.")),
    foreground_command: z.optional(text("The program in front. Default: the program of this file.")),
    echo: z.optional(yesOrNo("The terminal shows what is typed.")),
    canonical: z.optional(yesOrNo("What is typed is given line by line.")),
    expect: z
      .strictObject({
        state: z.enum(sessionStates).check(z.describe("The state that has to be found.")),
        kind: z.optional(z.enum(ruleKinds).check(z.describe("Its kind. Without it, none is compared."))),
        rule: z.optional(name("The rule by which it has to be found.")),
      })
      .check(z.describe("What has to be found.")),
  })
  .check(z.describe("A recorded screen, and what has to be found on it."));

/** A file of rules that a person wrote for one program. */
export const ruleFileSchema = z.strictObject({
  program: name("The program, by the name of its command: claude."),
  extends: z.optional(
    z
      .enum(["shipped"])
      .check(
        z.describe(
          "shipped: the rules of this file are added to those that come with the product, and replace the ones of the same name. Without it they are all that is known of the program.",
        ),
      ),
  ),
  title: z.optional(text("As people call it. Default: the program's name.")),
  role: z.optional(
    z.enum(programRoles).check(z.describe("What kind of program it is. Needed unless shipped rules are extended.")),
  ),
  recorded: z.optional(list(text("A version."), "Versions whose screens were recorded; others have less confidence.")),
  known: z.optional(
    z
      .strictObject({
        commands: z.optional(list(text("A name."), "Names of its process. Default: the program's name.")),
        apps: z.optional(list(text("A name."), "What it calls itself in its own status (OSC 7501).")),
        resumes: z.optional(
          list(text("A word."), "Words of its command line by which it continues an earlier conversation."),
        ),
        screen: z.optional(list(condition, "How it is known where there is neither: all of them hold.")),
      })
      .check(z.describe("How the program is known.")),
  ),
  version: z.optional(found("Where it writes its version.")),
  regions: z.optional(z.record(z.string(), region).check(z.describe("Parts of its screen, by name."))),
  rules: z
    .array(rule)
    .check(
      z.maxLength(mostRules, `must have at most ${mostRules} rules`),
      z.describe("What its screens mean; the first rule that holds is heard, by priority."),
    ),
  examples: z.optional(
    list(example, "Recorded screens that are tried whenever the file is read.").check(
      z.maxLength(mostExamples, `must have at most ${mostExamples} examples`),
    ),
  ),
});

export type RuleFile = z.infer<typeof ruleFileSchema>;
export type RegionText = z.infer<typeof region>;
export type ConditionText = z.infer<typeof condition>;
export type ExampleText = z.infer<typeof example>;

/** JSON Schema (2020-12) of such a file, for editors. media/program-rules.schema.json is a copy of it. */
export function ruleFileJsonSchema(): Record<string, unknown> {
  const schema: Record<string, unknown> = z.toJSONSchema(ruleFileSchema, { io: "input", target: "draft-2020-12" });
  return { ...schema, title: "wsh Orchestrator rules of a program" };
}
