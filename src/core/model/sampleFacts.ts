import { boolean, type Infer, intFrom, list, nullable, number, object, optional, record, string } from "../base/shape";

/** More rows or columns no terminal has. */
const largest = 10_000;

/**
 * The facts of a recorded screen: what a terminal knows. Labels (`state`, `notes` …) may stand beside them and are not
 * read.
 */
export const sampleFactsSchema = object({
  /** The program that was started; `non-agent` where that is not told. */
  tool: optional(string),
  cols: optional(intFrom(1, largest)),
  rows: optional(intFrom(1, largest)),
  /** `x` may be the number of columns: behind the last cell. */
  cursor: optional(object({ x: intFrom(0, largest), y: intFrom(0, largest), visible: optional(boolean) })),
  title: optional(nullable(string)),
  alternate: optional(boolean),
  mouse: optional(boolean),
  /** Bracketed paste is on; where that is not told, it follows from the bytes of the stream. */
  bracketed_paste: optional(boolean),
  foreground_command: optional(nullable(string)),
  /** Operating system commands as they came, without ESC and end: `7501;state=idle:app=codex`. */
  signals_since_prev_sample: optional(object({ osc_samples: optional(list(string)) })),
  /** How many of each came since the start, by number. */
  signals_total: optional(object({ osc: optional(record(number)) })),
});

export type SampleFacts = Infer<typeof sampleFactsSchema>;

/** The facts in the text of a file. Throws an error whose message says what is wrong with it, as a sentence's end. */
export function readSampleFacts(text: string): SampleFacts {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    throw new Error(text.trim() === "" ? "it is empty" : "it is not valid JSON");
  }
  const { data: facts, error } = sampleFactsSchema.safeParse(value);
  if (!facts) throw new Error(error?.message.startsWith("is ") ? `it ${error.message}` : error?.message);
  const { cursor, cols, rows } = facts;
  if (cursor && (cursor.x > (cols ?? Infinity) || cursor.y >= (rows ?? Infinity)))
    throw new Error("the cursor stands outside of the screen");
  return facts;
}
