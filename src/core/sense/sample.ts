import * as z from "zod/mini";
import type { Sensed, TerminalFacts } from "./terminalFacts";

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
});

export type SampleFacts = z.infer<typeof sampleFactsSchema>;

/** A recorded screen as its terminal showed it; `more`: what its stream told beside it. */
export function factsOfSample(text: string, facts: SampleFacts, more: Partial<TerminalFacts> = {}): TerminalFacts {
  const lines = text.split("\n").map((line) => line.replace(/\r$/, "").trimEnd());
  // The last line of a file ends with a line feed, too.
  if (lines.at(-1) === "") lines.pop();
  const { tool, cols, cursor, title, alternate, mouse, foreground_command } = facts;
  return {
    lines,
    cols: cols ?? Math.max(1, ...lines.map((line) => line.length)),
    cursor: cursor
      ? { row: cursor.y, col: cursor.x, visible: cursor.visible ?? true }
      : {
          row: Math.max(
            0,
            lines.findLastIndex((line) => line !== ""),
          ),
          col: 0,
          visible: true,
        },
    alternate: alternate ?? false,
    ...(title == null ? {} : { title }),
    ...(mouse === undefined ? {} : { mouse }),
    ...(tool === undefined || tool === "non-agent" ? {} : { started: tool }),
    ...(foreground_command == null ? {} : { foreground: foreground_command }),
    ...more,
  };
}

/** One line of `explain --samples`: programs that are no agents are named by what they are. */
export function sampleState({ state, kind }: Pick<Sensed, "state" | "kind">): { state: string; kind: string | null } {
  if (state === "idle" && kind !== undefined) return { state: kind, kind };
  return { state, kind: kind ?? null };
}
