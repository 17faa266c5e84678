import * as z from "zod/mini";

/** More rows or columns no terminal has. */
const largest = 10_000;

const cell = z.int().check(z.gte(0), z.lte(largest));
const size = z.int().check(z.gte(1), z.lte(largest));

/**
 * The facts of a recorded screen: what a terminal knows. Labels (`state`, `notes` …) may stand beside them and are not
 * read.
 */
export const sampleFactsSchema = z.object({
  /** The program that was started; `non-agent` where that is not told. */
  tool: z.optional(z.string()),
  cols: z.optional(size),
  rows: z.optional(size),
  /** `x` may be the number of columns: behind the last cell. */
  cursor: z.optional(z.object({ x: cell, y: cell, visible: z.optional(z.boolean()) })),
  title: z.optional(z.nullable(z.string())),
  alternate: z.optional(z.boolean()),
  mouse: z.optional(z.boolean()),
  /** Bracketed paste is on; where that is not told, it follows from the bytes or the commands. */
  bracketed_paste: z.optional(z.boolean()),
  foreground_command: z.optional(z.nullable(z.string())),
  /** Operating system commands as they came, without ESC and end: `7501;state=idle:app=codex`. */
  signals_since_prev_sample: z.optional(z.object({ osc_samples: z.optional(z.array(z.string())) })),
  /** How many of each came since the start, by number. */
  signals_total: z.optional(z.object({ osc: z.optional(z.record(z.string(), z.number())) })),
});

export type SampleFacts = z.infer<typeof sampleFactsSchema>;

/** What each fact has to be, for people. */
const shapes: Readonly<Record<string, string>> = {
  tool: "a text",
  cols: `a whole number from 1 to ${largest}`,
  rows: `a whole number from 1 to ${largest}`,
  cursor: "x and y, whole numbers of cells from 0, and visible, true or false",
  title: "a text or null",
  alternate: "true or false",
  mouse: "true or false",
  bracketed_paste: "true or false",
  foreground_command: "a text or null",
  signals_since_prev_sample: "osc_samples, a list of texts",
};

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
    const name = String(error.issues[0]?.path[0] ?? "");
    throw new Error(name in shapes ? `${name} has to be ${shapes[name] ?? ""}` : "it is not a JSON object");
  }
  const { cursor, cols, rows } = facts;
  if (cursor && (cursor.x > (cols ?? Infinity) || cursor.y >= (rows ?? Infinity)))
    throw new Error("the cursor stands outside of the screen");
  return facts;
}
