import type { SampleFacts } from "../model/sampleFacts";
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

type Told = Pick<TerminalFacts, "statuses" | "progress">;

/** What a program may say that stays true until it says something else. */
const lasting = [7501, 9];

/**
 * What programs told beside the screen: by the bytes that the terminal got until then, or by the commands that the sample
 * lists. Of a long stream the middle may not be kept; then what was told before it may be over, and the list is heard.
 */
export function toldInRecording(facts: SampleFacts, bytes?: Uint8Array): Told {
  const inStream = bytes && toldInStream(bytes);
  const total = facts.signals_total?.osc ?? {};
  const isWhole = lasting.every((code) => (inStream?.counts.get(code) ?? 0) >= (total[code] ?? 0));
  if (inStream && isWhole) return inStream.told;
  const signals = new TerminalSignals();
  for (const command of facts.signals_since_prev_sample?.osc_samples ?? []) {
    const [, code, data] = /^(\d+);(.*)$/su.exec(command) ?? [];
    if (code !== undefined && data !== undefined) signals.osc(Number(code), data);
  }
  return toldBy(signals);
}

/** `counts`: of the operating system commands, by number. */
function toldInStream(bytes: Uint8Array): { told: Told; counts: ReadonlyMap<number, number> } {
  const counts = new Map<number, number>();
  const signals = new TerminalSignals();
  const scanner = new StreamScanner({
    mark: ({ letter }) => {
      if (letter === "A") signals.prompt();
    },
    osc: (code, data) => {
      counts.set(code, (counts.get(code) ?? 0) + 1);
      signals.osc(code, data);
    },
    reset: () => signals.reset(),
  });
  scanner.write(bytes);
  return { told: toldBy(signals), counts };
}

function toldBy(signals: TerminalSignals): Told {
  const { statuses, progress } = signals.facts;
  return { ...(statuses ? { statuses } : {}), ...(progress ? { progress } : {}) };
}

/** One line of `explain --samples`: programs that are no agents are named by what they are. */
export function sampleState(
  { state, kind }: Pick<Sensed, "state" | "kind">,
  isAgent: boolean,
): { state: string; kind: string | null } {
  const what = state === "working" && !isAgent ? "running" : state === "idle" && kind !== undefined ? kind : state;
  return { state: what, kind: kind ?? null };
}
