import * as z from "zod/mini";

/**
 * The facts of a recorded screen: what a terminal knows. Labels (`state`, `notes` …) may stand beside them and are not
 * read.
 */
export const sampleFactsSchema = z.object({
  /** The program that was started; `non-agent` where that is not told. */
  tool: z.optional(z.string()),
  cols: z.optional(z.number()),
  rows: z.optional(z.number()),
  cursor: z.optional(z.object({ x: z.number(), y: z.number(), visible: z.optional(z.boolean()) })),
  title: z.optional(z.nullable(z.string())),
  alternate: z.optional(z.boolean()),
  mouse: z.optional(z.boolean()),
  foreground_command: z.optional(z.nullable(z.string())),
  /** Operating system commands as they came, without ESC and end: `7501;state=idle:app=codex`. */
  signals_since_prev_sample: z.optional(z.object({ osc_samples: z.optional(z.array(z.string())) })),
  /** How many of each came since the start, by number. */
  signals_total: z.optional(z.object({ osc: z.optional(z.record(z.string(), z.number())) })),
});

export type SampleFacts = z.infer<typeof sampleFactsSchema>;
