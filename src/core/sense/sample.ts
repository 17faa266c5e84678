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
  const { tool, cols, cursor, title, alternate, mouse, bracketed_paste, foreground_command } = facts;
  return {
    lines,
    cols: cols ?? lines.reduce((widest, { length }) => Math.max(widest, length), 1),
    cursor: cursor ? { row: cursor.y, col: cursor.x, visible: cursor.visible ?? true } : behindText(lines),
    alternate: alternate ?? false,
    ...(title == null ? {} : { title }),
    ...(mouse === undefined ? {} : { mouse }),
    ...(bracketed_paste === undefined ? {} : { paste: bracketed_paste }),
    ...(tool === undefined || tool === "non-agent" ? {} : { started: tool }),
    ...(foreground_command == null ? {} : { foreground: foreground_command }),
    ...more,
  };
}

/** Where most programs leave the cursor when they wait: behind what they wrote last, and a blank. */
function behindText(lines: readonly string[]): TerminalFacts["cursor"] {
  const row = Math.max(
    0,
    lines.findLastIndex((line) => line !== ""),
  );
  const { length } = lines[row] ?? "";
  return { row, col: length === 0 ? 0 : length + 1, visible: true };
}

/** What programs told beside the screen, by the bytes that the terminal got until then. */
export class StreamTold {
  readonly #told = new TerminalSignals();
  readonly #scanner = new StreamScanner({
    mark: ({ letter }) => {
      if (letter === "A") this.#told.prompt();
    },
    osc: (code, data) => this.#told.osc(code, data),
    mode: (mode) => this.#told.mode(mode),
    reset: () => this.#told.reset(),
  });

  /** The next bytes, cut anywhere. */
  write(bytes: Uint8Array): void {
    this.#scanner.write(bytes);
  }

  get facts(): Pick<TerminalFacts, "statuses" | "progress" | "paste"> {
    const { statuses, progress, paste } = this.#told.facts;
    return {
      ...(statuses ? { statuses } : {}),
      ...(progress ? { progress } : {}),
      ...(paste === undefined ? {} : { paste }),
    };
  }
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
