import { isWrittenOnly, plainLines } from "./plainText";

export interface RenderOptions {
  /** The session's size while the command ran. */
  readonly cols: number;
  readonly rows: number;
  /** Default 200. */
  readonly maxLines?: number;
  /** Of UTF-8; default 32768. */
  readonly maxBytes?: number;
  /** The beginning of the bytes is missing already. */
  readonly truncatedHead?: boolean;
}

export interface RenderedOutput {
  readonly text: string;
  /** The beginning was left out. */
  readonly truncated: boolean;
}

/** Characters that are worked through without giving others their turn: a few milliseconds. */
const pieceLength = 16 * 1024;

/** Rows that the emulator keeps above its screen: enough for 200 lines that are wrapped a lot. */
const scrollback = 5000;

/**
 * The text that a command's bytes leave on a terminal, from a fresh line on: logical lines (wrapped rows joined), no
 * colors, no blanks at the ends of lines, no empty lines at the end, nothing of the alternate screen. The last
 * `maxLines` lines within `maxBytes`; only a last line that is too long by itself is cut inside. Plain text goes
 * without an emulator.
 */
export async function renderOutput(bytes: Uint8Array, options: RenderOptions): Promise<RenderedOutput> {
  const head = options.truncatedHead === true ? bytes.indexOf(0x0a) + 1 : 0;
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(head));
  const [maxLines, maxBytes] = [options.maxLines ?? 200, options.maxBytes ?? 32768];
  const cut =
    plainEnd(text, options.cols, maxLines, maxBytes) ?? (await emulatedEnd(text, options, maxLines, maxBytes));
  return { text: cut.text, truncated: cut.truncated || options.truncatedHead === true };
}

/**
 * Of long output only as much of the end is laid out as is kept. Undefined when it needs an emulator, which gives
 * others their turn.
 */
function plainEnd(text: string, cols: number, maxLines: number, maxBytes: number): RenderedOutput | undefined {
  const long = text.length > 4 * pieceLength;
  if (long && !isWrittenOnly(text)) return undefined;
  for (let length = long ? 4 * pieceLength : text.length; ; length *= 4) {
    const start = length >= text.length ? 0 : text.lastIndexOf("\r\n", text.length - length) + 2;
    const whole = start < 2;
    const lines = plainLines(whole ? text : text.slice(start), cols);
    if (!lines) return undefined;
    const cut = lastLines(lines, maxLines, maxBytes);
    if (whole || cut.truncated) return cut;
  }
}

async function emulatedEnd(
  text: string,
  size: RenderOptions,
  maxLines: number,
  maxBytes: number,
): Promise<RenderedOutput> {
  const { lines, lost } = await emulatedLines(text, size);
  const cut = lastLines(lines, maxLines, maxBytes);
  return { text: cut.text, truncated: cut.truncated || lost };
}

/** The same lines by way of a terminal emulator, for any bytes. `lost`: more scrolled away than is kept. */
export async function emulatedLines(
  text: string,
  size: { readonly cols: number; readonly rows: number },
): Promise<{ lines: string[]; lost: boolean }> {
  // Loaded when it is needed: most output is plain.
  const { Terminal } = await import("./terminalEmulator");
  const terminal = new Terminal({ cols: size.cols, rows: size.rows, scrollback, allowProposedApi: true });
  try {
    // Between two pieces it gives others their turn.
    for (let at = 0; at < text.length; at += pieceLength) terminal.write(text.slice(at, at + pieceLength));
    await new Promise<void>((resolve) => terminal.write("", resolve));
    const buffer = terminal.buffer.normal;
    const lines: string[] = [];
    for (let row = 0; row < buffer.length; row++) {
      const line = buffer.getLine(row);
      if (!line) continue;
      const continued = buffer.getLine(row + 1)?.isWrapped === true;
      // A wide character that did not fit leaves the last cell of its row empty.
      const gap =
        continued && line.getCell(size.cols - 1)?.getCode() === 0 && line.getCell(size.cols - 1)?.getWidth() === 1;
      const content = line.translateToString(false, 0, gap ? size.cols - 1 : size.cols);
      lines.push(line.isWrapped ? (lines.pop() ?? "") + content : content);
    }
    return { lines, lost: buffer.length >= size.rows + scrollback };
  } finally {
    terminal.dispose();
  }
}

function lastLines(all: readonly string[], maxLines: number, maxBytes: number): RenderedOutput {
  // From the end, because there may be many thousands of which few are kept.
  const line = (index: number): string => (all[index] ?? "").replace(/ +$/, "");
  let end = all.length;
  while (end > 0 && line(end - 1) === "") end--;
  const encoder = new TextEncoder();
  const kept: string[] = [];
  let size = -1;
  while (kept.length < end && kept.length < maxLines) {
    const next = line(end - kept.length - 1);
    size += encoder.encode(next).length + 1;
    if (size > maxBytes) break;
    kept.push(next);
  }
  if (kept.length === 0 && end > 0 && maxLines > 0) return { text: tail(line(end - 1), maxBytes), truncated: true };
  return { text: kept.reverse().join("\n"), truncated: kept.length < end };
}

/** The end of a text within `maxBytes` of UTF-8, cut between code points. */
function tail(text: string, maxBytes: number): string {
  const bytes = new TextEncoder().encode(text);
  let from = Math.max(0, bytes.length - maxBytes);
  while (from < bytes.length && ((bytes[from] ?? 0) & 0xc0) === 0x80) from++;
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(from));
}
