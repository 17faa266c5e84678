import type { RecentOutput, SessionServer, Span, TerminalMode } from "../ports/sessions";
import type { SampleFacts } from "../model/sampleFacts";
import { redactedCommand, redactedPieces, redactedStream } from "../safety/streamRedaction";
import type { TerminalFacts } from "../sense/terminalFacts";
import { plainRow, styledRow } from "./styledText";
import { type BesideScreen, terminalFacts } from "./sensedTerminal";

/** A terminal at one moment, with all that is known of it. */
export interface TerminalFrame {
  readonly facts: TerminalFacts;
  readonly rows: readonly (string | readonly Span[])[];
  readonly mode: TerminalMode | undefined;
  /** What it got last, as text; absent where its server keeps nothing of that. */
  readonly stream?: RecentOutput;
}

/** The texts of a frame, without secrets. */
export interface FrameTexts {
  readonly screen: string;
  readonly styled: string;
  readonly facts: SampleFacts;
  readonly stream?: string;
}

type FrameServer = Pick<SessionServer, "screen" | "terminalMode" | "recentOutput">;

/** Asks a session's server for all that it tells. `runs`: what else is known to run there. Throws what the server throws. */
export async function takeFrame(
  server: FrameServer,
  wire: string,
  runs: Pick<BesideScreen, "started" | "running">,
): Promise<TerminalFrame> {
  const [screen, mode, stream] = await Promise.all([
    server.screen(wire, "styled"),
    server.terminalMode(wire),
    server.recentOutput(wire),
  ]);
  return { facts: terminalFacts(screen, { ...runs, mode }), rows: screen.lines, mode, ...(stream ? { stream } : {}) };
}

/** How programs say the progress (OSC 9;4) that stands. */
const progressCommands = { busy: "9;4;3;0", error: "9;4;2;0", paused: "9;4;4;0", none: "9;4;0;0" } as const;

/** The frame as a sample holds it. */
export function frameTexts({ facts, rows, mode, stream }: TerminalFrame, redact: (text: string) => string): FrameTexts {
  const { lines, cursor } = facts;
  const clean = redactedPieces(
    lines.flatMap((line) => [line, "\n"]),
    redact,
  ).filter((_, index) => index % 2 === 0);
  const written = [...(mode?.statuses ?? []).map((report) => `7501;${report}`)];
  if (facts.progress !== undefined) written.push(progressCommands[facts.progress]);
  return {
    screen: `${clean.join("\n")}\n`,
    styled: `${styledRows(rows, redact).join("\n")}\n`,
    facts: {
      tool: facts.started ?? "non-agent",
      cols: facts.cols,
      rows: rows.length,
      cursor: { x: cursorColumn(facts, clean), y: cursor.row, visible: cursor.visible },
      ...(facts.title === undefined ? {} : { title: redact(facts.title) }),
      alternate: facts.alternate,
      ...(facts.mouse === undefined ? {} : { mouse: facts.mouse }),
      ...(facts.paste === undefined ? {} : { bracketed_paste: facts.paste }),
      ...(facts.foreground === undefined ? {} : { foreground_command: facts.foreground }),
      ...(written.length === 0
        ? {}
        : { signals_since_prev_sample: { osc_samples: written.map((each) => redactedCommand(each, redact)) } }),
      frame: {
        ...(facts.echo === undefined ? {} : { echo: facts.echo }),
        ...(facts.canonical === undefined ? {} : { canonical: facts.canonical }),
        ...(facts.running === undefined ? {} : { running: facts.running }),
        ...(stream?.cut === true ? { stream_cut: true } : {}),
      },
    },
    ...(stream ? { stream: redactedStream(stream.text, redact, stream.cut) } : {}),
  };
}

/** A mask is longer or shorter than its secret, and rules look at what stands before the cursor. */
function cursorColumn({ lines, cursor, cols }: TerminalFacts, clean: readonly string[]): number {
  const [line = "", shown = ""] = [lines[cursor.row], clean[cursor.row]];
  if (line === shown) return cursor.col;
  return Math.min(cols, Math.max(0, cursor.col + shown.length - line.length));
}

function styledRows(rows: TerminalFrame["rows"], redact: (text: string) => string): string[] {
  const pieces = rows.map((row) => (typeof row === "string" ? [row] : row.map(({ text }) => text)));
  const clean = redactedPieces(
    pieces.flatMap((row) => [...row, "\n"]),
    redact,
  );
  let at = 0;
  return rows.map((row) => {
    const texts = clean.slice(at, (at += typeof row === "string" ? 1 : row.length));
    at++;
    return typeof row === "string"
      ? plainRow(texts[0] ?? "")
      : styledRow(row.map((span, index) => ({ ...span, text: texts[index] ?? "" })));
  });
}
