import { matchedLines, type ScreenPattern } from "../model/screenPattern";
import type { CommandOutput } from "./commandOutput";

/** Rows that are kept above the screen: more than a piece can print. */
const scrollback = 5000;
/** Bytes that are drawn and searched at once: a few milliseconds. */
const pieceLength = 4096;

/** Looks for a pattern in what a command prints, as it stands on a screen of its own: nothing else is there. */
export class OutputSearch {
  #drawn: Promise<DrawnOutput> | undefined;
  /** Bytes of the output that were searched. */
  #read = 0;

  constructor(
    private readonly pattern: ScreenPattern,
    private readonly size: { readonly rows: number; readonly cols: number },
    /** Awaited again and again where a search takes long. */
    private readonly rest: () => Promise<void>,
  ) {}

  /** Whether what came since the last call shows it. One call at a time. */
  async isIn(output: CommandOutput): Promise<boolean> {
    return (await this.lineIn(output)) !== undefined;
  }

  /** The same, and the line in which it ends. */
  async lineIn(output: CommandOutput): Promise<string | undefined> {
    if (output.total === this.#read) return undefined;
    this.#drawn ??= drawnOutput(this.size);
    const drawn = await this.#drawn;
    const bytes = output.since(this.#read);
    this.#read = output.total;
    for (let at = 0; at < bytes.length; at += pieceLength) {
      const lines = await drawn.write(bytes.subarray(at, at + pieceLength));
      const end = await this.pattern.endIn(lines, this.rest);
      if (end !== undefined) return lines[end];
    }
    return undefined;
  }

  dispose(): void {
    this.#drawn?.then((drawn) => drawn.dispose()).catch(() => undefined);
    this.#drawn = undefined;
  }
}

interface DrawnOutput {
  /** Gives the lines that may be others now, and as many before them as a match may span. */
  write(bytes: Uint8Array): Promise<string[]>;
  dispose(): void;
}

async function drawnOutput(size: { readonly rows: number; readonly cols: number }): Promise<DrawnOutput> {
  // Loaded when it is needed: few commands are searched.
  const { Terminal } = await import("./terminalEmulator");
  const terminal = new Terminal({ ...size, scrollback, allowProposedApi: true });
  return {
    async write(bytes) {
      const before = terminal.buffer.active.length;
      await new Promise<void>((resolve) => terminal.write(bytes, resolve));
      const buffer = terminal.buffer.active;
      // What a full history has lost at its beginning is as much as was printed at most.
      const printed = before < size.rows + scrollback ? buffer.length - before : bytes.length;
      const from = Math.max(0, buffer.length - size.rows - Math.max(0, printed) - matchedLines);
      const lines: string[] = [];
      for (let row = from; row < buffer.length; row++) {
        const line = buffer.getLine(row);
        const text = line?.translateToString(true) ?? "";
        if (line?.isWrapped === true && lines.length > 0) lines.push((lines.pop() ?? "") + text);
        else lines.push(text);
      }
      while (lines.at(-1) === "") lines.pop();
      return lines;
    },
    dispose: () => terminal.dispose(),
  };
}
