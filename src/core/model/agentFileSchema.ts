import * as z from "zod/mini";
import { agentModes } from "./agentProfile";

const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,47}$/;
const longestPauseMs = 10_000;

const name = (description: string): z.ZodMiniString =>
  z
    .string()
    .check(
      z.regex(namePattern, "must be 1 to 48 letters, digits, dots, underscores or hyphens, and begin with no sign"),
      z.describe(description),
    );
const text = (description: string): z.ZodMiniString =>
  z.string().check(z.minLength(1, "must not be empty"), z.describe(description));
const texts = (description: string): z.ZodMiniArray<z.ZodMiniString> =>
  z.array(text("One of them.")).check(z.describe(description));
const pattern = (description: string): z.ZodMiniString =>
  text(
    `${description} A regular expression for one line, as JavaScript writes them, without look-around and references back.`,
  );
const keys = (description: string): z.ZodMiniString =>
  text(`${description} In double quotes: "\\r" is Enter, "\\x1b" Escape, "\\x03" Ctrl-C.`);

const startFields = {
  arguments: z.optional(texts("Added to its command, each as one word.")),
  env: z.optional(z.record(z.string(), z.string()).check(z.describe("Variables of its environment."))),
};
const start = (description: string): z.ZodMiniObject<typeof startFields, z.core.$strict> =>
  z.strictObject(startFields).check(z.describe(description));

const modes = z
  .strictObject(
    Object.fromEntries(
      agentModes.map((mode) => [mode, z.optional(start(`What starts it in the mode ${mode}.`))]),
    ) as Record<(typeof agentModes)[number], z.ZodMiniOptional<ReturnType<typeof start>>>,
  )
  .check(z.describe("How much it may do without asking, by the names that plans use."));

/** A file in which a person describes a coding agent of their own. */
export const agentFileSchema = z.strictObject({
  name: name("What plans call it. The name of a shipped agent takes that agent's place."),
  extends: z.optional(
    name("A shipped agent, such as codex: all that this file leaves out is as there; arguments and env are added."),
  ),
  title: z.optional(text("As people call it. Default: its name.")),
  rules: z.optional(
    name("The program whose rules say what its screens mean. Default: as the extended agent has it, else its name."),
  ),
  command: z.optional(text("What starts it, as a shell reads it: /opt/codex. Default: its name.")),
  ...startFields,
  model: z.optional(start("What names the model, in place of {model}.")),
  modes: z.optional(modes),
  signals: z.optional(start("What makes it tell its state by itself.")),
  resume: z.optional(
    z
      .strictObject({
        ...startFields,
        from: pattern("Its first group is the id of the conversation, in a line that it prints when it ends."),
      })
      .check(z.describe("What continues a conversation, by its id in place of {id}, right behind the command.")),
  ),
  conversation: z.optional(
    z
      .strictObject({
        given: z.optional(start("What gives a new conversation an id, a UUID in place of {id}.")),
        files: text("Files of its conversations, below its folder; * stands for any part of a name."),
        id: z.optional(pattern("Its first group is the id, in the path of such a file.")),
        cwd: z.optional(
          pattern("Its first group is the folder of the conversation, in the file's first 4,000 characters."),
        ),
        began: z.optional(
          pattern("Its first group is when it was begun (ISO 8601), in the file's first 4,000 characters."),
        ),
      })
      .check(z.describe("How the id of a conversation is known whose agent was killed.")),
  ),
  folder: z.optional(
    z
      .strictObject({
        path: text("Below the home folder: .codex"),
        variable: z.optional(text("A variable that names another folder: CODEX_HOME")),
      })
      .check(z.describe("Its own folder, where its conversations and credentials are.")),
  ),
  submit: z.optional(
    z
      .strictObject({
        pause_ms: z
          .int("must be a whole number")
          .check(
            z.gte(0, "must not be negative"),
            z.lte(longestPauseMs, `must be at most ${longestPauseMs}`),
            z.describe("Milliseconds between a text and Enter. Default: 1000."),
          ),
        keys: z.optional(keys('Default: "\\r".')),
      })
      .check(z.describe("How a prompt is sent once its text is typed.")),
  ),
  newline: z.optional(keys("Adds a line to what stands in its input.")),
  literal: z.optional(
    z
      .record(z.string(), z.string())
      .check(
        z.describe(
          "What goes before a text that begins with such a character (/, !, @, #), so that it stays a text; a character that is not named makes it a command. A word (exit): what goes before a text that is this word alone.",
        ),
      ),
  ),
  interrupt: z.optional(keys('Stops its turn. Default: "\\x1b".')),
  clear: z.optional(keys('Empties its input. Default: "\\x15" (Ctrl-U).')),
  quit: z.optional(
    z
      .union([
        z.strictObject({ text: text("A text that is sent: /quit") }).check(z.describe("A text that is sent.")),
        z.strictObject({ keys: keys("Keys.") }).check(z.describe("Keys.")),
      ])
      .check(z.describe('What ends it. Default: keys "\\x03" (Ctrl-C).')),
  ),
  version: z.optional(
    z
      .strictObject({
        arguments: texts("What makes it print its version and end."),
        matches: pattern("Its first group is the version."),
      })
      .check(z.describe("Default: the usual option for it, and the first number with a dot.")),
  ),
  credentials: z.optional(
    z
      .strictObject({
        env: z.optional(texts("Variables; any of them is enough.")),
        files: z.optional(texts("Files below its folder; any of them is enough.")),
      })
      .check(z.describe("Where credentials are. Only whether they are there is looked at.")),
  ),
  install: z.optional(text("A command line that installs it, for people.")),
});

export type AgentFile = z.infer<typeof agentFileSchema>;

/** JSON Schema (2020-12) of such a file, for editors. media/agent-profile.schema.json is a copy of it. */
export function agentFileJsonSchema(): Record<string, unknown> {
  const schema: Record<string, unknown> = z.toJSONSchema(agentFileSchema, { io: "input", target: "draft-2020-12" });
  return { ...schema, title: "wsh Orchestrator coding agent" };
}
