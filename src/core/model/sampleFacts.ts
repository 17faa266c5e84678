import { boolean, type Infer, list, nullable, number, object, optional, record, string } from "../base/shape";

/**
 * The facts of a recorded screen: what a terminal knows. Labels (`state`, `notes` …) may stand beside them and are not
 * read.
 */
export const sampleFactsSchema = object({
  /** The program that was started; `non-agent` where that is not told. */
  tool: optional(string),
  cols: optional(number),
  rows: optional(number),
  cursor: optional(object({ x: number, y: number, visible: optional(boolean) })),
  title: optional(nullable(string)),
  alternate: optional(boolean),
  mouse: optional(boolean),
  foreground_command: optional(nullable(string)),
  /** Operating system commands as they came, without ESC and end: `7501;state=idle:app=codex`. */
  signals_since_prev_sample: optional(object({ osc_samples: optional(list(string)) })),
  /** How many of each came since the start, by number. */
  signals_total: optional(object({ osc: optional(record(number)) })),
});

export type SampleFacts = Infer<typeof sampleFactsSchema>;
