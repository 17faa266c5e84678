import type { SampleFacts } from "../model/sampleFacts";
import { ProgramStatusTree } from "./programStatus";
import { StreamScanner } from "./streamScanner";
import type { Sensed, TerminalFacts } from "./terminalFacts";
import { TerminalSignals } from "./terminalSignals";

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

/** What programs told beside the screen, by all the bytes that the terminal got until then. */
export function toldInStream(bytes: Uint8Array): Pick<TerminalFacts, "statuses" | "progress"> {
  const told = new TerminalSignals();
  const scanner = new StreamScanner({
    mark: ({ letter }) => {
      if (letter === "A") told.prompt();
    },
    osc: (code, data) => told.osc(code, data),
    reset: () => told.reset(),
  });
  scanner.write(bytes);
  const { statuses, progress } = told.facts;
  return { ...(statuses ? { statuses } : {}), ...(progress ? { progress } : {}) };
}

/** The same by the commands that a sample lists, where its bytes are not kept. */
export function toldInSample({ signals_since_prev_sample }: SampleFacts): Pick<TerminalFacts, "statuses"> {
  const tree = new ProgramStatusTree();
  for (const command of signals_since_prev_sample?.osc_samples ?? [])
    if (command.startsWith("7501;")) tree.report(command.slice("7501;".length));
  return tree.isEmpty ? {} : { statuses: tree.records };
}

/** One line of `explain --samples`: programs that are no agents are named by what they are. */
export function sampleState(
  { state, kind }: Pick<Sensed, "state" | "kind">,
  isAgent: boolean,
): { state: string; kind: string | null } {
  const what = state === "working" && !isAgent ? "running" : state === "idle" && kind !== undefined ? kind : state;
  return { state: what, kind: kind ?? null };
}
