import type { SampleFacts } from "../model/sampleFacts";
import { StreamScanner } from "./streamScanner";
import type { Sensed, TerminalFacts } from "./terminalFacts";
import { TerminalSignals } from "./terminalSignals";

/** A recorded screen as its terminal showed it; `more`: what its stream told beside it. */
export function factsOfSample(text: string, facts: SampleFacts, more: Partial<TerminalFacts> = {}): TerminalFacts {
  const lines = text.split("\n").map((line) => line.replace(/\r$/, "").trimEnd());
  // The last line of a file ends with a line feed, too.
  if (lines.at(-1) === "") lines.pop();
  // A file may end with what is written; the terminal has the rows below, too.
  while (lines.length < (facts.rows ?? 0)) lines.push("");
  const { tool, cols, cursor, title, alternate, mouse, bracketed_paste, foreground_command } = facts;
  const { echo, canonical, running } = facts.frame ?? {};
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
    ...(echo === undefined ? {} : { echo }),
    ...(canonical === undefined ? {} : { canonical }),
    ...(running === undefined ? {} : { running }),
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

type Told = Pick<TerminalFacts, "statuses" | "progress" | "paste">;

/** What a program may say that stays true until it says something else. */
const lasting = [7501, 9];

/**
 * What programs told beside the screen: by the bytes that the terminal got until then, or by the commands that the sample
 * lists. Of a long stream the middle may not be kept; then what was told before it may be over, and the list is heard.
 */
export function toldInRecording(facts: SampleFacts, stream?: StreamTold): Told {
  const total = facts.signals_total?.osc ?? {};
  const isWhole =
    facts.frame?.stream_cut !== true && lasting.every((code) => (stream?.count(code) ?? 0) >= (total[code] ?? 0));
  if (stream && isWhole) return stream.facts;
  const signals = new TerminalSignals();
  for (const command of facts.signals_since_prev_sample?.osc_samples ?? []) {
    const [, code, data] = /^(\d+);(.*)$/su.exec(command) ?? [];
    if (code !== undefined && data !== undefined) signals.osc(Number(code), data);
  }
  const { paste } = stream?.facts ?? {};
  return { ...toldBy(signals), ...(paste === undefined ? {} : { paste }) };
}

/** What programs told beside the screen, by the bytes that the terminal got until then. */
export class StreamTold {
  readonly #signals = new TerminalSignals();
  readonly #counts = new Map<number, number>();
  readonly #scanner = new StreamScanner({
    mark: ({ letter }) => {
      if (letter === "A") this.#signals.prompt();
    },
    osc: (code, data) => {
      this.#counts.set(code, this.count(code) + 1);
      this.#signals.osc(code, data);
    },
    mode: (mode) => this.#signals.mode(mode),
    reset: () => this.#signals.reset(),
  });

  /** The next bytes, cut anywhere. */
  write(bytes: Uint8Array): void {
    this.#scanner.write(bytes);
  }

  /** How many operating system commands of this number there were. */
  count(code: number): number {
    return this.#counts.get(code) ?? 0;
  }

  get facts(): Told {
    return toldBy(this.#signals);
  }
}

function toldBy(signals: TerminalSignals): Told {
  const { statuses, progress, paste } = signals.facts;
  return {
    ...(statuses ? { statuses } : {}),
    ...(progress ? { progress } : {}),
    ...(paste === undefined ? {} : { paste }),
  };
}

/** One line of `explain --samples`: programs that are no agents are named by what they are. */
export function sampleState(
  { state, kind }: Pick<Sensed, "state" | "kind">,
  isAgent: boolean,
): { state: string; kind: string | null } {
  const what = state === "working" && !isAgent ? "running" : state === "idle" && kind !== undefined ? kind : state;
  return { state: what, kind: kind ?? null };
}
