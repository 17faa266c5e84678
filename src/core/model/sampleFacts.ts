import * as z from "zod/mini";
import { sentenceOf, valueAt } from "./issueSentence";

/** More rows or columns no terminal has. */
const largest = 10_000;

function upTo(least: number): z.ZodMiniNumber {
  const range = `must be ${least} to ${largest}`;
  return z.int(range).check(z.gte(least, range), z.lte(largest, range));
}

/**
 * The facts of a recorded screen: what a terminal knows, and which state it was. Other labels (`state`, `notes` …) may
 * stand beside them and are not read.
 */
export const sampleFactsSchema = z.object({
  /** The program that was started; `non-agent` where that is not told. */
  tool: z.optional(z.string()),
  cols: z.optional(upTo(1)),
  rows: z.optional(upTo(1)),
  /** `x` may be the number of columns: behind the last cell. */
  cursor: z.optional(z.object({ x: upTo(0), y: upTo(0), visible: z.optional(z.boolean()) })),
  title: z.optional(z.nullable(z.string())),
  alternate: z.optional(z.boolean()),
  mouse: z.optional(z.boolean()),
  /** Bracketed paste is on; where that is not told, it follows from the bytes of the stream. */
  bracketed_paste: z.optional(z.boolean()),
  foreground_command: z.optional(z.nullable(z.string())),
  /** Operating system commands as they came, without ESC and end: `7501;state=idle:app=codex`. */
  signals_since_prev_sample: z.optional(z.object({ osc_samples: z.optional(z.array(z.string())) })),
  /** How many of each came since the start, by number. */
  signals_total: z.optional(z.object({ osc: z.optional(z.record(z.string(), z.number())) })),
  /** The state that it truly was: `waiting(permission)`, or one without a kind. Whatever else stands there is no state. */
  expected: z.catch(z.optional(z.string()), undefined),
  /** What is known of one that a person took of a session, beside what a recorder knows. */
  frame: z.optional(
    z.object({
      /** The terminal shows what is typed, and gives it line by line (termios). */
      echo: z.optional(z.boolean()),
      canonical: z.optional(z.boolean()),
      /** Its shell tells that a command runs, or it has no shell. */
      running: z.optional(z.boolean()),
      /** The beginning of its stream is not kept. */
      stream_cut: z.optional(z.boolean()),
      /** What was told in place of the right state, in which project (null: in none), when. */
      told: z.optional(z.object({ state: z.string() })),
      project_id: z.optional(z.nullable(z.string())),
      recorded_at: z.optional(z.string()),
    }),
  ),
});

export type SampleFacts = z.infer<typeof sampleFactsSchema>;

/** The facts in the text of a file. Throws an error whose message says what is wrong with it, as a sentence's end. */
export function readSampleFacts(text: string): SampleFacts {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    throw new Error(text.trim() === "" ? "it is empty" : "it is not valid JSON");
  }
  const { data: facts, error } = sampleFactsSchema.safeParse(value);
  if (!facts) {
    const [issue] = error.issues;
    if (!issue) throw error;
    const where = issue.path.length === 0 ? "it" : issue.path.join(".");
    throw new Error(`${where} ${sentenceOf(issue, valueAt(value, issue.path))}`);
  }
  const { cursor, cols, rows } = facts;
  if (cursor && (cursor.x > (cols ?? Infinity) || cursor.y >= (rows ?? Infinity)))
    throw new Error("the cursor stands outside of the screen");
  return facts;
}
